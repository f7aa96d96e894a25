//! Starts new epochs of boards.

use diesel::{QueryResult, connection::SimpleConnection, prelude::*, sql_query, sql_types::BigInt};

use crate::{
    db::{Backend, Database, Error, schema::boards},
    model::{BoardId, Epoch},
};

/// Gives every board its own epoch. The functions for random numbers differ; both run once per row.
const RENEW_ON_SQLITE: &str = "UPDATE boards SET epoch = random() & 9007199254740991";
const RENEW_ON_POSTGRES: &str =
    "UPDATE boards SET epoch = floor(random() * 9007199254740992)::BIGINT";

/// 53 random bits, as in the migration.
pub(super) fn new_epoch() -> Epoch {
    Epoch((rand::random::<u64>() >> 11) as i64)
}

/// Starts a new epoch of a board, unless another process has ended the epoch `ended` already.
pub async fn renew_epoch(database: &Database, board: BoardId, ended: Epoch) -> Result<(), Error> {
    let row = boards::table.filter(boards::id.eq(board.0).and(boards::epoch.eq(ended.0)));
    let mut conn = database.write().await?;
    conn.execute(diesel::update(row).set(boards::epoch.eq(new_epoch().0)))
        .await?;
    conn.commit().await
}

/// Starts a new epoch of every board; returns the number of boards.
pub async fn renew_epochs(database: &Database) -> Result<usize, Error> {
    let mut conn = database.write().await?;
    let renew = match conn.backend() {
        Backend::Sqlite => RENEW_ON_SQLITE,
        Backend::Postgres => RENEW_ON_POSTGRES,
    };
    let boards = conn.execute(sql_query(renew)).await?;
    conn.commit().await?;
    Ok(boards)
}

/// [`renew_epochs`] in a copy of a database. Does nothing if the copy is older than the column: the migration that adds it
/// gives every board an epoch.
pub fn renew_epochs_of_copy(copy: &mut SqliteConnection) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct ColumnCount {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let columns = "SELECT count(*) AS count FROM pragma_table_info('boards') WHERE name = 'epoch'";
    let ColumnCount { count } = sql_query(columns).get_result(copy)?;
    match count {
        0 => Ok(()),
        _ => copy.batch_execute(RENEW_ON_SQLITE),
    }
}
