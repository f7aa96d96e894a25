//! Statements that are known beforehand and run in one go: one visit to SQLite's thread, where each visit costs as much as
//! the statement, and on PostgreSQL one question for all rows of a table, where each question is a round trip. Knows no table.

use diesel::query_dsl::methods::ExecuteDsl as Blocking;
use diesel::{QueryResult, SqliteConnection};
use diesel_async::AsyncPgConnection;
use diesel_async::methods::ExecuteDsl;
use futures_util::future::BoxFuture;

use super::sqlite;

/// How many rows go into one statement on PostgreSQL, which takes 65,535 values at most.
const ROWS: usize = 1_000;

/// A statement that runs on both databases, whenever it is its turn.
#[diagnostic::on_unimplemented(
    message = "this statement does not run on both SQLite and PostgreSQL",
    note = "it may also borrow something, or not be Send"
)]
pub trait Deferred: Send {
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize>;

    fn on_postgres(
        self: Box<Self>,
        connection: &mut AsyncPgConnection,
    ) -> BoxFuture<'_, QueryResult<usize>>;
}

impl<S> Deferred for S
where
    S: Blocking<SqliteConnection> + ExecuteDsl<AsyncPgConnection> + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        Blocking::execute(*self, connection)
    }

    fn on_postgres(
        self: Box<Self>,
        connection: &mut AsyncPgConnection,
    ) -> BoxFuture<'_, QueryResult<usize>> {
        Box::pin(ExecuteDsl::execute(*self, connection))
    }
}

/// Statements in the order in which they run.
#[derive(Default)]
pub struct Batch(Vec<Box<dyn Deferred>>);

impl Batch {
    /// Adds a statement.
    pub fn add(&mut self, statement: impl Deferred + 'static) {
        self.0.push(Box::new(statement));
    }

    /// Adds a statement for many rows: `one` for a single row, `all` for several at once, where the database can do that.
    pub fn add_rows<R, One, All>(
        &mut self,
        rows: Vec<R>,
        one: impl Fn(R) -> One + Send + 'static,
        all: impl Fn(Vec<R>) -> All + Send + 'static,
    ) where
        R: Send + 'static,
        One: Blocking<SqliteConnection> + ExecuteDsl<AsyncPgConnection> + Send + 'static,
        All: ExecuteDsl<AsyncPgConnection> + Send + 'static,
    {
        if !rows.is_empty() {
            self.0.push(Box::new(Rows { rows, one, all }));
        }
    }

    /// Runs everything; gives the number of rows touched.
    pub(super) fn on_sqlite(self, connection: &mut SqliteConnection) -> QueryResult<usize> {
        let mut touched = 0;
        for statement in self.0 {
            touched += statement.on_sqlite(connection)?;
        }
        Ok(touched)
    }
}

/// A connection that can run a batch.
pub(super) trait Runs {
    /// Gives the number of rows touched.
    fn run(&mut self, batch: Batch) -> BoxFuture<'_, QueryResult<usize>>;
}

impl Runs for sqlite::Connection {
    fn run(&mut self, batch: Batch) -> BoxFuture<'_, QueryResult<usize>> {
        self.spawn_blocking(|connection| batch.on_sqlite(connection))
    }
}

impl Runs for AsyncPgConnection {
    fn run(&mut self, batch: Batch) -> BoxFuture<'_, QueryResult<usize>> {
        Box::pin(async move {
            let mut touched = 0;
            for statement in batch.0 {
                touched += statement.on_postgres(self).await?;
            }
            Ok(touched)
        })
    }
}

struct Rows<R, One, All> {
    rows: Vec<R>,
    one: One,
    all: All,
}

impl<R, FOne, FAll, One, All> Deferred for Rows<R, FOne, FAll>
where
    R: Send + 'static,
    FOne: Fn(R) -> One + Send + 'static,
    FAll: Fn(Vec<R>) -> All + Send + 'static,
    One: Blocking<SqliteConnection> + ExecuteDsl<AsyncPgConnection> + Send + 'static,
    All: ExecuteDsl<AsyncPgConnection> + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        let mut touched = 0;
        for row in self.rows {
            touched += Blocking::execute((self.one)(row), connection)?;
        }
        Ok(touched)
    }

    fn on_postgres(
        self: Box<Self>,
        connection: &mut AsyncPgConnection,
    ) -> BoxFuture<'_, QueryResult<usize>> {
        Box::pin(async move {
            let Rows { mut rows, one, all } = *self;
            let mut touched = 0;
            while rows.len() > ROWS {
                let rest = rows.split_off(ROWS);
                touched += ExecuteDsl::execute(all(rows), connection).await?;
                rows = rest;
            }
            // A statement for one row is always the same, so that the server has it ready.
            touched += match <[R; 1]>::try_from(rows) {
                Ok([row]) => ExecuteDsl::execute(one(row), connection).await?,
                Err(rows) => ExecuteDsl::execute(all(rows), connection).await?,
            };
            Ok(touched)
        })
    }
}
