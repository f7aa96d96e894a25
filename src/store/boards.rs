//! Loads and creates boards.

use diesel::prelude::*;

use super::rows::{BrowserRow, FeatureRow, ItemRow, ParticipantRow, VetoRow, unreadable};
use crate::{
    db::{
        Conn, Database, Error, columns,
        schema::{boards, browsers, features, items, participants, vetoes},
    },
    model::{Board, BoardId, BoardRows, Counters, Feature, Name, Slug, Timestamp},
};

/// How many ids one query has at most: older SQLite versions allow 999 parameters.
const IDS_PER_QUERY: usize = 500;

/// Loads a whole board in one consistent read; none if it does not exist.
pub async fn load(database: &Database, slug: &Slug) -> Result<Option<Board>, Error> {
    let mut conn = database.snapshot().await?;
    let query = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .select(columns::<BoardRow>());
    let Some(row) = conn.get::<BoardRow, _>(query).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    let rows = load_rows(&mut conn, row.id).await?;
    conn.rollback().await?;
    let (version, counters) = (row.version, row.counters());
    let empty = row.into_empty_board(slug.clone());
    Ok(Some(empty.with_rows(version, counters, rows)))
}

/// The row of a board in the table of boards.
#[derive(Queryable, Selectable)]
#[diesel(table_name = boards)]
pub(super) struct BoardRow {
    pub(super) id: i64,
    pub(super) slug: String,
    name: String,
    pub(super) version: i64,
    last_participant: i64,
    last_item: i64,
    last_feature: i64,
}

impl BoardRow {
    pub(super) fn counters(&self) -> Counters {
        Counters {
            participant: self.last_participant,
            item: self.last_item,
            feature: self.last_feature,
        }
    }

    /// The board before its first event.
    pub(super) fn into_empty_board(self, slug: Slug) -> Board {
        Board::new(BoardId(self.id), slug, Name::from_stored(self.name))
    }
}

/// Everything on a board.
pub(super) async fn load_rows(conn: &mut Conn, id: i64) -> Result<BoardRows, Error> {
    let participants = conn
        .load::<ParticipantRow, _>(participants::table.filter(participants::board_id.eq(id)))
        .await
        .map_err(unreadable("participants"))?;
    let browsers = conn
        .load::<BrowserRow, _>(browsers::table.filter(browsers::board_id.eq(id)))
        .await
        .map_err(unreadable("browsers"))?;
    let items = conn
        .load::<ItemRow, _>(items::table.filter(items::board_id.eq(id)))
        .await
        .map_err(unreadable("items"))?;
    let features = conn
        .load::<FeatureRow, _>(features::table.filter(features::board_id.eq(id)))
        .await
        .map_err(unreadable("features"))?;
    let vetoes = conn
        .load::<VetoRow, _>(vetoes::table.filter(vetoes::board_id.eq(id)))
        .await
        .map_err(unreadable("vetoes"))?;
    Ok(BoardRows {
        participants: participants.into_iter().map(Into::into).collect(),
        browsers: browsers.into_iter().map(Into::into).collect(),
        items: items.into_iter().map(Into::into).collect(),
        features: features
            .into_iter()
            .map(Feature::try_from)
            .collect::<Result<_, _>>()?,
        vetoes: vetoes.into_iter().map(Into::into).collect(),
    })
}

/// The number of the last event of a board; none if the board does not exist.
pub async fn version(database: &Database, board: BoardId) -> Result<Option<i64>, Error> {
    let query = boards::table.find(board.0).select(boards::version);
    database.read().await?.get(query).await
}

/// The versions of several boards, without those that do not exist.
pub async fn versions(
    database: &Database,
    boards: &[BoardId],
) -> Result<Vec<(BoardId, i64)>, Error> {
    let mut conn = database.read().await?;
    let mut versions = Vec::with_capacity(boards.len());
    for boards in boards.chunks(IDS_PER_QUERY) {
        let ids: Vec<i64> = boards.iter().map(|board| board.0).collect();
        let query = boards::table
            .filter(boards::id.eq_any(ids))
            .select((boards::id, boards::version));
        let rows = conn.load::<(i64, i64), _>(query).await?;
        versions.extend(rows.into_iter().map(|(id, version)| (BoardId(id), version)));
    }
    Ok(versions)
}

/// Creates an empty board.
pub async fn create_board(
    database: &Database,
    slug: &Slug,
    name: &Name,
    at: Timestamp,
) -> Result<(), Error> {
    let mut conn = database.write().await?;
    let row = (
        boards::slug.eq(slug.as_str()),
        boards::name.eq(name.as_str()),
        boards::created_at.eq(at),
    );
    conn.execute(diesel::insert_into(boards::table).values(row))
        .await?;
    conn.commit().await
}
