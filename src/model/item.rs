//! An item as a row of a board. Its rules are in `rules::item`.

use serde::{Deserialize, Serialize};

use super::{
    id::{ItemId, ParticipantId, Timestamp},
    name::{Kind, Name},
    text::Note,
};

/// An item: something that features belong to (a pizza).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub name: Name,
    pub kind: Option<Kind>,
    pub author: ParticipantId,
    pub created: Timestamp,
    pub deleted: Option<Timestamp>,
    /// Omitted from the log if absent, as in logs of earlier versions. Likewise `added_by_event`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The number of the event that added it; 0 if an earlier version added it.
    #[serde(default, skip_serializing_if = "is_zero", rename = "added")]
    pub added_by_event: i64,
}

pub(super) fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Item {
    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }
}
