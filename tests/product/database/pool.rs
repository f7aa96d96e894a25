//! The pool: bounded, and fair.

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
        refused.1 >= settings.wait && refused.1 < 3 * settings.wait,
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
    let mut settings = fresh.settings();
    settings.connections = 5;
    settings.wait = Duration::from_secs(20);
    let database = Database::open(&settings).await.unwrap();
    let until = Instant::now() + Duration::from_secs(2);
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move {
                let (mut turns, mut longest) = (0_u32, Duration::ZERO);
                while Instant::now() < until {
                    let asked = Instant::now();
                    let transaction = database.write().await.unwrap();
                    longest = longest.max(asked.elapsed());
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    transaction.rollback().await.unwrap();
                    turns += 1;
                }
                (turns, longest)
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap());
    }
    let (turns, longest): (Vec<u32>, Vec<Duration>) = all.into_iter().unzip();
    let fair = turns.iter().sum::<u32>() / TASKS;
    assert!(
        turns.iter().all(|t| *t * 2 >= fair && *t <= fair * 2 + 2),
        "{turns:?}"
    );
    // In a fair queue a turn comes after 39 others: that is about one round, never several.
    let round = Duration::from_secs(2) / fair.max(1);
    let worst = longest.into_iter().max().unwrap();
    assert!(
        worst < 4 * round + Duration::from_millis(100),
        "{worst:?} where a round takes {round:?}"
    );
}
