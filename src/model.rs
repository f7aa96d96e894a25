//! The vocabulary and the rules of SAVT as plain data and pure functions, in the terms of event sourcing:
//! [`decide`](decide()) handles a [`Command`] on a [`Board`] and returns the resulting [`Event`]s or a [`Rejection`], and
//! [`Board::apply`] applies an event to a board.
//!
//! Knows no SQL, no HTTP and no clock: the caller passes the time.

mod action;
mod amount;
mod board;
mod bounds;
mod change;
mod command;
mod consent;
mod content;
mod decide;
mod decision;
mod epoch;
mod erasure;
mod event;
mod feature;
mod id;
mod identity;
mod integrity_finding;
mod item;
mod last_change;
mod limits;
mod name;
mod name_list;
mod participant;
mod personal_link;
mod references;
mod rejection;
mod replay;
mod request;
mod result;
mod row_tag;
mod rules;
mod setting;
mod slug;
#[cfg(test)]
mod stored_json;
mod text;
mod veto;

pub use action::Action;
pub use amount::{Amount, InvalidAmount};
pub use board::{Board, BoardRows, Closed, ConsentCount, Counters, KeptRows, Stats};
pub use bounds::{OutOfBounds, is_storable};
pub use change::{Change, Edit};
pub use command::{ActionSequence, BoardAction, Command, FieldEdit, SettingsEdit};
pub use consent::{Consent, ConsentState, Renewal, Renewals, Standing};
pub use content::{BoardContent, FeatureContent, ItemContent};
pub use decide::decide;
pub use decision::Decision;
pub use epoch::Epoch;
pub use erasure::Erasure;
pub use event::{Actor, Event, EventSummary};
pub use feature::Feature;
pub use id::{BoardId, BoardObject, FeatureId, ItemId, ParticipantId, Timestamp};
pub use identity::Identity;
pub use integrity_finding::IntegrityFinding;
pub use item::Item;
pub use last_change::{Direction, Found, LastChange};
pub use limits::{Limit, Limits};
pub use name::{InvalidName, Kind, LookAlikeKey, Name, NameKey, Reason, Word};
pub use name_list::{InvalidNames, MAX_NAMES, parse_names};
pub use participant::{Browser, BrowserId, Participant};
pub use personal_link::PersonalLink;
pub use rejection::{FieldConflict, Rejection, Target, UndoConflict};
pub use replay::Replay;
pub use request::{RecordedRequest, RequestKey, RequestSalt};
pub use result::{DecisionResult, ResultFeature, ResultItem, ResultVeto};
pub use row_tag::RowTag;
pub use rules::effect::Notice;
pub use setting::{
    BoardTerminology, Closing, Deadline, Outcome, ReasonPolicy, Setting, SettingKey,
};
pub use slug::Slug;
pub use text::{Note, OutcomeText, Purpose, Text};
pub use veto::Veto;
