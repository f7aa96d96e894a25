//! Connections and transactions: the same diesel query runs on either database. Knows no tables.
//!
//! diesel's types name their backend, so a query is bounded by both ([`RowQuery`], [`Statement`]), and the choice
//! between them is made only here.

use std::future::Future;
use std::ops::{Deref, DerefMut};

use diesel::connection::AnsiTransactionManager as Blocking;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Text;
use diesel::{OptionalExtension, QueryResult, sql_query};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    TransactionManager,
};
use tokio::time::timeout;

use super::backend::Backend;
use super::error::Error;
use super::metrics::Metrics;
use super::notifier::Notification;
use super::pool::{PooledConnection, TrackedConnection};
use super::query::{RowQuery, Statement};
use super::statement_batch::{Deferred, RunBatch, StatementBatch};
use super::{postgres, sqlite};

/// An exclusive connection, returned to the pool when dropped. Each statement is its own transaction.
///
/// A task must hold only one at a time: waiting for a second one while holding the first can deadlock.
pub struct Conn {
    pooled: Pooled,
    /// `None` outside a transaction.
    transaction: Option<TransactionState>,
    /// Whether a statement outside a transaction gets one of its own: preparing and running it are two requests, and a
    /// pooler may send each transaction to another server process.
    statement_transactions: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum TransactionState {
    Intact,
    /// A statement failed, or its result was not awaited.
    Failed,
}

enum Pooled {
    Sqlite(PooledConnection<sqlite::Connection>),
    Postgres(PooledConnection<AsyncPgConnection>),
}

impl From<PooledConnection<sqlite::Connection>> for Conn {
    fn from(pooled: PooledConnection<sqlite::Connection>) -> Conn {
        Conn {
            pooled: Pooled::Sqlite(pooled),
            transaction: None,
            statement_transactions: false,
        }
    }
}

impl From<PooledConnection<AsyncPgConnection>> for Conn {
    fn from(pooled: PooledConnection<AsyncPgConnection>) -> Conn {
        Conn {
            pooled: Pooled::Postgres(pooled),
            transaction: None,
            statement_transactions: false,
        }
    }
}

/// Runs one query on either kind of connection, in a transaction of its own if the connection needs that.
macro_rules! run_query {
    ($conn:expr, $connection:ident => $query:expr) => {{
        let own_transaction = $conn.begin_statement().await?;
        let result = run_query_as_is!($conn, $connection => $query);
        match own_transaction {
            true => $conn.end_statement(result).await,
            false => result,
        }
    }};
}

/// Runs one query on either kind of connection. The connection is dirty until the result has arrived, so dropping the
/// future in between closes the connection, and the next user does not receive a stale result.
/// Likewise a transaction counts as failed until the statement has succeeded.
macro_rules! run_query_as_is {
    ($conn:expr, $connection:ident => $query:expr) => {{
        let before = $conn.transaction;
        $conn.transaction = before.map(|_| TransactionState::Failed);
        let _timer = $conn.metrics().query.start_timer();
        let result = match &mut $conn.pooled {
            Pooled::Sqlite(pooled) => {
                let TrackedConnection {
                    connection: $connection,
                    dirty,
                    ..
                } = pooled.tracked();
                *dirty = true;
                let result = $query.await;
                *dirty = before.is_some();
                result.map_err(Error::from)
            }
            Pooled::Postgres(pooled) => {
                let TrackedConnection {
                    connection: $connection,
                    dirty,
                    ..
                } = pooled.tracked();
                *dirty = true;
                match timeout(postgres::ANSWER_TIMEOUT, $query).await {
                    Ok(result) => {
                        // A server that became read-only: another connection may reach the one that accepts writes.
                        *dirty = before.is_some() || is_read_only(&result);
                        result.map_err(Error::from)
                    }
                    Err(_) => Err(Error::no_answer_within(postgres::ANSWER_TIMEOUT)),
                }
            }
        };
        if result.is_ok() {
            $conn.transaction = before;
        }
        result
    }};
}

#[expect(
    clippy::manual_async_fn,
    reason = "for an async fn the compiler cannot prove that the future is Send"
)]
impl Conn {
    /// All rows of a query.
    ///
    /// # Errors
    /// Any [`Error`] of a single statement; likewise for `get` and `execute`.
    pub fn load<'q, T, Q>(&mut self, query: Q) -> impl Future<Output = Result<Vec<T>, Error>> + Send
    where
        T: Send + 'static,
        Q: RowQuery<'q, T>,
    {
        async move { run_query!(self, connection => RunQueryDsl::load(query, connection)) }
    }

