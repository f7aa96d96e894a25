//! An item as a row of a board. Its rules are in `rules::item`.

use serde::{Deserialize, Serialize};

use super::{
    id::{ItemId, ParticipantId, Timestamp},
    name::{Kind, Name},
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
}

impl Item {
    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }
}
