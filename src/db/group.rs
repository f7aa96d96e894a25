//! SQLite has one writer, so transactions that are known beforehand share a commit: all that waits while one is written
//! goes into the next, each with a savepoint of its own. Many boards then cost one wait for the disk.

use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::{Connection as _, SqliteConnection};
use tokio::sync::oneshot;

use super::batch::{Batch, Deferred};
use super::pool::Pool;
use super::{Error, Kept, sqlite};

/// How many transactions share a commit at most.
const TOGETHER: usize = 256;

/// The transactions that wait for the writer.
#[derive(Default)]
pub(super) struct Group(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    last: u64,
    jobs: Vec<Job>,
}

/// One transaction, and who wants to know what became of it.
struct Job {
    id: u64,
    guard: Box<dyn Deferred>,
    batch: Batch,
    tell: oneshot::Sender<Result<Kept, Error>>,
}

impl Group {
    /// Runs a transaction, with others or alone.
    pub(super) async fn transact(
        &self,
        writer: &Pool<sqlite::Connection>,
        guard: Box<dyn Deferred>,
        batch: Batch,
    ) -> Result<Kept, Error> {
        let (tell, mut told) = oneshot::channel();
        let id = self.waiting().add(guard, batch, tell);
        let mut taken = tokio::select! {
            biased;
            // Whoever had the writer before took this along.
            answer = &mut told => return answer.unwrap_or(Err(Error::Failed)),
            taken = writer.take() => match taken {
                Ok(taken) => taken,
                Err(error) => {
                    let still_waits = self.waiting().give_up(id);
                    return match still_waits {
                        true => Err(error),
                        false => told.await.unwrap_or(Err(Error::Failed)),
                    };
                }
            },
        };
        let jobs = self.waiting().take();
        if !jobs.is_empty() {
            let _held = taken.figures().write.start_timer();
            let link = taken.link();
            link.unsettled = true;
            let ran = link.connection.spawn_blocking(|c| Ok(run(c, jobs)));
            link.unsettled = !ran.await?;
        }
        drop(taken);
        told.await.unwrap_or(Err(Error::Failed))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(
        &mut self,
        guard: Box<dyn Deferred>,
        batch: Batch,
        tell: oneshot::Sender<Result<Kept, Error>>,
    ) -> u64 {
        self.last += 1;
        let id = self.last;
        self.jobs.push(Job {
            id,
            guard,
            batch,
            tell,
        });
        id
    }

    /// Whether it still waited; then it does not any more.
    fn give_up(&mut self, id: u64) -> bool {
        let before = self.jobs.len();
        self.jobs.retain(|job| job.id != id);
        self.jobs.len() != before
    }

    /// Those who came first.
    fn take(&mut self) -> Vec<Job> {
        let together = self.jobs.len().min(TOGETHER);
        self.jobs.drain(..together).collect()
    }
}

/// Runs the jobs in one transaction and tells what became of each. False if the connection is not to be used again.
fn run(connection: &mut SqliteConnection, jobs: Vec<Job>) -> bool {
    let mut ran = Vec::with_capacity(jobs.len());
    let mut tellers = Vec::with_capacity(jobs.len());
    let mut parts = Vec::with_capacity(jobs.len());
    for Job {
        guard, batch, tell, ..
    } in jobs
    {
        tellers.push(tell);
        parts.push((guard, batch));
    }
    let begun = AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE");
    let together = begun.map_err(Error::from).and_then(|()| {
        let alone = parts.len() == 1;
        for (guard, batch) in parts {
            ran.push(one(connection, guard, batch, alone)?);
        }
        Ok(())
    });
    let (settled, committed) = match &together {
        Ok(()) => {
            let committed = AnsiTransactionManager::commit_transaction(connection);
            let settled = committed.is_ok() || roll_back(connection);
            (settled, committed.map_err(Error::from))
        }
        Err(_) => (roll_back(connection), Ok(())),
    };
    let mut ran = ran.into_iter();
    for teller in tellers {
        let answer = match (&together, &committed, ran.next()) {
            (Err(error), ..) => Err(error.again()),
            (_, Err(error), Some(Ok(Kept::Yes))) => Ok(Kept::Unanswered(error.again())),
            (.., Some(own)) => own,
            (.., None) => Err(Error::Failed),
        };
        // Whoever asked may be gone; what was done stays done.
        let _ = teller.send(answer);
    }
    settled
}

/// One job with a savepoint of its own, unless it is `alone` in the transaction. What is wrong with its rows concerns it alone;
/// any other error is of the database, which may have ended the whole transaction by itself.
fn one(
    connection: &mut SqliteConnection,
    guard: Box<dyn Deferred>,
    batch: Batch,
    alone: bool,
) -> Result<Result<Kept, Error>, Error> {
    let job = |connection: &mut SqliteConnection| {
        let held = guard.on_sqlite(connection)? > 0;
        if held {
            batch.on_sqlite(connection)?;
        }
        Ok(held)
    };
    let ran = match alone {
        true => job(connection),
        false => connection.transaction(job),
    };
    match ran {
        Ok(true) => Ok(Ok(Kept::Yes)),
        Ok(false) => Ok(Ok(Kept::No)),
        Err(DieselError::DatabaseError(kind, about)) if !alone && is_of_rows(&kind) => {
            Ok(Err(DieselError::DatabaseError(kind, about).into()))
        }
        Err(error) => Err(error.into()),
    }
}

fn is_of_rows(kind: &DatabaseErrorKind) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation,
    };
    matches!(
        kind,
        UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation
    )
}

/// Whether the connection is free for the next transaction.
fn roll_back(connection: &mut SqliteConnection) -> bool {
    AnsiTransactionManager::rollback_transaction(connection).is_ok()
}
