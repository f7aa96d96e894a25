//! Asking: the same diesel query runs on either database. Knows no table.
//!
//! diesel's types name their backend, so a query is bounded by both ([`Rows`], [`Statement`]) and which
//! one is meant is decided here alone. Whoever asks writes neither macros nor generics.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use diesel::connection::AnsiTransactionManager as Blocking;
use diesel::sqlite::Sqlite;
use diesel::{OptionalExtension, QueryResult, Selectable};
use diesel_async::methods::{ExecuteDsl, LoadQuery};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl, TransactionManager,
};
use tokio::time::timeout;

use super::batch::{Batch, Deferred, Runs};
use super::pool::{Link, Taken};
use super::{Backend, Error, figures::Figures, postgres, sqlite};

/// A query that gives rows of `T` on both databases.
#[diagnostic::on_unimplemented(
    message = "this query does not give `{T}` on both SQLite and PostgreSQL",
    note = "either the columns do not fit, or one of the databases cannot do it"
)]
pub trait Rows<'q, T>:
    LoadQuery<'q, sqlite::Connection, T> + LoadQuery<'q, AsyncPgConnection, T> + Send + 'q
{
}

impl<'q, T, Q> Rows<'q, T> for Q where
    Q: LoadQuery<'q, sqlite::Connection, T> + LoadQuery<'q, AsyncPgConnection, T> + Send + 'q
{
}

/// A query that only counts the rows it touched, on both databases.
#[diagnostic::on_unimplemented(
    message = "this statement does not run on both SQLite and PostgreSQL",
    note = "insert rows one by one: SQLite cannot take several at once here"
)]
pub trait Statement<'q>:
    ExecuteDsl<sqlite::Connection> + ExecuteDsl<AsyncPgConnection> + Send + 'q
{
}

impl<'q, Q> Statement<'q> for Q where
    Q: ExecuteDsl<sqlite::Connection> + ExecuteDsl<AsyncPgConnection> + Send + 'q
{
}

/// The columns of a row that derives `Queryable` and `Selectable`, for `select`. diesel's own `as_select` is
/// bound to one database.
#[must_use]
pub fn columns<T: Selectable<Sqlite>>() -> T::SelectExpression {
    T::construct_selection()
}

/// A connection for oneself, until it is dropped. Each statement stands alone.
///
/// Take one at a time: who waits for a second while holding a first can wait in vain.
pub struct Conn {
    wire: Wire,
    /// Inside a transaction: whether a statement of it failed.
    transaction: Option<Failed>,
}

type Failed = bool;

enum Wire {
    Sqlite(Taken<sqlite::Connection>),
    Postgres(Taken<AsyncPgConnection>),
}

impl From<Taken<sqlite::Connection>> for Conn {
    fn from(taken: Taken<sqlite::Connection>) -> Conn {
        Conn {
            wire: Wire::Sqlite(taken),
            transaction: None,
        }
    }
}

impl From<Taken<AsyncPgConnection>> for Conn {
    fn from(taken: Taken<AsyncPgConnection>) -> Conn {
        Conn {
            wire: Wire::Postgres(taken),
            transaction: None,
        }
    }
}

/// Runs one question on whichever connection it is. The link counts as unsettled from the question to its
/// answer: a future dropped in between closes the connection instead of leaving an answer to the next one.
/// Likewise a transaction counts as failed until the answer is there and good.
macro_rules! ask {
    ($conn:expr, $connection:ident => $question:expr) => {{
        let before = $conn.transaction;
        $conn.transaction = before.map(|_| true);
        let _asked = $conn.figures().query.start_timer();
        let answer = match &mut $conn.wire {
            Wire::Sqlite(taken) => {
                let Link {
                    connection: $connection,
                    unsettled,
                    ..
                } = taken.link();
                *unsettled = true;
                let answer = $question.await;
                *unsettled = before.is_some();
                answer.map_err(Error::from)
            }
            Wire::Postgres(taken) => {
                let Link {
                    connection: $connection,
                    unsettled,
                    ..
                } = taken.link();
                *unsettled = true;
                match timeout(postgres::ANSWER, $question).await {
                    Ok(answer) => {
                        *unsettled = before.is_some();
                        answer.map_err(Error::from)
                    }
                    Err(_) => Err(silence(postgres::ANSWER)),
                }
            }
        };
        if answer.is_ok() {
            $conn.transaction = before;
        }
        answer
    }};
}

/// Nothing came back in this time.
pub(super) fn silence(patience: Duration) -> Error {
    Error::Unavailable(format!("no answer within {patience:?}"))
}

#[expect(
    clippy::manual_async_fn,
    reason = "of an async fn the compiler cannot prove that a spawned task may use it"
)]
impl Conn {
    /// All rows of a query.
    ///
    /// # Errors
    /// Any of [`Error`]'s for a single statement; so with `get` and `execute`.
    pub fn load<'q, T, Q>(&mut self, query: Q) -> impl Future<Output = Result<Vec<T>, Error>> + Send
    where
        T: Send + 'static,
        Q: Rows<'q, T>,
    {
        async move { ask!(self, connection => RunQueryDsl::load(query, connection)) }
    }

