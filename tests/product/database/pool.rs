//! The connection pool is bounded and fair.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use savt::db::Database;

use crate::harness::databases::{Fresh, db_test};

db_test!(an_exhausted_pool_fails_after_the_configured_wait);
async fn an_exhausted_pool_fails_after_the_configured_wait(fresh: Fresh) {
    let mut settings = fresh.settings();
    settings.connections = 3;
    settings.wait = Duration::from_millis(300);
    let database = Database::open(&settings).await.unwrap();
    let mut held = Vec::new();
    let (error, elapsed) = loop {
        let started = Instant::now();
        match database.read().await {
            Ok(conn) => held.push(conn),
            Err(e) => break (e, started.elapsed()),
        }
    };
    assert!(error.is_unavailable(), "{error}");
    assert!(
        elapsed >= settings.wait && elapsed < 20 * settings.wait,
        "{elapsed:?}"
    );
    assert_eq!(database.pool_state().max, 3);
    assert_eq!(database.pool_state().in_use as usize, held.len());
    assert!(database.ping().await.unwrap_err().is_unavailable());

    held.clear();
    database.ping().await.unwrap();
    assert_eq!(database.pool_state().in_use, 0);
}

db_test!(no_task_starves);
async fn no_task_starves(fresh: Fresh) {
    const TASKS: u32 = 40;
    const TURNS: u32 = 10 * TASKS;
    let mut settings = fresh.settings();
    settings.connections = 5;
    settings.wait = Duration::from_secs(20);
    let database = Database::open(&settings).await.unwrap();
    let served = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (database, served) = (database.clone(), Arc::clone(&served));
            tokio::spawn(async move {
                let mut overtaken = 0;
                while served.load(Relaxed) < TURNS {
                    let before = served.load(Relaxed);
                    let transaction = database.write().await.unwrap();
                    overtaken = overtaken.max(served.fetch_add(1, Relaxed) - before);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    transaction.rollback().await.unwrap();
                }
                overtaken
            })
        })
        .collect();
    let mut worst = 0;
    for task in tasks {
        worst = worst.max(task.await.unwrap());
    }
    // Counted in turns rather than time, so that a slow machine does not matter. In a fair queue each other task is
    // served once before; the margin is for a task that was suspended before it queued.
    assert!(worst < 4 * TASKS, "a task was overtaken {worst} times");
}
