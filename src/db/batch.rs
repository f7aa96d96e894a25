//! Statements that are known beforehand and run in one go: one visit to SQLite's thread, where each visit costs as much as
//! the statement, and on PostgreSQL one round trip, with one statement for all rows of a table. Knows no table.

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

/// How many rows go into one statement on PostgreSQL, which takes 65,535 values at most.
const ROWS: usize = 1_000;
/// Up to so many rows go one by one: their statement is prepared, one for many rows has to be parsed and planned each time.
const FEW: usize = 64;

/// A statement of which there are but a few texts, so that the database prepares each once for a connection. diesel cannot
/// know that of what changes rows, and would have each prepared anew, which is a round trip more on PostgreSQL.
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

/// Known by its text.
impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

/// A statement that runs on both databases, whenever it is its turn. There should be but a few texts of it.
#[diagnostic::on_unimplemented(
    message = "this statement does not run on both SQLite and PostgreSQL",
    note = "it may also borrow something, or not be Send"
)]
pub trait Deferred: Send {
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize>;

    /// Adds the answers that will come, in the order in which they are to be asked for.
    fn on_postgres<'c>(self: Box<Self>, connection: &'c AsyncPgConnection, asked: &mut Asked<'c>);
}

/// Answers of PostgreSQL that will come, each the number of rows touched. A question is sent when its answer is first polled.
pub(super) type Asked<'c> = Vec<BoxFuture<'c, QueryResult<usize>>>;

impl<S> Deferred for S
where
    S: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        Blocking::execute(Prepared(*self), connection)
    }

    fn on_postgres<'c>(self: Box<Self>, connection: &'c AsyncPgConnection, asked: &mut Asked<'c>) {
        asked.push(ExecuteDsl::execute(Prepared(*self), &mut &*connection));
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
        One: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
        All: QueryFragment<Pg> + QueryId + Send + 'static,
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
    /// Runs the guard and, if it touches a row, the batch. If not, what the database has done of the batch must be undone.
    fn run(&mut self, guard: Box<dyn Deferred>, batch: Batch) -> BoxFuture<'_, QueryResult<bool>>;
}

impl Runs for sqlite::Connection {
    fn run(&mut self, guard: Box<dyn Deferred>, batch: Batch) -> BoxFuture<'_, QueryResult<bool>> {
        self.spawn_blocking(|connection| {
            let held = guard.on_sqlite(connection)? > 0;
            if held {
                batch.on_sqlite(connection)?;
            }
            Ok(held)
        })
    }
}

impl Runs for AsyncPgConnection {
    fn run(&mut self, guard: Box<dyn Deferred>, batch: Batch) -> BoxFuture<'_, QueryResult<bool>> {
        let connection = &*self;
        let mut asked = Vec::new();
        guard.on_postgres(connection, &mut asked);
        for statement in batch.0 {
            statement.on_postgres(connection, &mut asked);
        }
        Box::pin(async move {
            let mut answers = join_all(asked).await.into_iter();
            // Where the guard found nothing, the rest may well have failed of what others wrote.
            let held = answers.next().transpose()?.is_some_and(|rows| rows > 0);
            if held {
                answers.try_for_each(|answer| answer.map(drop))?;
            }
            Ok(held)
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
    One: QueryFragment<Sqlite> + QueryFragment<Pg> + Send + 'static,
    All: QueryFragment<Pg> + QueryId + Send + 'static,
{
    fn on_sqlite(self: Box<Self>, connection: &mut SqliteConnection) -> QueryResult<usize> {
        let mut touched = 0;
        for row in self.rows {
            touched += Blocking::execute(Prepared((self.one)(row)), connection)?;
        }
        Ok(touched)
    }

    fn on_postgres<'c>(self: Box<Self>, connection: &'c AsyncPgConnection, asked: &mut Asked<'c>) {
        let Rows { mut rows, one, all } = *self;
        if rows.len() <= FEW {
            asked.extend(rows.into_iter().map(|row| -> BoxFuture<'c, _> {
                ExecuteDsl::execute(Prepared(one(row)), &mut &*connection)
            }));
            return;
        }
        while rows.len() > ROWS {
            let rest = rows.split_off(ROWS);
            asked.push(ExecuteDsl::execute(all(rows), &mut &*connection));
            rows = rest;
        }
        asked.push(ExecuteDsl::execute(all(rows), &mut &*connection));
    }
}
