//! The log of a board: every event, in the order of its numbers.

use diesel::prelude::*;

use super::rows::EventRow;
use crate::{
    db::{Conn, Database, Error, RowQuery, schema::events},
    model::{BoardId, Event},
};

/// An event, and the number of the last event that undid it, if any.
pub struct LogEntry {
    pub event: Event,
    pub undone_by: Option<i64>,
}

/// One event; none if the board has no event with this number.
pub async fn event(
    database: &Database,
    board: BoardId,
    number: i64,
) -> Result<Option<Event>, Error> {
    let query = events::table.find((board.0, number));
    let row = database.read().await?.get::<EventRow, _>(query).await?;
    Ok(row.map(Event::try_from).transpose()?)
}

/// All events after a version, in order.
pub async fn events_after(
    database: &Database,
    board: BoardId,
    version: i64,
) -> Result<Vec<Event>, Error> {
    load_events_after(&mut database.read().await?, board, version).await
}

/// The events after the number `after`, up to and including `last`, in order.
pub async fn events_between(
    database: &Database,
    board: BoardId,
    after: i64,
    last: i64,
) -> Result<Vec<Event>, Error> {
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(last))
        .order(events::number);
    load(&mut database.read().await?, query).await
}

/// [`events_after`] on an open connection.
pub(super) async fn load_events_after(
    conn: &mut Conn,
    board: BoardId,
    version: i64,
) -> Result<Vec<Event>, Error> {
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(version))
        .order(events::number);
    load(conn, query).await
}

async fn load<'q>(
    conn: &mut Conn,
    query: impl RowQuery<'q, EventRow>,
) -> Result<Vec<Event>, Error> {
    let rows = conn.load::<EventRow, _>(query).await?;
    Ok(rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<_, _>>()?)
}

/// Up to `limit` events before a number, newest first.
pub async fn events_before(
    database: &Database,
    board: BoardId,
    number: i64,
    limit: i64,
) -> Result<Vec<LogEntry>, Error> {
    let mut conn = database.read().await?;
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.lt(number))
        .order(events::number.desc())
        .limit(limit);
    let events = load(&mut conn, query).await?;
    let numbers: Vec<i64> = events.iter().map(|event| event.number).collect();
    let undos = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::undoes.eq_any(numbers))
        .order(events::number)
        .select((events::undoes, events::number));
    let undos = conn.load::<(Option<i64>, i64), _>(undos).await?;
    let undone_by = |number| {
        let latest_first = undos.iter().rev();
        let mut undos = latest_first.filter(|(undoes, _)| *undoes == Some(number));
        undos.next().map(|(_, undo)| *undo)
    };
    Ok(events
        .into_iter()
        .map(|event| LogEntry {
            undone_by: undone_by(event.number),
            event,
        })
        .collect())
}
