//! Statements that are known in advance and run together: on SQLite in one call to its thread, since each call costs as much as
//! a statement, and on PostgreSQL in one pipelined round trip, with one statement for all rows of a table. Knows no tables.

use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::ExecuteDsl as Blocking;
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::methods::ExecuteDsl;
use futures_util::future::{BoxFuture, join_all};

use super::sqlite;

/// The maximum number of rows in one statement on PostgreSQL, which accepts up to 65,535 values.
const MAX_ROWS_PER_STATEMENT: usize = 1_000;
/// Up to this many rows are sent individually with a prepared statement. A statement for many rows is parsed and planned each
/// time.
const MAX_SINGLE_ROWS: usize = 64;

/// A statement with few distinct texts, which is prepared once per connection. diesel does not cache prepared statements that
/// change rows, which costs an extra round trip on PostgreSQL.
pub struct Prepared<Q>(pub Q);

impl<Q, DB> QueryFragment<DB> for Prepared<Q>
where
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Identified by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

/// A statement that runs later, on either database. It should have few distinct texts, because it is prepared.
#[diagnostic::on_unimplemented(
    message = "this statement does not run on both SQLite and PostgreSQL",
    note = "the statement must also be 'static and Send"
)]
pub trait Deferred: Send {
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize>;

    /// Adds the pending results in the order in which the statements must be sent.
    fn on_postgres<'c>(
        self: Box<Self>,
        connection: &'c AsyncPgConnection,
        pending: &mut PendingResults<'c>,
    );
}

/// Pending results of PostgreSQL, each the number of affected rows. A statement is sent when its future is first polled.
pub(super) type PendingResults<'c> = Vec<BoxFuture<'c, QueryResult<usize>>>;

impl<S> Deferred for S
where
    S: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        Blocking::execute(Prepared(*self), connection)
    }

    fn on_postgres<'c>(
        self: Box<Self>,
        connection: &'c AsyncPgConnection,
        pending: &mut PendingResults<'c>,
    ) {
        pending.push(ExecuteDsl::execute(Prepared(*self), &mut &*connection));
    }
}

/// Statements in execution order.
#[derive(Default)]
pub struct StatementBatch(Vec<Box<dyn Deferred>>);

impl StatementBatch {
    /// Adds a statement.
    pub fn add(&mut self, statement: impl Deferred + 'static) {
        self.0.push(Box::new(statement));
    }

    /// Adds a statement for many rows: `one` for a single row, `all` for several rows, where the database supports it.
    pub fn add_rows<R, One, All>(
        &mut self,
        rows: Vec<R>,
        one: impl Fn(R) -> One + Send + 'static,
        all: impl Fn(Vec<R>) -> All + Send + 'static,
    ) where
        R: Send + 'static,
        One: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
        All: QueryFragment<Pg> + QueryId + Send + 'static,
    {
        if !rows.is_empty() {
            self.0.push(Box::new(RowStatements { rows, one, all }));
        }
    }

    /// Runs all statements and returns the number of affected rows.
    pub(super) fn on_sqlite(self, connection: &mut SqliteConnection) -> QueryResult<usize> {
        let mut affected = 0;
        for statement in self.0 {
            affected += statement.on_sqlite(connection)?;
        }
        Ok(affected)
    }
}

/// A connection that can run a batch.
pub(super) trait RunBatch {
    /// Runs the guard and, if it affects a row, the batch. Returns whether it did. If not, the caller must roll back, because
    /// parts of the batch may have run.
    fn run_batch(
        &mut self,
        guard: Box<dyn Deferred>,
        batch: StatementBatch,
    ) -> BoxFuture<'_, QueryResult<bool>>;
}

impl RunBatch for sqlite::Connection {
    fn run_batch(
        &mut self,
        guard: Box<dyn Deferred>,
        batch: StatementBatch,
    ) -> BoxFuture<'_, QueryResult<bool>> {
        self.spawn_blocking(|connection| {
            let guard_holds = guard.on_sqlite(connection)? > 0;
            if guard_holds {
                batch.on_sqlite(connection)?;
            }
            Ok(guard_holds)
        })
    }
}

impl RunBatch for AsyncPgConnection {
    fn run_batch(
        &mut self,
        guard: Box<dyn Deferred>,
        batch: StatementBatch,
    ) -> BoxFuture<'_, QueryResult<bool>> {
        let connection = &*self;
        let mut pending = Vec::new();
        guard.on_postgres(connection, &mut pending);
        for statement in batch.0 {
            statement.on_postgres(connection, &mut pending);
        }
        Box::pin(async move {
            let mut results = join_all(pending).await.into_iter();
            // If the guard affected nothing, the other statements may have failed because of concurrent changes.
            let guard_holds = results.next().transpose()?.is_some_and(|rows| rows > 0);
            if guard_holds {
                results.try_for_each(|result| result.map(drop))?;
            }
            Ok(guard_holds)
        })
    }
}

struct RowStatements<R, One, All> {
    rows: Vec<R>,
    one: One,
    all: All,
}

impl<R, FOne, FAll, One, All> Deferred for RowStatements<R, FOne, FAll>
where
    R: Send + 'static,
    FOne: Fn(R) -> One + Send + 'static,
    FAll: Fn(Vec<R>) -> All + Send + 'static,
    One: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
    All: QueryFragment<Pg> + QueryId + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        let mut affected = 0;
        for row in self.rows {
            affected += Blocking::execute(Prepared((self.one)(row)), connection)?;
        }
        Ok(affected)
    }

    fn on_postgres<'c>(
        self: Box<Self>,
        connection: &'c AsyncPgConnection,
        pending: &mut PendingResults<'c>,
    ) {
        let RowStatements { mut rows, one, all } = *self;
        if rows.len() <= MAX_SINGLE_ROWS {
            pending.extend(rows.into_iter().map(|row| -> BoxFuture<'c, _> {
                ExecuteDsl::execute(Prepared(one(row)), &mut &*connection)
            }));
            return;
        }
        while rows.len() > MAX_ROWS_PER_STATEMENT {
            let rest = rows.split_off(MAX_ROWS_PER_STATEMENT);
            pending.push(ExecuteDsl::execute(all(rows), &mut &*connection));
            rows = rest;
        }
        pending.push(ExecuteDsl::execute(all(rows), &mut &*connection));
    }
}
