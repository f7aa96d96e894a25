//! The log of a board: every event, in the order of its numbers.

use diesel::prelude::*;

use super::rows::EventRow;
use crate::{
    db::{Conn, Database, Error, Rows, schema::events},
    model::{BoardId, Event},
};

/// An event and the number of the last one that took it back, if any did.
pub struct LogEntry {
    pub event: Event,
    pub undone_by: Option<i64>,
}

/// One event; none if the board has no event of this number.
pub async fn event(
    database: &Database,
    board: BoardId,
    number: i64,
) -> Result<Option<Event>, Error> {
    let found = events::table.find((board.0, number));
    let row = database.read().await?.get::<EventRow, _>(found).await?;
    Ok(row.map(Event::try_from).transpose()?)
}

/// Every event after a version, in order.
pub async fn events_after(
    database: &Database,
    board: BoardId,
    version: i64,
) -> Result<Vec<Event>, Error> {
    after(&mut database.read().await?, board, version).await
}

/// Every event after one up to another, in order.
pub async fn events_between(
    database: &Database,
    board: BoardId,
    after: i64,
    last: i64,
) -> Result<Vec<Event>, Error> {
    let found = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(last))
        .order(events::number);
    read(&mut database.read().await?, found).await
}

/// [`events_after`] by a connection that is held already.
pub(super) async fn after(
    conn: &mut Conn,
    board: BoardId,
    version: i64,
) -> Result<Vec<Event>, Error> {
    let found = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(version))
        .order(events::number);
    read(conn, found).await
}

async fn read<'q>(conn: &mut Conn, found: impl Rows<'q, EventRow>) -> Result<Vec<Event>, Error> {
    let rows = conn.load::<EventRow, _>(found).await?;
    Ok(rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<_, _>>()?)
}

/// At most `limit` events below a number, newest first.
pub async fn events_before(
    database: &Database,
    board: BoardId,
    number: i64,
    limit: i64,
) -> Result<Vec<LogEntry>, Error> {
    let mut conn = database.read().await?;
    let found = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.lt(number))
        .order(events::number.desc())
        .limit(limit);
    let rows = conn.load::<EventRow, _>(found).await?;
    let events: Vec<Event> = rows
        .into_iter()
        .map(Event::try_from)
        .collect::<Result<_, _>>()?;
    let numbers: Vec<i64> = events.iter().map(|event| event.number).collect();
    let undone = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::undoes.eq_any(numbers))
        .order(events::number)
        .select((events::undoes, events::number));
    let undone = conn.load::<(Option<i64>, i64), _>(undone).await?;
    let taken_back = |number| {
        undone
            .iter()
            .rev()
            .find_map(|(undoes, by)| (*undoes == Some(number)).then_some(*by))
    };
    Ok(events
        .into_iter()
        .map(|event| LogEntry {
            undone_by: taken_back(event.number),
            event,
        })
        .collect())
}
