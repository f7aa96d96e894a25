//! Decides batches and commits them, although other processes write to the same board. Does not reply to anyone.

use std::{collections::HashSet, sync::Arc};

use tokio::time::{Duration, timeout};

use super::{
    batch::Batch, clock::now, command::Envelope, peers::bus::PeerBus, publisher::Publisher,
    snapshot::Snapshot,
};
use crate::{
    db::{self, Database},
    model::{Event, Limits, RequestKey, Timestamp},
    store::{self, BoardLock, CommitError, StoredEvent},
};

/// How long callers wait for the check whether an unconfirmed commit reached the database.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(1);

/// How many bytes of events of other processes are applied one by one. If there are more, the board is loaded again, which takes
/// less memory.
const MAX_MISSED_BYTES: usize = 4 * 1_024 * 1_024;

/// Why a board has to be loaded from its tables.
enum ReloadReason {
    /// The log does not continue the board in memory: the database was restored or edited by hand, or has lost events.
    Discontinued,
    /// Other processes have changed too much to apply it event by event.
    TooManyMissed,
}

pub(super) struct Committer {
    pub(super) database: Database,
    pub(super) publisher: Arc<Publisher>,
    pub(super) limits: Limits,
    pub(super) peers: Arc<PeerBus>,
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
        let mut attempt = self.commit_optimistically(commands).await;
        // The second time if the board had to be reloaded.
        for _ in 0..2 {
            if matches!(attempt.committed, Err(CommitError::Conflict)) {
                attempt = self.commit_locked(commands).await;
            }
        }
        attempt
    }

    /// Decides on the board in memory and commits unless the board has a newer version in the database.
    async fn commit_optimistically(&self, commands: &[Envelope]) -> Attempt {
        let base = self.publisher.current();
        let (batch, committed) = match self.known_requests(commands).await {
            Ok(known) => {
                let batch = Batch::decide(&base.board, commands, &known, &self.limits);
                let committed = self.write(&base, &batch, commands).await;
                (batch, committed)
            }
            Err(error) => (Batch::empty(&base.board), Err(CommitError::Failed(error))),
        };
        Attempt {
            base,
            batch,
            committed,
        }
    }

    /// Which of the requests are known. Those of other processes that are not found yet make the commit conflict.
    async fn known_requests(&self, commands: &[Envelope]) -> Result<HashSet<String>, db::Error> {
        let keys = keys_of(commands);
        if keys.is_empty() {
            return Ok(HashSet::new());
        }
        let board = self.publisher.current().board.id;
        store::known_requests(&self.database, board, &keys, remembered_since()).await
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
        let Some(mut lock) = self.lock().await? else {
            attempt.committed = Err(CommitError::BoardDeleted);
            return Ok(());
        };
        attempt.base = match self.apply_missed(&mut lock).await? {
            Ok(current) => current,
            Err(reason) => {
                lock.release().await?;
                return self.reload(reason).await;
            }
        };
        let keys = keys_of(commands);
        let known = lock.known_requests(&keys, remembered_since()).await?;
        attempt.batch = Batch::decide(&attempt.base.board, commands, &known, &self.limits);
        let batch = &attempt.batch;
        attempt.committed = match batch.events.is_empty() {
            true => lock.release().await.map_err(CommitError::Failed),
            false => {
                lock.commit(&batch.board, &batch.events, &batch.requests)
                    .await
            }
        };
        Ok(())
    }

    async fn lock(&self) -> Result<Option<BoardLock>, db::Error> {
        BoardLock::acquire(&self.database, self.publisher.current().board.id).await
    }

    /// Applies the events of other processes to the locked board, unless it has to be reloaded.
    async fn apply_missed(
        &self,
        lock: &mut BoardLock,
    ) -> Result<Result<Arc<Snapshot>, ReloadReason>, db::Error> {
        let base = self.publisher.current();
        let version = base.board.version();
        let stored = lock.position(version).await?;
        if !stored.is_some_and(|stored| stored.continues(&base.board)) {
            return Ok(Err(ReloadReason::Discontinued));
        }
        let missed = match lock.version > version {
            true => lock.events_since(version, MAX_MISSED_BYTES).await?,
            false => Some(Vec::new()),
        };
        Ok(self.apply(&base, missed, lock.version))
    }

    /// Applies the events that lead from `base` to `version`; none if they were too large to load.
    fn apply(
        &self,
        base: &Arc<Snapshot>,
        missed: Option<Vec<Event>>,
        version: i64,
    ) -> Result<Arc<Snapshot>, ReloadReason> {
        let missed = missed.ok_or(ReloadReason::TooManyMissed)?;
        let known = base.board.version();
        let complete =
            Event::are_gapless_after(known, &missed) && known + missed.len() as i64 == version;
        match complete {
            true => Ok(self.publisher.apply_remote(base, &missed)),
            false => Err(ReloadReason::Discontinued),
        }
    }

    /// Writes a batch. If it has no events, only checks that the board in memory is current, so that the replies are too.
    async fn write(
        &self,
        base: &Snapshot,
        batch: &Batch,
        commands: &[Envelope],
    ) -> Result<(), CommitError> {
        if !batch.events.is_empty() {
            return store::commit(
                &self.database,
                base.board.version(),
                &batch.board,
                &batch.events,
                &batch.requests,
            )
            .await;
        }
        let board = &base.board;
        match store::position(&self.database, board.id, board.version()).await {
            Ok(Some(stored)) if !stored.is_that_of(board) => Err(CommitError::Conflict),
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(CommitError::BoardDeleted),
            Err(error) if keys_of(commands).is_empty() => {
                // The reply comes from memory.
                self.database.outages().reading.failed(&error);
                Ok(())
            }
            // The answer to a request with a key is kept, so it must not come from a board that may be outdated.
            Err(error) => Err(CommitError::Failed(error)),
        }
    }

    /// Whether an unconfirmed commit is in the database after all; none if that remains unknown.
    ///
    /// A transaction holds the lock of its board until it has ended on the server, also if its client is gone. So it can
    /// only still become visible while the lock cannot be acquired.
    pub(super) async fn is_committed(&self, base: &Snapshot, batch: &Batch) -> Option<bool> {
        let Some(first) = batch.events.first() else {
            return Some(false);
        };
        let id = base.board.id;
        let stored = async {
            if let Some(lock) = self.lock().await? {
                lock.release().await?;
            }
            store::event(&self.database, id, first.number, usize::MAX).await
        };
        match timeout(CONFIRM_TIMEOUT, stored).await {
            Ok(Ok(StoredEvent::Loaded(stored))) => Some(*stored == *first),
            Ok(Ok(_)) => Some(false),
            Ok(Err(_)) | Err(_) => None,
        }
    }

    /// Waits until no transaction of this process can still be committed, and publishes what is stored. Returns within
    /// the time limits of the database.
    pub(super) async fn settle(&self) -> Result<(), db::Error> {
        let Some(mut lock) = self.lock().await? else {
            self.publisher.end_deleted();
            return Ok(());
        };
        let current = self.apply_missed(&mut lock).await?;
        lock.release().await?;
        match current {
            Ok(_) => Ok(()),
            Err(reason) => self.reload(reason).await,
        }
    }

    /// Fetches and applies the events of other processes.
    pub(super) async fn refresh(&self) -> Result<(), db::Error> {
        let base = self.publisher.current();
        let (id, version) = (base.board.id, base.board.version());
        let Some(stored) = store::position(&self.database, id, version).await? else {
            self.publisher.end_deleted();
            return Ok(());
        };
        if !stored.continues(&base.board) {
            return self.reload(ReloadReason::Discontinued).await;
        }
        if stored.version == version {
            return Ok(());
        }
        let span = version..=stored.version;
        let missed = store::events_between(&self.database, id, span, MAX_MISSED_BYTES).await?;
        match self.apply(&base, missed, stored.version) {
            Ok(_) => Ok(()),
            Err(reason) => self.reload(reason).await,
        }
    }

    /// Loads the board from its tables; in a new epoch, if the log does not continue the board in memory.
    async fn reload(&self, reason: ReloadReason) -> Result<(), db::Error> {
        let base = self.publisher.current();
        let (id, ended) = (base.board.id, base.board.epoch);
        let renewed = match reason {
            ReloadReason::Discontinued => {
                tracing::warn!(board = %id, "the log does not continue the board in memory: reloading the board");
                store::renew_epoch(&self.database, id, ended).await?;
                true
            }
            ReloadReason::TooManyMissed => {
                tracing::info!(board = %id, "other processes have changed too much to apply it one by one: reloading the board");
                false
            }
        };
        let loaded = store::load(&self.database, &base.board.slug).await?;
        // An empty board may have taken the address of a deleted one.
        let Some(board) = loaded.filter(|board| board.id == id) else {
            self.publisher.end_deleted();
            return Ok(());
        };
        self.publisher.replace(board);
        if renewed {
            self.peers.publish_epoch(id);
        }
        // A notification that arrived meanwhile was compared with the old board, whose version may have been the same.
        let current = self.publisher.current();
        let version = current.board.version();
        let missed = store::events_after(&self.database, id, version, MAX_MISSED_BYTES).await?;
        if let Some(missed) = missed
            && !missed.is_empty()
            && Event::are_gapless_after(version, &missed)
        {
            self.publisher.apply_remote(&current, &missed);
        }
        Ok(())
    }
}

/// The keys of the requests that must take effect only once.
fn keys_of(commands: &[Envelope]) -> Vec<Arc<str>> {
    let requests = commands
        .iter()
        .filter_map(|envelope| envelope.request.as_ref());
    requests.map(|request| request.key().clone()).collect()
}

fn remembered_since() -> Timestamp {
    RequestKey::remembered_since(now())
}
