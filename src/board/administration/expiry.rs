//! Deletes boards on which nothing changes any more.

use std::sync::Weak;

use chrono::TimeDelta;
use tokio::time::{Duration, sleep};

use super::{
    super::{clock::now, registry::Registry},
    delete::delete,
};
use crate::{
    db::{self, Database},
    model::{BoardId, Slug, Timestamp},
    store::{self, DeletionReason},
};

const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How many boards one query returns.
const BOARDS_PER_QUERY: i64 = 500;

/// Boards that were changed before this time have been idle for long enough.
pub fn idle_since(idle: TimeDelta) -> Timestamp {
    now().checked_sub_signed(idle).unwrap_or(Timestamp::MIN)
}

/// Runs now and then until all boards are dropped.
pub(in crate::board) async fn run(registry: Weak<Registry>, idle: TimeDelta) {
    loop {
        let Some(database) = registry.upgrade().map(|boards| boards.database.clone()) else {
            return;
        };
        match expire(&database, idle_since(idle)).await {
            Ok(0) => {}
            Ok(boards) => {
                tracing::info!(boards, "deleted boards on which nothing changes any more")
            }
            Err(error) => tracing::warn!(%error, "cannot delete idle boards"),
        }
        drop(database);
        sleep(INTERVAL).await;
    }
}

/// Deletes the boards that have not been changed since; returns how many.
async fn expire(database: &Database, since: Timestamp) -> Result<usize, db::Error> {
    let (mut deleted, mut after) = (0, BoardId(i64::MIN));
    loop {
        let idle = store::idle_boards(database, since, after, BOARDS_PER_QUERY).await?;
        let Some(last) = idle.last() else {
            return Ok(deleted);
        };
        after = last.id;
        for slug in idle.iter().filter_map(|board| Slug::parse(&board.slug)) {
            let reason = DeletionReason::IdleSince(since);
            deleted += usize::from(delete(database, &slug, reason).await?.is_some());
        }
    }
}
