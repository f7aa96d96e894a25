//! A board out of its tables.

use diesel::prelude::*;

use super::rows::{BrowserRow, FeatureRow, ItemRow, ParticipantRow, VetoRow, unreadable};
use crate::{
    db::{
        Conn, Database, Error, columns,
        schema::{boards, browsers, features, items, participants, vetoes},
    },
    model::{Board, BoardId, Counters, Feature, Moment, Name, Rows, Slug},
};

/// Loads a whole board as it is at one moment; none if there is no such board.
pub async fn load(database: &Database, slug: &Slug) -> Result<Option<Board>, Error> {
    let mut conn = database.snapshot().await?;
    let found = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .select(columns::<Head>());
    let Some(head) = conn.get::<Head, _>(found).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    let rows = rows(&mut conn, head.id).await?;
    conn.rollback().await?;
    let (version, last) = (head.version, head.counters());
    Ok(Some(head.empty(slug.clone()).restored(version, last, rows)))
}

/// A board without its rows.
#[derive(Queryable, Selectable)]
#[diesel(table_name = boards)]
pub(super) struct Head {
    pub(super) id: i64,
    pub(super) slug: String,
    name: String,
    pub(super) version: i64,
    last_participant: i64,
    last_item: i64,
    last_feature: i64,
}

impl Head {
    pub(super) fn counters(&self) -> Counters {
        Counters {
            participant: self.last_participant,
            item: self.last_item,
            feature: self.last_feature,
        }
    }

    /// The board before anything happened on it.
    pub(super) fn empty(self, slug: Slug) -> Board {
        Board::new(BoardId(self.id), slug, Name::stored(self.name))
    }
}

/// Everything on a board.
pub(super) async fn rows(conn: &mut Conn, id: i64) -> Result<Rows, Error> {
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
    Ok(Rows {
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

/// The number of the last event of a board; none if there is no such board.
pub async fn version(database: &Database, board: BoardId) -> Result<Option<i64>, Error> {
    let found = boards::table.find(board.0).select(boards::version);
    database.read().await?.get(found).await
}

/// The same of several boards; those that do not exist are left out.
pub async fn versions(
    database: &Database,
    boards: &[BoardId],
) -> Result<Vec<(BoardId, i64)>, Error> {
    let mut conn = database.read().await?;
    let mut versions = Vec::with_capacity(boards.len());
    for boards in boards.chunks(AT_ONCE) {
        let ids: Vec<i64> = boards.iter().map(|board| board.0).collect();
        let found = boards::table
            .filter(boards::id.eq_any(ids))
            .select((boards::id, boards::version));
        let rows = conn.load::<(i64, i64), _>(found).await?;
        versions.extend(rows.into_iter().map(|(id, version)| (BoardId(id), version)));
    }
    Ok(versions)
}

/// How many values a question names at most: SQLite once took no more than 999.
const AT_ONCE: usize = 500;

/// Makes an empty board.
pub async fn create_board(
    database: &Database,
    slug: &Slug,
    name: &Name,
    at: Moment,
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
