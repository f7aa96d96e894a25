//! Creates boards.

use diesel::prelude::*;

use super::{
    commit::{VersionUpdate, statements},
    epoch::new_epoch,
};
use crate::{
    db::{Database, Error, schema::boards},
    model::{Board, Event, Timestamp},
};

/// Creates a board in a new epoch, with its first events, in one transaction. The database chooses its id.
///
/// # Errors
/// If the database fails. There is then no such board, or nobody knows its slug.
pub async fn create_board(
    database: &Database,
    board: &Board,
    events: &[Event],
    at: Timestamp,
) -> Result<(), Error> {
    let mut conn = database.write().await?;
    let row = (
        boards::slug.eq(board.slug.as_str()),
        boards::name.eq(board.created_as().as_str()),
        boards::created_at.eq(at),
        boards::epoch.eq(new_epoch().0),
    );
    let insert = diesel::insert_into(boards::table).values(row);
    let id: Option<i64> = conn.get(insert.returning(boards::id)).await?;
    if let Some(id) = id.filter(|_| !events.is_empty()) {
        let update = diesel::update(boards::table.find(id)).set(VersionUpdate::new(board));
        conn.run(update, statements(id, events)?).await?;
    }
    conn.commit().await
}
