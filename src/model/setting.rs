//! Rule 13 and 15: the settings of a board as rows, one for each setting that was made. Their rules are in `rules::settings` and
//! `rules::closing`.

use serde::{Deserialize, Serialize};

use super::{
    id::{ItemId, ParticipantId, Timestamp},
    name::{Name, Word},
    text::{OutcomeText, Purpose},
};

/// Which setting a row holds. A board has at most one row of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingKey {
    Name,
    Purpose,
    Terminology,
    Reasons,
    Deadline,
    Closing,
}

/// A setting of a board. A setting without a row has its default. Stored with these tags: the names in Rust may change, the stored
/// ones may not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "setting", content = "value")]
pub enum Setting {
    /// Default: the name that the board was created with.
    #[serde(rename = "name")]
    Name(Name),
    #[serde(rename = "purpose")]
    Purpose(Purpose),
    /// Default: that of the program.
    #[serde(rename = "terminology")]
    Terminology(BoardTerminology),
    /// Default: optional.
    #[serde(rename = "reasons")]
    Reasons(ReasonPolicy),
    #[serde(rename = "deadline")]
    Deadline(Deadline),
    /// Present while the board is closed by hand.
    #[serde(rename = "closing")]
    Closing(Closing),
}

impl Setting {
    pub fn key(&self) -> SettingKey {
        match self {
            Setting::Name(_) => SettingKey::Name,
            Setting::Purpose(_) => SettingKey::Purpose,
            Setting::Terminology(_) => SettingKey::Terminology,
            Setting::Reasons(_) => SettingKey::Reasons,
            Setting::Deadline(_) => SettingKey::Deadline,
            Setting::Closing(_) => SettingKey::Closing,
        }
    }
}

/// What a board calls its items and features, as written inside a sentence, in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardTerminology {
    pub item: Word,
    pub items: Word,
    pub feature: Word,
    pub features: Word,
}

/// Whether a veto has to say why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReasonPolicy {
    #[default]
    #[serde(rename = "optional")]
    Optional,
    #[serde(rename = "required")]
    Required,
}

/// When a board closes by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deadline {
    pub at: Timestamp,
    /// Who set it.
    pub by: ParticipantId,
    /// The name of `by` at that time, in case that the participant becomes another one.
    pub name: Name,
}

/// That a board was closed by hand, and with what outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    pub at: Timestamp,
    pub by: ParticipantId,
    /// The name of `by` at that time, in case that the participant becomes another one.
    pub name: Name,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a board was closed with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<OutcomeText>,
    /// In the order of their ids, at most [`Outcome::MAX_CHOSEN`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<ItemId>,
}

impl Outcome {
    /// How many items an outcome may choose.
    pub const MAX_CHOSEN: usize = 100;
}
