//! Group commit for SQLite, which allows one writer at a time: all transactions that arrive during a commit share the next
//! one, each in its own savepoint. Writes to many boards then cost one disk sync.

use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::{Connection as _, SqliteConnection};
use tokio::sync::oneshot;

use super::commit_outcome::CommitOutcome;
use super::error::Error;
use super::pool::Pool;
use super::sqlite;
use super::statement_batch::{Deferred, StatementBatch};

/// The maximum number of transactions in one commit.
const MAX_GROUP: usize = 256;

/// The transactions waiting for the writer connection.
#[derive(Default)]
pub(super) struct GroupCommit(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    last_id: u64,
    transactions: Vec<QueuedTransaction>,
}

/// A transaction, and where to report its outcome.
struct QueuedTransaction {
    id: u64,
    guard: Box<dyn Deferred>,
    batch: StatementBatch,
    reply: oneshot::Sender<Result<CommitOutcome, Error>>,
}

impl GroupCommit {
    /// Runs a transaction, together with others if any are waiting.
    pub(super) async fn transact(
        &self,
        writer: &Pool<sqlite::Connection>,
        guard: Box<dyn Deferred>,
        batch: StatementBatch,
    ) -> Result<CommitOutcome, Error> {
        let (reply, mut outcome) = oneshot::channel();
        let id = self.queue().add(guard, batch, reply);
        let mut pooled = tokio::select! {
            biased;
            // Another task held the connection and ran this transaction too.
            outcome = &mut outcome => return outcome.unwrap_or(Err(Error::TransactionFailed)),
            pooled = writer.acquire() => match pooled {
                Ok(pooled) => pooled,
                Err(error) => {
                    let was_queued = self.queue().cancel(id);
                    return match was_queued {
                        true => Err(error),
                        false => outcome.await.unwrap_or(Err(Error::TransactionFailed)),
                    };
                }
            },
        };
        let group = self.queue().next_group();
        if !group.is_empty() {
            let _timer = pooled.metrics().write.start_timer();
            let tracked = pooled.tracked();
            tracked.dirty = true;
            let reusable = tracked
                .connection
                .spawn_blocking(|c| Ok(run_group(c, group)));
            tracked.dirty = !reusable.await?;
        }
        drop(pooled);
        outcome.await.unwrap_or(Err(Error::TransactionFailed))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn add(
        &mut self,
        guard: Box<dyn Deferred>,
        batch: StatementBatch,
        reply: oneshot::Sender<Result<CommitOutcome, Error>>,
    ) -> u64 {
        self.last_id += 1;
        let id = self.last_id;
        self.transactions.push(QueuedTransaction {
            id,
            guard,
            batch,
            reply,
        });
        id
    }

    /// Removes a transaction; returns whether it was still queued.
    fn cancel(&mut self, id: u64) -> bool {
        let before = self.transactions.len();
        self.transactions.retain(|queued| queued.id != id);
        self.transactions.len() != before
    }

    /// Removes and returns the oldest transactions, up to the limit of a group.
    fn next_group(&mut self) -> Vec<QueuedTransaction> {
        let size = self.transactions.len().min(MAX_GROUP);
        self.transactions.drain(..size).collect()
    }
}

/// Runs a group in one database transaction and reports each outcome. Returns whether the connection can be reused.
fn run_group(connection: &mut SqliteConnection, group: Vec<QueuedTransaction>) -> bool {
    let mut outcomes = Vec::with_capacity(group.len());
    let mut replies = Vec::with_capacity(group.len());
    let mut parts = Vec::with_capacity(group.len());
    for QueuedTransaction {
        guard,
        batch,
        reply,
        ..
    } in group
    {
        replies.push(reply);
        parts.push((guard, batch));
    }
    let begin = AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE");
    let executed = begin.map_err(Error::from).and_then(|()| {
        let is_only = parts.len() == 1;
        for (guard, batch) in parts {
            outcomes.push(run_one(connection, guard, batch, is_only)?);
        }
        Ok(())
    });
    let (reusable, committed) = match &executed {
        Ok(()) => {
            let committed = AnsiTransactionManager::commit_transaction(connection);
            let reusable = committed.is_ok() || roll_back(connection);
            (reusable, committed.map_err(Error::from))
        }
        Err(_) => (roll_back(connection), Ok(())),
    };
    let mut outcomes = outcomes.into_iter();
    for reply in replies {
        let outcome = match (&executed, &committed, outcomes.next()) {
            (Err(error), ..) => Err(error.duplicate()),
            (_, Err(error), Some(Ok(CommitOutcome::Committed))) => {
                Ok(CommitOutcome::Unknown(error.duplicate()))
            }
            (.., Some(own)) => own,
            (.., None) => Err(Error::TransactionFailed),
        };
        // The caller may have been cancelled; the transaction remains committed.
        let _ = reply.send(outcome);
    }
    reusable
}

/// Runs one transaction of the group in its own savepoint, or without one if it is the only one. A constraint violation (inner
/// error) fails only this one; any other error (outer) fails the group, because the database may have ended it.
fn run_one(
    connection: &mut SqliteConnection,
    guard: Box<dyn Deferred>,
    batch: StatementBatch,
    is_only: bool,
) -> Result<Result<CommitOutcome, Error>, Error> {
    let statements = |connection: &mut SqliteConnection| {
        let guard_holds = guard.on_sqlite(connection)? > 0;
        if guard_holds {
            batch.on_sqlite(connection)?;
        }
        Ok(guard_holds)
    };
    let result = match is_only {
        true => statements(connection),
        false => connection.transaction(statements),
    };
    match result {
        Ok(true) => Ok(Ok(CommitOutcome::Committed)),
        Ok(false) => Ok(Ok(CommitOutcome::GuardFailed)),
        Err(DieselError::DatabaseError(kind, info))
            if !is_only && is_constraint_violation(&kind) =>
        {
            Ok(Err(DieselError::DatabaseError(kind, info).into()))
        }
        Err(error) => Err(error.into()),
    }
}

fn is_constraint_violation(kind: &DatabaseErrorKind) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation,
    };
    matches!(
        kind,
        UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation
    )
}

/// Returns whether the rollback succeeded, so that the connection can be reused.
fn roll_back(connection: &mut SqliteConnection) -> bool {
    AnsiTransactionManager::rollback_transaction(connection).is_ok()
}
