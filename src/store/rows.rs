//! The rows of the tables, and their conversion from and to the model.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::{
    db,
    db::Deferred,
    db::schema::{browsers, consents, events, features, items, participants, settings, vetoes},
    model::{
        Action, Actor, Amount, Browser, BrowserId, Consent, ConsentState, Event, Feature,
        FeatureId, Item, ItemId, Kind, Name, Note, Participant, ParticipantId, Reason, Setting,
        Timestamp, Veto,
    },
};

/// A stored value that the model does not allow: another program changed the database.
#[derive(Debug, thiserror::Error)]
#[error("the database holds {what} that cannot be read: {reason}")]
pub(super) struct UnreadableValue {
    what: &'static str,
    reason: String,
}

impl From<UnreadableValue> for db::Error {
    fn from(value: UnreadableValue) -> db::Error {
        db::Error::Unusable(value.to_string())
    }
}

/// Names what could not be read in the error.
pub(super) fn unreadable(what: &'static str) -> impl FnOnce(db::Error) -> db::Error {
    move |error| match error {
        db::Error::Query(diesel::result::Error::DeserializationError(error)) => UnreadableValue {
            what,
            reason: error.to_string(),
        }
        .into(),
        error => error,
    }
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = participants, primary_key(board_id, id), treat_none_as_null = true)]
pub(super) struct ParticipantRow {
    board_id: i64,
    id: i64,
    name: String,
    joined_at: Timestamp,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = browsers, primary_key(board_id, token), treat_none_as_null = true)]
pub(super) struct BrowserRow {
    board_id: i64,
    token: String,
    participant_id: i64,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = items, primary_key(board_id, id), treat_none_as_null = true)]
pub(super) struct ItemRow {
    board_id: i64,
    id: i64,
    name: String,
    kind: Option<String>,
    author_id: i64,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
    note: Option<String>,
    added_by_event: i64,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = features, primary_key(board_id, id), treat_none_as_null = true)]
pub(super) struct FeatureRow {
    board_id: i64,
    id: i64,
    item_id: Option<i64>,
    name: String,
    amount: i16,
    author_id: i64,
    created_at: Timestamp,
    deleted_at: Option<Timestamp>,
    remainder: bool,
    added_by_event: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = vetoes)]
pub(super) struct VetoRow {
    board_id: i64,
    feature_id: i64,
    participant_id: i64,
    created_at: Timestamp,
    reason: Option<String>,
    given_to: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = consents)]
pub(super) struct ConsentRow {
    board_id: i64,
    participant_id: i64,
    as_of: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = settings)]
pub(super) struct SettingRow {
    board_id: i64,
    setting: String,
    value: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = events)]
pub(super) struct EventRow {
    board_id: i64,
    number: i64,
    at: Timestamp,
    actor_id: i64,
    actor_name: String,
    action: String,
    change: String,
    undoes: Option<i64>,
    makes_agreed: bool,
}

impl ParticipantRow {
    pub(super) fn from_model(board: i64, row: &Participant) -> Self {
        Self {
            board_id: board,
            id: row.id.0,
            name: row.name.to_string(),
            joined_at: row.joined,
        }
    }
}

impl From<ParticipantRow> for Participant {
    fn from(row: ParticipantRow) -> Self {
        Self {
            id: ParticipantId(row.id),
            name: Name::from_stored(row.name),
            joined: row.joined_at,
        }
    }
}

impl BrowserRow {
    pub(super) fn from_model(board: i64, row: &Browser) -> Self {
        Self {
            board_id: board,
            token: row.id.as_str().to_owned(),
            participant_id: row.participant.0,
        }
    }
}

impl From<BrowserRow> for Browser {
    fn from(row: BrowserRow) -> Self {
        Self {
            id: BrowserId::from_hash(row.token),
            participant: ParticipantId(row.participant_id),
        }
    }
}

impl ItemRow {
    pub(super) fn from_model(board: i64, row: &Item) -> Self {
        Self {
            board_id: board,
            id: row.id.0,
            name: row.name.to_string(),
            kind: row.kind.as_ref().map(Kind::to_string),
            author_id: row.author.0,
            created_at: row.created,
            deleted_at: row.deleted,
            note: row.note.as_ref().map(Note::to_string),
            added_by_event: row.added_by_event,
        }
    }
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Self {
            id: ItemId(row.id),
            name: Name::from_stored(row.name),
            kind: row.kind.map(Kind::from_stored),
            author: ParticipantId(row.author_id),
            created: row.created_at,
            deleted: row.deleted_at,
            note: row.note.map(Note::from_stored),
            added_by_event: row.added_by_event,
        }
    }
}

impl FeatureRow {
    pub(super) fn from_model(board: i64, row: &Feature) -> Self {
        Self {
            board_id: board,
            id: row.id.0,
            item_id: row.item.map(|item| item.0),
            name: row.name.to_string(),
            amount: row.amount.get().into(),
            author_id: row.author.0,
            created_at: row.created,
            deleted_at: row.deleted,
            remainder: row.remainder,
            added_by_event: row.added_by_event,
        }
    }
}