    /// The first row of a query, if any.
    pub fn get<'q, T, Q>(
        &mut self,
        query: Q,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send
    where
        T: Send + 'static,
        Q: RowQuery<'q, T>,
    {
        async move {
            run_query!(self, connection => async { RunQueryDsl::get_result(query, connection).await.optional() })
        }
    }

    /// Runs a statement and returns the number of affected rows.
    pub fn execute<'q, Q>(
        &mut self,
        statement: Q,
    ) -> impl Future<Output = Result<usize, Error>> + Send
    where
        Q: Statement<'q>,
    {
        async move { run_query!(self, connection => RunQueryDsl::execute(statement, connection)) }
    }

    /// Runs a guard statement and, if it affects a row, a batch, in one round trip. Returns false if the guard affects no
    /// row; then the transaction must be rolled back.
    pub fn run(
        &mut self,
        guard: impl Deferred + 'static,
        batch: StatementBatch,
    ) -> impl Future<Output = Result<bool, Error>> + Send {
        async move { run_query!(self, connection => connection.run_batch(Box::new(guard), batch)) }
    }

    /// The defects that SQLite finds in its file and in foreign keys. Empty on PostgreSQL, which has no such check.
    ///
    /// # Errors
    /// As for a query; a badly damaged file cannot be checked at all.
    pub async fn integrity_errors(&mut self) -> Result<Vec<String>, Error> {
        let Pooled::Sqlite(pooled) = &mut self.pooled else {
            return Ok(Vec::new());
        };
        let tracked = pooled.tracked();
        tracked.dirty = true;
        let errors = tracked
            .connection
            .spawn_blocking(sqlite::integrity_errors)
            .await;
        tracked.dirty = self.transaction.is_some();
        Ok(errors?)
    }

    /// Gives each statement outside a transaction one of its own.
    pub(super) fn with_statement_transactions(self) -> Conn {
        Conn {
            statement_transactions: true,
            ..self
        }
    }

    /// Begins the transaction of a single statement, if it needs one. Returns whether it did.
    async fn begin_statement(&mut self) -> Result<bool, Error> {
        match &mut self.pooled {
            Pooled::Postgres(pooled)
                if self.statement_transactions && self.transaction.is_none() =>
            {
                run_command(pooled.tracked(), "BEGIN").await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn end_statement<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Pooled::Postgres(pooled) = &mut self.pooled {
            let tracked = pooled.tracked();
            match &result {
                Ok(_) => run_command(tracked, "COMMIT").await?,
                // A connection that cannot roll back stays dirty, so it is closed.
                Err(_) if tracked.dirty => {}
                Err(_) => drop(run_command(tracked, "ROLLBACK").await),
            }
        }
        result
    }

    fn metrics(&self) -> &Metrics {
        match &self.pooled {
            Pooled::Sqlite(pooled) => pooled.metrics(),
            Pooled::Postgres(pooled) => pooled.metrics(),
        }
    }

    /// The kind of database, for queries that differ.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.pooled {
            Pooled::Sqlite(_) => Backend::Sqlite,
            Pooled::Postgres(_) => Backend::Postgres,
        }
    }

    /// Begins a transaction with this SQL.
    pub(super) async fn begin(mut self, sql: &'static str) -> Result<Transaction, Error> {
        self.transaction = Some(TransactionState::Intact);
        match &mut self.pooled {
            Pooled::Sqlite(pooled) => {
                let tracked = pooled.tracked();
                tracked.dirty = true;
                let begin = tracked
                    .connection
                    .spawn_blocking(move |c| Blocking::begin_transaction_sql(c, sql));
                begin.await?;
            }
            Pooled::Postgres(pooled) => {
                let tracked = pooled.tracked();
                tracked.dirty = true;
                let begin =
                    AnsiTransactionManager::begin_transaction_sql(&mut tracked.connection, sql);
                timeout(postgres::ANSWER_TIMEOUT, begin)
                    .await
                    .map_err(|_| Error::no_answer_within(postgres::ANSWER_TIMEOUT))??;
            }
        }
        Ok(Transaction(self))
    }

    async fn end(mut self, ending: Ending) -> Result<(), Error> {
        match &mut self.pooled {
            Pooled::Sqlite(pooled) => {
                let tracked = pooled.tracked();
                end(&mut tracked.connection, ending).await?;
                tracked.dirty = false;
            }
            Pooled::Postgres(pooled) => {
                let tracked = pooled.tracked();
                timeout(
                    postgres::ANSWER_TIMEOUT,
                    end(&mut tracked.connection, ending),
                )
                .await
                .map_err(|_| Error::no_answer_within(postgres::ANSWER_TIMEOUT))??;
                tracked.dirty = false;
            }
        }
        Ok(())
    }
}

