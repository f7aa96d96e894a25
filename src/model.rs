//! The words and rules of SAVT as plain data and pure functions: a board, a wish, and the change it makes.
//! Knows no SQL, no HTTP and no clock: whoever asks brings the time.

mod action;
mod amount;
mod board;
mod change;
mod done;
mod draft;
mod event;
mod feature;
mod id;
mod identity;
mod item;
mod name;
mod participant;
mod personal_link;
mod refusal;
mod replay;
mod slug;
#[cfg(test)]
mod stored_json;
mod undo;
mod veto;
mod wish;

pub use action::Action;
pub use amount::{Amount, BadAmount};
pub use board::{Board, Counters, Rows, Stats};
pub use change::{Change, Edit};
pub use done::Note;
pub use event::{Actor, Event};
pub use feature::Feature;
pub use id::{BoardId, FeatureId, ItemId, ParticipantId, Thing};
pub use identity::Identity;
pub use item::Item;
pub use name::{BadName, Kind, Name, NameKey, Reason};
pub use participant::{Browser, Participant, Token};
pub use personal_link::PersonalLink;
pub use refusal::{Drift, Refusal, Target};
pub use replay::{Flaw, Replay};
pub use slug::Slug;
pub use veto::Veto;
pub use wish::{Decision, Deed, Wish, decide};

/// A point in time: UTC, whole microseconds.
pub type Moment = chrono::NaiveDateTime;
