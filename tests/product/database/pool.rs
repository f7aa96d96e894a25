//! The pool: bounded, and fair.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use savt::db::Database;

use crate::harness::databases::{Fresh, on_both};

on_both!(an_exhausted_pool_says_so_within_the_wait);
async fn an_exhausted_pool_says_so_within_the_wait(fresh: Fresh) {
    let mut settings = fresh.settings();
    settings.connections = 3;
    settings.wait = Duration::from_millis(300);
    let database = Database::open(&settings).await.unwrap();
    let mut held = Vec::new();
    let refused = loop {
        let asked = Instant::now();
        match database.read().await {
            Ok(conn) => held.push(conn),
            Err(e) => break (e, asked.elapsed()),
        }
    };
    assert!(refused.0.is_unavailable(), "{}", refused.0);
    assert!(
        refused.1 >= settings.wait && refused.1 < 20 * settings.wait,
        "{:?}",
        refused.1
    );
    assert_eq!(database.pool_state().at_most, 3);
    assert_eq!(database.pool_state().in_use as usize, held.len());
    assert!(database.ping().await.unwrap_err().is_unavailable());

    held.clear();
    database.ping().await.unwrap();
    assert_eq!(database.pool_state().in_use, 0);
}

on_both!(nobody_starves);
async fn nobody_starves(fresh: Fresh) {
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
                let mut passed_over = 0;
                while served.load(Relaxed) < TURNS {
                    let before = served.load(Relaxed);
                    let transaction = database.write().await.unwrap();
                    passed_over = passed_over.max(served.fetch_add(1, Relaxed) - before);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    transaction.rollback().await.unwrap();
                }
                passed_over
            })
        })
        .collect();
    let mut worst = 0;
    for task in tasks {
        worst = worst.max(task.await.unwrap());
    }
    // Counted in turns, not in time: a busy machine is slow, but no less fair. In a fair queue each of the
    // others comes once before oneself; the rest is room for a task that was stopped before it queued.
    assert!(worst < 4 * TASKS, "someone was passed over {worst} times");
}