fn is_read_only<T>(result: &QueryResult<T>) -> bool {
    matches!(
        result,
        Err(DieselError::DatabaseError(
            DatabaseErrorKind::ReadOnlyTransaction,
            _
        ))
    )
}

/// Runs a command without a result. The connection stays dirty if it fails.
async fn run_command(
    tracked: &mut TrackedConnection<AsyncPgConnection>,
    command: &str,
) -> Result<(), Error> {
    tracked.dirty = true;
    let ran = timeout(
        postgres::ANSWER_TIMEOUT,
        tracked.connection.batch_execute(command),
    );
    ran.await
        .map_err(|_| Error::no_answer_within(postgres::ANSWER_TIMEOUT))??;
    tracked.dirty = false;
    Ok(())
}

#[derive(Clone, Copy)]
enum Ending {
    Commit,
    Rollback,
}

async fn end<C: AsyncConnection>(connection: &mut C, ending: Ending) -> QueryResult<()> {
    match ending {
        Ending::Commit => C::TransactionManager::commit_transaction(connection).await,
        Ending::Rollback => C::TransactionManager::rollback_transaction(connection).await,
    }
}

/// A transaction: its statements take effect together at [`commit`](Transaction::commit), or not at all. If it is dropped
/// before, at any point, nothing is stored and its connection is closed.
pub struct Transaction(Conn);

impl Transaction {
    /// Notifies the listeners on PostgreSQL if and when this transaction commits, so that no crash comes between. On SQLite there are
    /// no listeners.
    ///
    /// # Errors
    /// Any [`Error`] of a single statement.
    pub async fn notify(&mut self, notification: &Notification) -> Result<(), Error> {
        if self.backend() == Backend::Postgres {
            let notify = sql_query("SELECT pg_notify($1, $2)")
                .bind::<Text, _>(notification.channel)
                .bind::<Text, _>(notification.payload.clone());
            Conn::execute(self, notify).await?;
        }
        Ok(())
    }

    /// Commits durably. If any statement failed or its result was not awaited, the transaction is rolled back instead, on
    /// both databases.
    ///
    /// # Errors
    /// [`Error::TransactionFailed`]: nothing was stored. Any other error: the commit may or may not have succeeded; check
    /// before retrying.
    pub async fn commit(self) -> Result<(), Error> {
        if self.0.transaction == Some(TransactionState::Failed) {
            // PostgreSQL would silently turn this COMMIT into a ROLLBACK, and SQLite would commit the rest. If the
            // rollback fails, the connection is closed, which has the same effect.
            if let Err(error) = self.0.end(Ending::Rollback).await {
                tracing::debug!(%error, "the rollback of a failed transaction failed; closing its connection");
            }
            return Err(Error::TransactionFailed);
        }
        self.0.end(Ending::Commit).await
    }

    /// Rolls back and keeps the connection open; also the cheapest way to end a snapshot.
    ///
    /// # Errors
    /// Nothing is stored in this case either.
    pub async fn rollback(self) -> Result<(), Error> {
        self.0.end(Ending::Rollback).await
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
