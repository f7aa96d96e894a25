//! The rows that a command changed: the answer of operations that change several.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{event::Event, feature::Feature, item::Item};
use crate::{
    board::CommandOutcome,
    model::{Edit, EventSummary, FeatureId, ItemId},
};

/// The items and features that an operation changed, as they are afterwards.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct ChangedRows {
    items: Vec<Item>,
    features: Vec<Feature>,
    /// The ids of changed items that no longer exist.
    deleted_items: Vec<i64>,
    /// The ids of changed features that no longer exist.
    deleted_features: Vec<i64>,
    /// The event of the operation; null if nothing had to change.
    #[schema(required)]
    event: Option<Event>,
}

impl ChangedRows {
    pub(in crate::api) fn by(outcome: &CommandOutcome) -> ChangedRows {
        let board = &outcome.snapshot.board;
        let changes = || outcome.events.iter().map(|event| &event.change);
        let items = changes().flat_map(|change| &change.items);
        let items: BTreeSet<ItemId> = items.filter_map(Edit::latest).map(|row| row.id).collect();
        let features = changes().flat_map(|change| &change.features);
        let features = features.filter_map(Edit::latest).map(|row| row.id);
        let vetoes = changes().flat_map(|change| &change.vetoes);
        let vetoed = vetoes.filter_map(Edit::latest).map(|veto| veto.feature);
        let features: BTreeSet<FeatureId> = features.chain(vetoed).collect();
        // After it, an actor who was set aside takes part again, which is an event of its own.
        let event = outcome.events.first().map(EventSummary::from);
        let mut rows = ChangedRows {
            items: Vec::new(),
            features: Vec::new(),
            deleted_items: Vec::new(),
            deleted_features: Vec::new(),
            event: event.as_ref().map(Event::from),
        };
        for id in items {
            match board.live_item(id) {
                Ok(item) => rows.items.push(Item::new(item, board)),
                Err(_) => rows.deleted_items.push(id.0),
            }
        }
        for id in features {
            match board.live_feature(id) {
                Ok(feature) => rows.features.push(Feature::new(feature, board)),
                Err(_) => rows.deleted_features.push(id.0),
            }
        }
        rows
    }
}
