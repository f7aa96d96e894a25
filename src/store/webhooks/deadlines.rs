//! The deadlines that are still to come, and those that have passed: a passing deadline closes a board without an event.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Database, Error, StatementBatch,
        schema::{boards, settings, webhook_cursors, webhook_endpoints},
    },
    model::{BoardId, Deadline, Timestamp},
};

const DEADLINE: &str = "deadline";

/// Stores the deadlines that are to come with the cursors of an endpoint that starts from now, in this transaction and one round trip.
pub(super) async fn add_deadlines(
    conn: &mut Conn,
    endpoint: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let all = settings::table
        .filter(settings::setting.eq(DEADLINE))
        .select((settings::board_id, settings::value));
    let mut batch = StatementBatch::default();
    for (board, value) in conn.load::<(i64, String), _>(all).await? {
        if let Some(at) = to_come(&value, now) {
            let cursor = webhook_cursors::table.find((board, endpoint.to_owned()));
            batch.add(diesel::update(cursor).set(webhook_cursors::deadline.eq(Some(at))));
        }
    }
    let row = webhook_endpoints::table.find(endpoint.to_owned());
    let guard = diesel::update(row).set(webhook_endpoints::lease.eq(webhook_endpoints::lease));
    conn.run(guard, batch).await?;
    Ok(())
}

/// The deadline of a board, if it is to come.
pub(super) async fn deadline_to_come(
    conn: &mut Conn,
    board: BoardId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let row = settings::table
        .find((board.0, DEADLINE.to_owned()))
        .select(settings::value);
    let value = conn.get::<String, _>(row).await?;
    Ok(value.and_then(|value| to_come(&value, now)))
}

fn to_come(value: &str, now: Timestamp) -> Option<Timestamp> {
    let deadline: Deadline = serde_json::from_str(value).ok()?;
    Some(deadline.at).filter(|at| *at > now)
}

/// Some boards whose deadline has passed by `passed_by`, and the endpoint was not told.
pub async fn boards_past_deadline(
    database: &Database,
    endpoint: &str,
    passed_by: Timestamp,
    limit: i64,
) -> Result<Vec<BoardId>, Error> {
    // A failed attempt waits.
    let is_due = webhook_cursors::next_attempt_at
        .is_null()
        .or(webhook_cursors::next_attempt_at.le(passed_by));
    let query = webhook_cursors::table
        .inner_join(boards::table.on(boards::id.eq(webhook_cursors::board_id)))
        .filter(webhook_cursors::endpoint.eq(endpoint.to_owned()))
        .filter(webhook_cursors::deadline.le(passed_by))
        .filter(boards::deleted_at.is_null())
        .filter(is_due)
        .limit(limit)
        .select(webhook_cursors::board_id);
    let ids = database.read().await?.load::<i64, _>(query).await?;
    Ok(ids.into_iter().map(BoardId).collect())
}