impl TryFrom<FeatureRow> for Feature {
    type Error = UnreadableValue;

    fn try_from(row: FeatureRow) -> Result<Self, UnreadableValue> {
        let amount = Amount::new(row.amount.into()).ok_or_else(|| UnreadableValue {
            what: "an amount",
            reason: row.amount.to_string(),
        })?;
        Ok(Self {
            id: FeatureId(row.id),
            item: row.item_id.map(ItemId),
            name: Name::from_stored(row.name),
            amount,
            author: ParticipantId(row.author_id),
            created: row.created_at,
            deleted: row.deleted_at,
            remainder: row.remainder,
            added_by_event: row.added_by_event,
        })
    }
}

impl VetoRow {
    pub(super) fn from_model(board: i64, row: &Veto) -> Self {
        Self {
            board_id: board,
            feature_id: row.feature.0,
            participant_id: row.participant.0,
            created_at: row.at,
            reason: row.reason.as_ref().map(Reason::to_string),
            given_to: row.given_to.as_ref().map(Name::to_string),
        }
    }
}

impl From<VetoRow> for Veto {
    fn from(row: VetoRow) -> Self {
        Self {
            feature: FeatureId(row.feature_id),
            participant: ParticipantId(row.participant_id),
            at: row.created_at,
            reason: row.reason.map(Reason::from_stored),
            given_to: row.given_to.map(Name::from_stored),
        }
    }
}

impl ConsentRow {
    pub(super) fn from_model(board: i64, row: &Consent) -> Self {
        Self {
            board_id: board,
            participant_id: row.participant.0,
            as_of: match row.state {
                ConsentState::Fine { as_of } => Some(as_of),
                ConsentState::NotTakingPart => None,
            },
        }
    }
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        Self {
            participant: ParticipantId(row.participant_id),
            state: match row.as_of {
                Some(as_of) => ConsentState::Fine { as_of },
                None => ConsentState::NotTakingPart,
            },
        }
    }
}

impl SettingRow {
    pub(super) fn from_model(board: i64, row: &Setting) -> Result<Self, UnreadableValue> {
        let tagged = serde_json::to_value(row).map_err(unreadable_setting)?;
        let setting = tagged["setting"].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            board_id: board,
            setting,
            value: tagged["value"].to_string(),
        })
    }

    /// The primary key.
    pub(super) fn into_key(self) -> (i64, String) {
        (self.board_id, self.setting)
    }

    /// The primary key, and the value as JSON.
    pub(super) fn into_key_and_value(self) -> ((i64, String), String) {
        ((self.board_id, self.setting), self.value)
    }
}

impl TryFrom<SettingRow> for Setting {
    type Error = UnreadableValue;

    fn try_from(row: SettingRow) -> Result<Self, UnreadableValue> {
        let value: Value = serde_json::from_str(&row.value).map_err(unreadable_setting)?;
        let tagged = json!({ "setting": row.setting, "value": value });
        serde_json::from_value(tagged).map_err(unreadable_setting)
    }
}

fn unreadable_setting(error: serde_json::Error) -> UnreadableValue {
    UnreadableValue {
        what: "a setting",
        reason: error.to_string(),
    }
}

impl EventRow {
    pub(super) fn number(&self) -> i64 {
        self.number
    }

    /// The statement that rewrites an event whose participants were erased.
    pub(super) fn rewrite(self) -> impl Deferred + use<> {
        diesel::update(events::table.find((self.board_id, self.number))).set((
            events::actor_name.eq(self.actor_name),
            events::action.eq(self.action),
            events::change.eq(self.change),
            events::makes_agreed.eq(self.makes_agreed),
        ))
    }

    pub(super) fn from_model(board: i64, event: &Event) -> Result<Self, UnreadableValue> {
        let json = |what, text: serde_json::Result<String>| {
            text.map_err(|error| UnreadableValue {
                what,
                reason: error.to_string(),
            })
        };
        Ok(Self {
            board_id: board,
            number: event.number,
            at: event.at,
            actor_id: event.actor.id.0,
            actor_name: event.actor.name.to_string(),
            action: json("an action", serde_json::to_string(&event.action))?,
            change: json("a change", serde_json::to_string(&event.change))?,
            undoes: event.undoes,
            makes_agreed: event.makes_agreed,
        })
    }
}

pub(super) fn action_from_json(action: &str) -> Result<Action, UnreadableValue> {
    serde_json::from_str(action).map_err(|error| UnreadableValue {
        what: "an action",
        reason: error.to_string(),
    })
}

impl TryFrom<EventRow> for Event {
    type Error = UnreadableValue;

    fn try_from(row: EventRow) -> Result<Self, UnreadableValue> {
        Ok(Self {
            number: row.number,
            at: row.at,
            actor: Actor {
                id: ParticipantId(row.actor_id),
                name: Name::from_stored(row.actor_name),
            },
            action: action_from_json(&row.action)?,
            change: serde_json::from_str(&row.change).map_err(|error| UnreadableValue {
                what: "a change",
                reason: error.to_string(),
            })?,
            undoes: row.undoes,
            makes_agreed: row.makes_agreed,
        })
    }
}
