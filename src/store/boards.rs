//! Loads boards.

use diesel::prelude::*;

use super::rows::{
    BrowserRow, ConsentRow, FeatureRow, ItemRow, ParticipantRow, SettingRow, VetoRow, unreadable,
};
use crate::{
    db::{
        Conn, Database, Error, columns,
        schema::{
            boards, browsers, consents, events, features, items, participants, settings, vetoes,
        },
    },
    model::{
        Board, BoardId, BoardRows, Counters, Epoch, Feature, Name, ParticipantId, Renewal,
        Renewals, Setting, Slug,
    },
};

/// Loads a whole board in one consistent read; none if it does not exist, or was deleted.
pub async fn load(database: &Database, slug: &Slug) -> Result<Option<Board>, Error> {
    let mut conn = database.snapshot().await?;
    let query = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .filter(boards::deleted_at.is_null())
        .select(columns::<BoardRow>());
    let Some(row) = conn.get::<BoardRow, _>(query).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    let rows = load_rows(&mut conn, row.id).await?;
    let last_event = events::table.find((row.id, row.version));
    let last_event_at = conn.get(last_event.select(events::at)).await?;
    conn.rollback().await?;
    let (version, counters, renewals) = (row.version, row.counters(), row.renewals());
    let empty = row.into_empty_board(slug.clone());
    let board = empty.with_rows(version, counters, renewals, rows);
    Ok(Some(board.with_last_event_at(last_event_at)))
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
    epoch: i64,
    renewal: Option<i64>,
    renewal_by: Option<i64>,
    renewal_before: Option<i64>,
    renewal_before_by: Option<i64>,
}

impl BoardRow {
    pub(super) fn counters(&self) -> Counters {
        Counters {
            participant: self.last_participant,
            item: self.last_item,
            feature: self.last_feature,
        }
    }

    pub(super) fn renewals(&self) -> Renewals {
        let renewal = |event: Option<i64>, by: Option<i64>| {
            let (event, by) = event.zip(by)?;
            let by = ParticipantId(by);
            Some(Renewal { event, by })
        };
        Renewals {
            last: renewal(self.renewal, self.renewal_by),
            before: renewal(self.renewal_before, self.renewal_before_by),
        }
    }

    /// The board before its first event.
    pub(super) fn into_empty_board(self, slug: Slug) -> Board {
        let mut board = Board::new(BoardId(self.id), slug, Name::from_stored(self.name));
        board.epoch = Epoch(self.epoch);
        board
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
    let consents = conn
        .load::<ConsentRow, _>(consents::table.filter(consents::board_id.eq(id)))
        .await
        .map_err(unreadable("consents"))?;
    let settings = conn
        .load::<SettingRow, _>(settings::table.filter(settings::board_id.eq(id)))
        .await
        .map_err(unreadable("settings"))?;
    Ok(BoardRows {
        participants: participants.into_iter().map(Into::into).collect(),
        browsers: browsers.into_iter().map(Into::into).collect(),
        items: items.into_iter().map(Into::into).collect(),
        features: features
            .into_iter()
            .map(Feature::try_from)
            .collect::<Result<_, _>>()?,
        vetoes: vetoes.into_iter().map(Into::into).collect(),
        consents: consents.into_iter().map(Into::into).collect(),
        settings: settings
            .into_iter()
            .map(Setting::try_from)
            .collect::<Result<_, _>>()?,
    })
}
