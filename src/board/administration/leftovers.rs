//! Finishes deletions that a process did not finish, and forgets the addresses of boards that were deleted long ago.

use std::sync::Weak;

use tokio::time::{Duration, sleep};

use super::super::{clock::now, registry::Registry};
use crate::{
    db::{self, Database},
    store,
};

const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Runs now and then until all boards are dropped. Several processes may do it at the same time.
pub(in crate::board) async fn run(registry: Weak<Registry>) {
    loop {
        let Some(database) = registry.upgrade().map(|boards| boards.database.clone()) else {
            return;
        };
        if let Err(error) = clean_up(&database).await {
            tracing::debug!(%error, "cannot remove what is left of deleted boards");
        }
        drop(database);
        sleep(INTERVAL).await;
    }
}

async fn clean_up(database: &Database) -> Result<(), db::Error> {
    for board in store::boards_to_clear(database).await? {
        store::remove_rows(database, board).await?;
    }
    while !store::forget_deleted(database, now()).await? {}
    Ok(())
}
