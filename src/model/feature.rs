//! A feature as a row of a board. Its rules are in `rules::feature`.

use serde::{Deserialize, Serialize};

use super::{
    amount::Amount,
    id::{FeatureId, ItemId, ParticipantId, Timestamp},
    item::is_zero,
    name::Name,
};

/// A suggested property (a topping) of one item, or of no item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    pub id: FeatureId,
    /// `None` for a feature that belongs to no item.
    pub item: Option<ItemId>,
    pub name: Name,
    pub amount: Amount,
    pub author: ParticipantId,
    pub created: Timestamp,
    pub deleted: Option<Timestamp>,
    /// What a move or a merge left behind because it did not fit, until the feature changes again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub remainder: bool,
    /// The number of the event that added it; 0 if an earlier version added it.
    #[serde(default, skip_serializing_if = "is_zero", rename = "added")]
    pub added_by_event: i64,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Feature {
    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }
}
