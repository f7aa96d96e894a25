//! Features and their vetoes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row_id::RowId;
use crate::{
    api::present::present,
    model::{self, Board, RowTag},
};

/// A suggested property of one item, or of all.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Feature {
    #[schema(minimum = 1, example = 7)]
    pub(in crate::api) id: i64,
    #[schema(example = "Mozzarella")]
    name: String,
    #[schema(minimum = 1, maximum = 3, example = 1)]
    amount: u8,
    /// The item it belongs to; null for a free feature, which is for all.
    #[schema(required, example = 3)]
    item_id: Option<i64>,
    /// The participant who suggested it first.
    created_by: i64,
    /// For `If-Match`: changes with name, amount and item.
    #[schema(example = "3f2a9c01d4e5b678")]
    etag: String,
    /// In the order in which their participants joined.
    vetoes: Vec<Veto>,
}

/// One participant's objection to a feature.
#[derive(Debug, Serialize, ToSchema)]
struct Veto {
    participant_id: i64,
    #[schema(example = "Ann")]
    name: String,
    #[schema(required, example = "I am allergic to it")]
    reason: Option<String>,
    /// What the feature was called when the veto was given, if it has another name now.
    #[schema(required)]
    given_to: Option<String>,
}

/// Some features, by id.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Features {
    pub(in crate::api) features: Vec<Feature>,
    /// Send it as `after` for the next page; null on the last one.
    #[schema(required)]
    pub(in crate::api) next: Option<i64>,
}

/// A feature to suggest.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Suggestion {
    #[schema(min_length = 1, max_length = 100, example = "Mozzarella")]
    pub(in crate::api) name: String,
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 3, default = 1)]
    pub(in crate::api) amount: i64,
    /// The item it belongs to; absent or null for a free feature.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, example = 3)]
    pub(in crate::api) item_id: Option<RowId>,
}

/// What changes of a feature: the members that are present (RFC 7396).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct FeaturePatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 100)]
    pub(in crate::api) name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, nullable = false, minimum = 1, maximum = 3, example = 2)]
    pub(in crate::api) amount: Option<Option<i64>>,
    /// Moves the feature to this item, or with null to the free ones. If there is one of this name already, their amounts are added
    /// up to 3 and their vetoes come together; what does not fit stays.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub(in crate::api) item_id: Option<Option<RowId>>,
}

/// Why a feature is vetoed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct VetoReason {
    /// Absent: the reason of an existing veto stays. Null or empty: it is removed.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 200, example = "I am allergic to it")]
    pub(in crate::api) reason: Option<Option<String>>,
}

fn one() -> i64 {
    1
}

impl Feature {
    pub(in crate::api) fn new(feature: &model::Feature, board: &Board) -> Feature {
        let vetoes = board.vetoes_of(feature.id).filter_map(|veto| {
            Some(Veto {
                participant_id: veto.participant.0,
                name: board.participant(veto.participant)?.name.to_string(),
                reason: veto.reason.as_ref().map(ToString::to_string),
                given_to: veto.given_to.as_ref().map(ToString::to_string),
            })
        });
        Feature {
            id: feature.id.0,
            name: feature.name.to_string(),
            amount: feature.amount.get(),
            item_id: feature.item.map(|item| item.0),
            created_by: feature.author.0,
            etag: RowTag::of_feature(feature).as_str().to_owned(),
            vetoes: vetoes.collect(),
        }
    }
}
