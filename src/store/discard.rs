//! Deletes boards that are not visible: replaced ones, and what an interrupted import left. In many short transactions, so that nobody
//! waits.

use diesel::prelude::*;

use super::{delete::remove_rows, staging::STAGED};
use crate::{
    db::{Database, Error, schema::boards},
    model::{BoardId, Timestamp},
};

/// Deletes all boards that are being imported or discarded since before a time, without a change since then. Returns how many.
pub async fn discard_leftovers(database: &Database, before: Timestamp) -> Result<usize, Error> {
    let query = boards::table
        .filter(boards::slug.like(STAGED))
        .filter(boards::created_at.lt(before))
        .select(boards::id);
    let leftovers = database.read().await?.load::<i64, _>(query).await?;
    for id in &leftovers {
        discard_board(database, BoardId(*id)).await?;
    }
    Ok(leftovers.len())
}

/// Deletes a board that is not visible, with everything that refers to it. Does nothing to a board that is.
pub async fn discard_board(database: &Database, board: BoardId) -> Result<(), Error> {
    let id = board.0;
    let row = boards::table.filter(boards::id.eq(id).and(boards::slug.like(STAGED)));
    let found: Option<i64> = database.read().await?.get(row.select(boards::id)).await?;
    if found.is_none() {
        return Ok(());
    }
    remove_rows(database, board).await?;
    let mut conn = database.write().await?;
    conn.execute(diesel::delete(row)).await?;
    conn.commit().await
}
