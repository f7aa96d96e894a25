//! How far a board was delivered when its history was imported or rewritten.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Nullable, Timestamp as At},
};

use super::{cursors::Cursor, deadlines::deadline_to_come};
use crate::{
    db::{Conn, Database, Error, schema::webhook_cursors},
    model::{BoardId, Epoch, Timestamp},
};

/// Sets the cursors of a board that was just imported, in this transaction: what happened before is no news.
pub(in crate::store) async fn skip_history(
    conn: &mut Conn,
    board: BoardId,
    now: Timestamp,
) -> Result<(), Error> {
    let earlier = webhook_cursors::table.filter(webhook_cursors::board_id.eq(board.0));
    conn.execute(diesel::delete(earlier)).await?;
    let add = format!(
        "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position, deadline) \
         SELECT boards.id, webhook_endpoints.id, boards.epoch, boards.version, $1 \
         FROM boards, webhook_endpoints WHERE boards.id = {board}"
    );
    let deadline = deadline_to_come(conn, board, now).await?;
    let add = sql_query(add).bind::<Nullable<At>, _>(deadline);
    conn.execute(add).await?;
    Ok(())
}

/// Keeps the positions on a board whose log was rewritten with the same numbers, in this transaction.
pub(in crate::store) async fn keep_positions(
    conn: &mut Conn,
    board: BoardId,
    (ended, epoch): (Epoch, Epoch),
) -> Result<(), Error> {
    // Another process that adds the missing ones meanwhile would do it with the epoch that ends: it finds these.
    let add = format!(
        "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position) \
         SELECT {board}, webhook_endpoints.id, {}, 0 FROM webhook_endpoints WHERE true ON CONFLICT DO NOTHING",
        ended.0
    );
    conn.execute(sql_query(add)).await?;
    let row = webhook_cursors::table
        .filter(webhook_cursors::board_id.eq(board.0))
        .filter(webhook_cursors::epoch.eq(ended.0));
    let update = diesel::update(row).set(webhook_cursors::epoch.eq(epoch.0));
    conn.execute(update).await?;
    Ok(())
}

/// Replaces a cursor of another history, unless another process did.
pub async fn restart(
    database: &Database,
    board: BoardId,
    endpoint: &str,
    ended: Epoch,
    cursor: &Cursor,
) -> Result<(), Error> {
    let row = webhook_cursors::table
        .find((board.0, endpoint.to_owned()))
        .filter(webhook_cursors::epoch.eq(ended.0));
    let mut conn = database.write().await?;
    let update = diesel::update(row).set((
        webhook_cursors::epoch.eq(cursor.epoch.0),
        webhook_cursors::position.eq(cursor.position),
        webhook_cursors::deadline.eq(cursor.deadline),
    ));
    conn.execute(update).await?;
    conn.commit().await
}
