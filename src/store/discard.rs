//! Deletes boards that are not visible: replaced ones, and what an interrupted import left. In many short transactions, so that nobody
//! waits.

use diesel::prelude::*;

use super::staging::STAGED;
use crate::{
    db::{
        Database, Error,
        schema::{
            boards, browsers, consents, events, features, items, participants, requests, settings,
            vetoes,
        },
    },
    model::{BoardId, Timestamp},
};

/// How many events are deleted at once.
const EVENTS: i64 = 5_000;

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
    /// Deletes the rows of one table, in a transaction of its own.
    macro_rules! delete {
        ($table:ident) => {{
            let mut conn = database.write().await?;
            let rows = $table::table.filter($table::board_id.eq(id));
            conn.execute(diesel::delete(rows)).await?;
            conn.commit().await?;
        }};
    }
    // Rows before those that they refer to.
    delete!(vetoes);
    delete!(consents);
    delete!(browsers);
    delete!(settings);
    delete!(features);
    delete!(items);
    delete!(participants);
    delete!(requests);
    discard_events(database, id).await?;
    let mut conn = database.write().await?;
    conn.execute(diesel::delete(row)).await?;
    conn.commit().await
}

async fn discard_events(database: &Database, board: i64) -> Result<(), Error> {
    loop {
        let rows = events::table.filter(events::board_id.eq(board));
        let first = rows.order(events::number).select(events::number);
        let first = first.limit(1);
        let first: Option<i64> = database.read().await?.get(first).await?;
        let Some(first) = first else {
            return Ok(());
        };
        let some = rows.filter(events::number.lt(first.saturating_add(EVENTS)));
        let mut conn = database.write().await?;
        conn.execute(diesel::delete(some)).await?;
        conn.commit().await?;
    }
}
