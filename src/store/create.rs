//! Creates boards.

use diesel::prelude::*;

use super::{
    commit::{VersionUpdate, statements},
    epoch::new_epoch,
    requests::{RequestRow, delete_old},
};
use crate::{
    db::{
        Conn, Database, Error,
        schema::{boards, requests},
    },
    model::{Board, BoardId, Event, RequestKey, Slug, Timestamp},
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
    insert(&mut conn, board, events, at).await?;
    conn.commit().await
}

/// The same for a request that takes effect once; returns false if its key is known. The request is stored with the board `main`, because
/// the new board has no id that a repeated request could know.
///
/// # Errors
/// If the database fails. The board then exists if and only if the request is known.
pub async fn create_board_once(
    database: &Database,
    board: &Board,
    events: &[Event],
    at: Timestamp,
    request: &RequestKey,
) -> Result<bool, Error> {
    let mut conn = database.write().await?;
    let main = boards::table.filter(boards::slug.eq(Slug::main().as_str().to_owned()));
    let main: Option<i64> = conn.get(main.select(boards::id)).await?;
    let missing = || Error::Unusable("the board main does not exist".to_owned());
    let main = main.ok_or_else(missing)?;
    let keys = [request.key().clone()];
    let since = RequestKey::remembered_since(at);
    delete_old(&mut conn, BoardId(main), &keys, since).await?;
    let id = insert(&mut conn, board, events, at).await?;
    let row = RequestRow::new(main, request, at).created(id, events.len());
    let insert = diesel::insert_into(requests::table).values(row);
    match conn.execute(insert).await {
        Err(Error::UniqueViolation(_)) => {
            conn.rollback().await?;
            return Ok(false);
        }
        inserted => inserted?,
    };
    conn.commit().await?;
    Ok(true)
}

/// Inserts a board with its first events; returns its id.
async fn insert(
    conn: &mut Conn,
    board: &Board,
    events: &[Event],
    at: Timestamp,
) -> Result<i64, Error> {
    let row = (
        boards::slug.eq(board.slug.as_str().to_owned()),
        boards::name.eq(board.created_as().as_str().to_owned()),
        boards::created_at.eq(at),
        boards::epoch.eq(new_epoch().0),
    );
    let insert = diesel::insert_into(boards::table).values(row);
    let id: Option<i64> = conn.get(insert.returning(boards::id)).await?;
    let id = id.ok_or_else(|| Error::Unusable("the new board has no id".to_owned()))?;
    if !events.is_empty() {
        let update = diesel::update(boards::table.find(id)).set(VersionUpdate::new(board));
        conn.run(update, statements(id, events)?).await?;
    }
    Ok(id)
}
