//! The log of a board: every event, in the order of its numbers. An event may be large, so each caller says how much it loads.

use std::ops::RangeInclusive;

use diesel::{
    dsl::{count_star, sum},
    prelude::*,
    sql_types::Text,
};

use super::rows::EventRow;
use crate::{
    db::{Conn, Database, Error, schema::events},
    model::{BoardId, Event},
};

diesel::define_sql_function! {
    /// The length of a text in bytes. Neither database reads the text for it.
    fn octet_length(text: Text) -> Integer
}

/// An event of the log.
pub enum StoredEvent {
    /// The board has no event with this number.
    Missing,
    /// Its change is larger than the caller accepts.
    TooLarge,
    Loaded(Box<Event>),
}

/// One event, if its change has at most `max_bytes`.
pub async fn event(
    database: &Database,
    board: BoardId,
    number: i64,
    max_bytes: usize,
) -> Result<StoredEvent, Error> {
    let mut conn = database.read().await?;
    let key = events::table.find((board.0, number));
    let bytes = conn
        .get::<i32, _>(key.select(octet_length(events::change)))
        .await?;
    match bytes {
        None => return Ok(StoredEvent::Missing),
        Some(bytes) if !fits(bytes.into(), max_bytes) => return Ok(StoredEvent::TooLarge),
        Some(_) => {}
    }
    Ok(match conn.get::<EventRow, _>(key).await? {
        Some(row) => StoredEvent::Loaded(Box::new(Event::try_from(row)?)),
        None => StoredEvent::Missing,
    })
}

/// All events after a version, in order; none if they have more than `max_bytes` together.
pub async fn events_after(
    database: &Database,
    board: BoardId,
    version: i64,
    max_bytes: usize,
) -> Result<Option<Vec<Event>>, Error> {
    events_between(database, board, version..=i64::MAX, max_bytes).await
}

/// The events after the first number of a span, up to and including the last, in order; none if they have more than `max_bytes`
/// together.
pub async fn events_between(
    database: &Database,
    board: BoardId,
    span: RangeInclusive<i64>,
    max_bytes: usize,
) -> Result<Option<Vec<Event>>, Error> {
    load_events_between(&mut database.read().await?, board, span, max_bytes).await
}

/// [`events_between`] on an open connection.
pub(super) async fn load_events_between(
    conn: &mut Conn,
    board: BoardId,
    span: RangeInclusive<i64>,
    max_bytes: usize,
) -> Result<Option<Vec<Event>>, Error> {
    let events = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(*span.start()))
        .filter(events::number.le(*span.end()));
    let bytes = octet_length(events::action) + octet_length(events::change);
    let size = conn
        .get::<(i64, Option<i64>), _>(events.select((count_star(), sum(bytes))))
        .await?;
    match size {
        None | Some((0, _)) => return Ok(Some(Vec::new())),
        Some((_, bytes)) if !fits(bytes.unwrap_or(0), max_bytes) => return Ok(None),
        Some(_) => {}
    }
    let rows = conn
        .load::<EventRow, _>(events.order(events::number))
        .await?;
    let events = rows.into_iter().map(Event::try_from);
    Ok(Some(events.collect::<Result<_, _>>()?))
}

fn fits(bytes: i64, max_bytes: usize) -> bool {
    usize::try_from(bytes).is_ok_and(|bytes| bytes <= max_bytes)
}
