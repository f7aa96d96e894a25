//! What is known of a board without looking at what is on it.

use diesel::{
    prelude::*,
    sql_types::{Nullable, Timestamp as SqlTimestamp},
};

use super::staging::STAGED;
use crate::{
    db::{
        Conn, Database, Error,
        schema::{boards, events, settings},
    },
    model::{BoardId, Name, Slug, Timestamp},
};

diesel::define_sql_function! {
    /// The first of the two that is not null.
    fn coalesce(one: Nullable<SqlTimestamp>, other: SqlTimestamp) -> SqlTimestamp
}

/// What is known of a board.
#[derive(Clone, Debug)]
pub struct BoardHead {
    pub id: BoardId,
    /// As stored: perhaps no valid one.
    pub slug: String,
    pub name: Name,
    /// How many events it has.
    pub events: i64,
    pub created: Timestamp,
    /// When its last event happened, or when it was created.
    pub changed: Timestamp,
}

impl BoardHead {
    pub fn is_main(&self) -> bool {
        self.slug == Slug::main().as_str()
    }
}

/// Id, slug, name at creation, setting with the name (JSON), version, time of creation, time of the last event.
type Row = (
    i64,
    String,
    String,
    Option<String>,
    i64,
    Timestamp,
    Option<Timestamp>,
);

impl From<Row> for BoardHead {
    fn from((id, slug, created_as, name, events, created, changed): Row) -> BoardHead {
        let name = name.and_then(|name| serde_json::from_str(&name).ok());
        BoardHead {
            id: BoardId(id),
            slug,
            name: name.unwrap_or_else(|| Name::from_stored(created_as)),
            events,
            created,
            changed: changed.unwrap_or(created),
        }
    }
}

/// The query of all boards that exist.
macro_rules! heads {
    () => {{
        let last_event = events::board_id
            .eq(boards::id)
            .and(events::number.eq(boards::version));
        let name = settings::board_id
            .eq(boards::id)
            .and(settings::setting.eq("name"));
        boards::table
            .left_join(events::table.on(last_event))
            .left_join(settings::table.on(name))
            .filter(boards::deleted_at.is_null())
            .filter(boards::slug.not_like(STAGED))
            .select((
                boards::id,
                boards::slug,
                boards::name,
                settings::value.nullable(),
                boards::version,
                boards::created_at,
                events::at.nullable(),
            ))
    }};
}

/// One board; none if it does not exist.
pub async fn board_head(database: &Database, slug: &Slug) -> Result<Option<BoardHead>, Error> {
    let query = heads!().filter(boards::slug.eq(slug.as_str().to_owned()));
    let row = database.read().await?.get::<Row, _>(query).await?;
    Ok(row.map(BoardHead::from))
}

/// The next boards in the order of their ids, at most `limit`.
pub async fn board_heads(
    conn: &mut Conn,
    after: BoardId,
    limit: i64,
) -> Result<Vec<BoardHead>, Error> {
    let query = heads!()
        .filter(boards::id.gt(after.0))
        .order(boards::id)
        .limit(limit);
    let rows = conn.load::<Row, _>(query).await?;
    Ok(rows.into_iter().map(BoardHead::from).collect())
}

/// The same without boards that were changed at this time or later, and without `main`, which always exists.
pub async fn idle_boards(
    database: &Database,
    since: Timestamp,
    after: BoardId,
    limit: i64,
) -> Result<Vec<BoardHead>, Error> {
    let changed = coalesce(events::at.nullable(), boards::created_at);
    let query = heads!()
        .filter(boards::id.gt(after.0))
        .filter(boards::slug.ne(Slug::main().as_str().to_owned()))
        .filter(changed.lt(since))
        .order(boards::id)
        .limit(limit);
    let rows = database.read().await?.load::<Row, _>(query).await?;
    Ok(rows.into_iter().map(BoardHead::from).collect())
}
