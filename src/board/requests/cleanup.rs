//! Deletes the requests that are forgotten, in short transactions between those of the writers.

use std::sync::Weak;

use tokio::time::{Duration, sleep};

use super::super::{clock::now, registry::Registry};
use crate::{
    db::{self, Database},
    model::RequestKey,
    store,
};

const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The pause after a run that failed or did not delete all.
const SHORT_INTERVAL: Duration = Duration::from_secs(60);

/// How many requests one transaction deletes, and how many transactions one run has at most.
const REQUESTS_PER_TRANSACTION: i64 = 500;
const MAX_TRANSACTIONS: usize = 100;

/// Runs now and then until all boards are dropped.
pub(in crate::board) async fn run(registry: Weak<Registry>) {
    loop {
        let Some(database) = registry.upgrade().map(|boards| boards.database.clone()) else {
            return;
        };
        let deleted_all = delete_old(&database).await;
        drop(database);
        sleep(match deleted_all {
            Ok(true) => INTERVAL,
            Ok(false) => SHORT_INTERVAL,
            Err(error) => {
                tracing::debug!(%error, "cannot delete old requests");
                SHORT_INTERVAL
            }
        })
        .await;
    }
}

/// Returns whether no old requests remain.
async fn delete_old(database: &Database) -> Result<bool, db::Error> {
    let since = RequestKey::remembered_since(now());
    for _ in 0..MAX_TRANSACTIONS {
        let deleted = store::delete_old_requests(database, since, REQUESTS_PER_TRANSACTION).await?;
        if (deleted as i64) < REQUESTS_PER_TRANSACTION {
            return Ok(true);
        }
    }
    Ok(false)
}
