//! `savt boards`: what the operator does with boards while servers use the database.

use std::time::{Duration, Instant};

use diesel::sql_query;
use savt::db::Database;

use crate::harness::process::{CommandOutput, run};

mod close;
mod cron;
mod delete;
mod expire;
mod forget;
mod list;
mod notifications;
mod streams;
mod unused_space;

/// Runs `savt boards` with these arguments on a database.
fn boards(url: &str, arguments: &[&str]) -> CommandOutput {
    run(&[&["boards"], arguments, &["--database-url", url]].concat())
}

/// Asserts that the logs of all boards match their tables.
#[track_caller]
fn assert_sound(url: &str) {
    run(&["check", "--database-url", url]).expect_success();
}

/// The last part of a board's address.
fn slug_of(base: &str) -> &str {
    base.rsplit('/').next().unwrap()
}

/// Waits until a condition holds: processes notice changes of others within a second, or half a minute if nobody looks.
pub async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs an SQL statement; returns how many rows it changed.
async fn execute(database: &Database, sql: &str) -> usize {
    let mut transaction = database.write().await.unwrap();
    let changed = transaction.execute(sql_query(sql)).await.unwrap();
    transaction.commit().await.unwrap();
    changed
}