    /// The first row of a query, if there is one.
    pub fn get<'q, T, Q>(
        &mut self,
        query: Q,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send
    where
        T: Send + 'static,
        Q: Rows<'q, T>,
    {
        async move {
            ask!(self, connection => async { RunQueryDsl::get_result(query, connection).await.optional() })
        }
    }

    /// Runs a statement; gives the number of rows it touched.
    pub fn execute<'q, Q>(
        &mut self,
        statement: Q,
    ) -> impl Future<Output = Result<usize, Error>> + Send
    where
        Q: Statement<'q>,
    {
        async move { ask!(self, connection => RunQueryDsl::execute(statement, connection)) }
    }

    /// Runs a statement and, if it touches a row, a batch, in one go. If it touches none it gives false, and all that is left
    /// to do in this transaction is to roll it back.
    pub fn run(
        &mut self,
        guard: impl Deferred + 'static,
        batch: Batch,
    ) -> impl Future<Output = Result<bool, Error>> + Send {
        async move { ask!(self, connection => connection.run(Box::new(guard), batch)) }
    }

    /// What SQLite finds wrong with its own file and the references in it. PostgreSQL has no such question.
    ///
    /// # Errors
    /// Those of a query; a file of which too much is lost cannot even be asked.
    pub async fn faults(&mut self) -> Result<Vec<String>, Error> {
        let Wire::Sqlite(taken) = &mut self.wire else {
            return Ok(Vec::new());
        };
        let link = taken.link();
        link.unsettled = true;
        let faults = link.connection.spawn_blocking(sqlite::faults).await;
        link.unsettled = self.transaction.is_some();
        Ok(faults?)
    }

    fn figures(&self) -> &Figures {
        match &self.wire {
            Wire::Sqlite(taken) => taken.figures(),
            Wire::Postgres(taken) => taken.figures(),
        }
    }

    /// Which database this is, for what differs.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.wire {
            Wire::Sqlite(_) => Backend::Sqlite,
            Wire::Postgres(_) => Backend::Postgres,
        }
    }

    /// Begins a transaction, by the word its database has for it.
    pub(super) async fn begin(mut self, sql: &'static str) -> Result<Transaction, Error> {
        self.transaction = Some(false);
        match &mut self.wire {
            Wire::Sqlite(taken) => {
                let link = taken.link();
                link.unsettled = true;
                let begun = link
                    .connection
                    .spawn_blocking(move |c| Blocking::begin_transaction_sql(c, sql));
                begun.await?;
            }
            Wire::Postgres(taken) => {
                let link = taken.link();
                link.unsettled = true;
                let begun =
                    AnsiTransactionManager::begin_transaction_sql(&mut link.connection, sql);
                timeout(postgres::ANSWER, begun)
                    .await
                    .map_err(|_| silence(postgres::ANSWER))??;
            }
        }
        Ok(Transaction(self))
    }

    async fn end(mut self, how: End) -> Result<(), Error> {
        match &mut self.wire {
            Wire::Sqlite(taken) => {
                let link = taken.link();
                end(&mut link.connection, how).await?;
                link.unsettled = false;
            }
            Wire::Postgres(taken) => {
                let link = taken.link();
                timeout(postgres::ANSWER, end(&mut link.connection, how))
                    .await
                    .map_err(|_| silence(postgres::ANSWER))??;
                link.unsettled = false;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum End {
    Commit,
    Rollback,
}

async fn end<C: AsyncConnection>(connection: &mut C, how: End) -> QueryResult<()> {
    match how {
        End::Commit => C::TransactionManager::commit_transaction(connection).await,
        End::Rollback => C::TransactionManager::rollback_transaction(connection).await,
    }
}

/// A transaction: everything asked through it happens together, at [`commit`](Transaction::commit), or not
/// at all. Dropped without, wherever that happens, nothing of it is kept and its connection is closed.
pub struct Transaction(Conn);

impl Transaction {
    /// Makes everything durable. A transaction in which any statement failed, or was not waited for, cannot be
    /// committed, on either database.
    ///
    /// # Errors
    /// [`Error::Failed`]: certainly nothing was kept. Any other: the answer was lost or bad, and nobody knows
    /// whether everything was kept or nothing; look before doing it again.
    pub async fn commit(self) -> Result<(), Error> {
        if self.0.transaction == Some(true) {
            // PostgreSQL would answer such a COMMIT with a quiet ROLLBACK, SQLite with half the work. If the
            // rollback fails, the connection is closed, which comes to the same.
            if let Err(error) = self.0.end(End::Rollback).await {
                tracing::debug!(%error, "a failed transaction was not rolled back but dropped");
            }
            return Err(Error::Failed);
        }
        self.0.end(End::Commit).await
    }

    /// Gives up what was done, and keeps the connection in use; also the cheap way to end a snapshot.
    ///
    /// # Errors
    /// Nothing was kept with an error either.
    pub async fn rollback(self) -> Result<(), Error> {
        self.0.end(End::Rollback).await
    }
}

impl Deref for Transaction {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
