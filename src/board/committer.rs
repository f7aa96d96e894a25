//! Decides batches and commits them, although other processes write to the same board. Does not reply to anyone.

use std::sync::Arc;

use tokio::time::{Duration, timeout};

use super::{batch::Batch, command::Envelope, publisher::Publisher, snapshot::Snapshot};
use crate::{
    db::{self, Database},
    model::Event,
    store::{self, BoardLock, CommitError},
};

/// How long to check whether an unconfirmed commit reached the database.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(1);

pub(super) struct Committer {
    pub(super) database: Database,
    pub(super) publisher: Arc<Publisher>,
}

/// A batch, the snapshot it was decided on, and whether it was committed.
pub(super) struct Attempt {
    pub(super) base: Arc<Snapshot>,
    pub(super) batch: Batch,
    pub(super) committed: Result<(), CommitError>,
}

impl Committer {
    /// Decides and commits a batch. If another process was first, does it again with the board locked, so that a slower
    /// process does not starve.
    pub(super) async fn commit(&self, commands: &[Envelope]) -> Attempt {
        let attempt = self.commit_optimistically(commands).await;
        match attempt.committed {
            Err(CommitError::Conflict) => self.commit_locked(commands).await,
            _ => attempt,
        }
    }

    /// Decides on the board in memory and commits unless the board has a newer version in the database.
    async fn commit_optimistically(&self, commands: &[Envelope]) -> Attempt {
        let base = self.publisher.current();
        let batch = Batch::decide(&base.board, commands);
        let committed = self.write(&base, &batch).await;
        Attempt {
            base,
            batch,
            committed,
        }
    }

    /// Locks the board, applies the events of other processes, then decides and commits.
    async fn commit_locked(&self, commands: &[Envelope]) -> Attempt {
        let base = self.publisher.current();
        let mut attempt = Attempt {
            batch: Batch::empty(&base.board),
            base,
            committed: Err(CommitError::Conflict),
        };
        if let Err(error) = self.fill_locked(commands, &mut attempt).await {
            attempt.committed = Err(CommitError::Failed(error));
        }
        attempt
    }

    async fn fill_locked(
        &self,
        commands: &[Envelope],
        attempt: &mut Attempt,
    ) -> Result<(), db::Error> {
        let id = attempt.base.board.id;
        let Some(mut lock) = BoardLock::acquire(&self.database, id).await? else {
            return Err(db::Error::Unusable(format!("board {id} does not exist")));
        };
        let version = attempt.base.board.version();
        let missed = lock.events_since(version).await?;
        let complete = Event::are_gapless_after(version, &missed)
            && version + missed.len() as i64 == lock.version;
        if !complete {
            lock.release().await?;
            return self.reload().await;
        }
        attempt.base = self.publisher.apply_remote(&attempt.base, &missed);
        attempt.batch = Batch::decide(&attempt.base.board, commands);
        attempt.committed = match attempt.batch.events.is_empty() {
            true => lock.release().await.map_err(CommitError::Failed),
            false => {
                lock.commit(&attempt.batch.board, &attempt.batch.events)
                    .await
            }
        };
        Ok(())
    }

    /// Writes a batch. If it has no events, only checks that the board in memory is current, so that the replies are too.
    async fn write(&self, base: &Snapshot, batch: &Batch) -> Result<(), CommitError> {
        if !batch.events.is_empty() {
            return store::commit(
                &self.database,
                base.board.version(),
                &batch.board,
                &batch.events,
            )
            .await;
        }
        match store::version(&self.database, base.board.id).await {
            Ok(Some(version)) if version != base.board.version() => Err(CommitError::Conflict),
            Ok(_) => Ok(()),
            Err(error) => {
                // The reply comes from memory.
                self.database.outages().reading.failed(&error);
                Ok(())
            }
        }
    }

    /// Whether an unconfirmed commit is in the database after all.
    pub(super) async fn is_committed(&self, base: &Snapshot, batch: &Batch) -> bool {
        let Some(first) = batch.events.first() else {
            return false;
        };
        let query = store::events_after(&self.database, base.board.id, base.board.version());
        matches!(timeout(CONFIRM_TIMEOUT, query).await, Ok(Ok(stored)) if stored.first() == Some(first))
    }

    /// Fetches and applies the events of other processes.
    pub(super) async fn refresh(&self) -> Result<(), db::Error> {
        let base = self.publisher.current();
        let version = base.board.version();
        let missed = store::events_after(&self.database, base.board.id, version).await?;
        if !Event::are_gapless_after(version, &missed) {
            return self.reload().await;
        }
        self.publisher.apply_remote(&base, &missed);
        Ok(())
    }

    /// Loads the board from its tables: the log does not continue the board in memory, because the database was restored
    /// or edited by hand.
    async fn reload(&self) -> Result<(), db::Error> {
        let base = self.publisher.current();
        tracing::warn!(board = %base.board.id, "the log does not continue the board in memory: reloading the board");
        if let Some(board) = store::load(&self.database, &base.board.slug).await? {
            self.publisher.replace(board);
        }
        Ok(())
    }
}
