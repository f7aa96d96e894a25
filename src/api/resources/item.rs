//! Items.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{feature::Feature, row_id::RowId};
use crate::{
    api::present::present,
    model::{self, Board, RowTag},
};

/// A thing that the group chooses among.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Item {
    #[schema(minimum = 1, example = 3)]
    pub(in crate::api) id: i64,
    #[schema(example = "Margherita")]
    name: String,
    #[schema(required, example = "vegetarian")]
    kind: Option<String>,
    #[schema(required)]
    note: Option<String>,
    /// The participant who added it.
    created_by: i64,
    /// For `If-Match`: changes with name, kind and note.
    #[schema(example = "9b01d4e5b6783f2a")]
    etag: String,
    features: Vec<Feature>,
}

/// Some items, by id.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Items {
    pub(in crate::api) items: Vec<Item>,
    /// Send it as `after` for the next page; null on the last one.
    #[schema(required)]
    pub(in crate::api) next: Option<i64>,
}

/// An item to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NewItem {
    #[schema(min_length = 1, max_length = 100, example = "Margherita")]
    pub(in crate::api) name: String,
    #[serde(default)]
    #[schema(max_length = 50, example = "vegetarian")]
    pub(in crate::api) kind: Option<String>,
    /// Where, how much, the menu. Line breaks are kept.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(in crate::api) note: Option<String>,
}

/// What changes of an item: the members that are present (RFC 7396).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ItemPatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 100, example = "Marinara")]
    pub(in crate::api) name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub(in crate::api) kind: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub(in crate::api) note: Option<Option<String>>,
}

/// Into which item another one is merged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Merge {
    /// The id of the item that takes in the other one.
    #[schema(value_type = i64, minimum = 1, example = 4)]
    pub(in crate::api) into: RowId,
}

impl Item {
    pub(in crate::api) fn new(item: &model::Item, board: &Board) -> Item {
        let features = board.features_of(Some(item.id));
        Item {
            id: item.id.0,
            name: item.name.to_string(),
            kind: item.kind.as_ref().map(ToString::to_string),
            note: item.note.as_ref().map(ToString::to_string),
            created_by: item.author.0,
            etag: RowTag::of_item(item).as_str().to_owned(),
            features: features
                .map(|feature| Feature::new(feature, board))
                .collect(),
        }
    }
}
