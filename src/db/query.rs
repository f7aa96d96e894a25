//! Bounds on diesel queries that run on both databases, so that callers need neither macros nor generics.

use diesel::Selectable;
use diesel::sqlite::Sqlite;
use diesel_async::AsyncPgConnection;
use diesel_async::methods::{ExecuteDsl, LoadQuery};

use super::sqlite;

/// A query that returns rows of `T` on both databases.
#[diagnostic::on_unimplemented(
    message = "this query does not return `{T}` on both SQLite and PostgreSQL",
    note = "either the columns do not match, or one of the databases does not support it"
)]
pub trait RowQuery<'q, T>:
    LoadQuery<'q, sqlite::Connection, T> + LoadQuery<'q, AsyncPgConnection, T> + Send + 'q
{
}

impl<'q, T, Q> RowQuery<'q, T> for Q where
    Q: LoadQuery<'q, sqlite::Connection, T> + LoadQuery<'q, AsyncPgConnection, T> + Send + 'q
{
}

/// A query that returns only the number of affected rows, on both databases.
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

/// The columns of a row that derives `Queryable` and `Selectable`, for `select`. Unlike diesel's `as_select` it is not
/// bound to one database.
#[must_use]
pub fn columns<T: Selectable<Sqlite>>() -> T::SelectExpression {
    T::construct_selection()
}
