//! Reads a board whole, page by page of its log. No transaction stays open meanwhile: events do not change, and a page of another epoch
//! is noticed.

use diesel::prelude::*;

use super::{
    check::page_end,
    log::octet_length,
    rows::{EventRow, unreadable},
};
use crate::{
    db::{
        Database, Error,
        schema::{boards, events},
    },
    model::{BoardId, Epoch, Event, Name, Slug, Timestamp},
};

/// How many events are loaded at once.
const PAGE_SIZE: i64 = 500;

/// What does not follow from the log of a board.
pub struct StoredBoard {
    pub id: BoardId,
    pub slug: Slug,
    /// The name that the board was created with.
    pub created_as: Name,
    pub created_at: Timestamp,
    pub epoch: Epoch,
    /// The number of the last event.
    pub version: i64,
}

/// A board as it is now; none if it does not exist.
pub async fn stored_board(database: &Database, slug: &Slug) -> Result<Option<StoredBoard>, Error> {
    let query = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .filter(boards::deleted_at.is_null())
        .select((
            boards::id,
            boards::name,
            boards::created_at,
            boards::epoch,
            boards::version,
        ));
    let mut conn = database.read().await?;
    let row = conn.get::<(i64, String, Timestamp, i64, i64), _>(query);
    let row = row.await.map_err(unreadable("a board"))?;
    Ok(
        row.map(|(id, name, created_at, epoch, version)| StoredBoard {
            id: BoardId(id),
            slug: slug.clone(),
            created_as: Name::from_stored(name),
            created_at,
            epoch: Epoch(epoch),
            version,
        }),
    )
}

/// The slugs of all boards, the oldest first.
pub async fn board_slugs(database: &Database) -> Result<Vec<Slug>, Error> {
    let query = boards::table
        .filter(boards::deleted_at.is_null())
        .order(boards::id)
        .select(boards::slug);
    let slugs = database.read().await?.load::<String, _>(query).await?;
    // Boards that are being imported or discarded have none.
    Ok(slugs.iter().filter_map(|slug| Slug::parse(slug)).collect())
}

/// The first events after a number, up to the board's version, in order. None if the board is in another epoch by now, or has lost
/// events. A page has a bounded size, and at least one event if there is one.
pub async fn events_page(
    database: &Database,
    board: &StoredBoard,
    after: i64,
) -> Result<Option<Vec<Event>>, Error> {
    if after >= board.version {
        return Ok(Some(Vec::new()));
    }
    let mut conn = database.read().await?;
    let bytes = octet_length(events::action) + octet_length(events::change);
    let sizes = events::table
        .filter(events::board_id.eq(board.id.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(board.version))
        .order(events::number)
        .limit(PAGE_SIZE)
        .select((events::number, bytes));
    let sizes = conn.load::<(i64, i32), _>(sizes).await?;
    let last = page_end(&sizes);
    // The epoch in the same query: these are events of that epoch.
    let query = events::table
        .inner_join(boards::table.on(boards::id.eq(events::board_id)))
        .filter(events::board_id.eq(board.id.0))
        .filter(boards::epoch.eq(board.epoch.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(last))
        .order(events::number)
        .select(events::all_columns);
    let rows = conn.load::<EventRow, _>(query).await;
    let rows = rows.map_err(unreadable("an event"))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let events = rows.into_iter().map(Event::try_from);
    Ok(Some(events.collect::<Result<_, _>>()?))
}
