//! What a command touched: the answer of operations that change several rows.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{event::Event, feature::Feature, item::Item};
use crate::{
    board::CommandOutcome,
    model::{Edit, EventSummary, FeatureId, ItemId},
};

/// The items and features that an operation touched, as they are afterwards.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Touched {
    items: Vec<Item>,
    features: Vec<Feature>,
    /// The ids of touched items that no longer exist.
    deleted_items: Vec<i64>,
    /// The ids of touched features that no longer exist.
    deleted_features: Vec<i64>,
    /// The event of the operation; null if nothing had to change.
    #[schema(required)]
    event: Option<Event>,
}

impl Touched {
    pub(in crate::api) fn by(outcome: &CommandOutcome) -> Touched {
        let board = &outcome.snapshot.board;
        let changes = || outcome.events.iter().map(|event| &event.change);
        let items = changes().flat_map(|change| &change.items);
        let items: BTreeSet<ItemId> = items.filter_map(Edit::latest).map(|row| row.id).collect();
        let features = changes().flat_map(|change| &change.features);
        let features = features.filter_map(Edit::latest).map(|row| row.id);
        let vetoes = changes().flat_map(|change| &change.vetoes);
        let vetoed = vetoes.filter_map(Edit::latest).map(|veto| veto.feature);
        let features: BTreeSet<FeatureId> = features.chain(vetoed).collect();
        // Before it, the actor may have joined in again.
        let event = outcome.events.last().map(EventSummary::from);
        let mut touched = Touched {
            items: Vec::new(),
            features: Vec::new(),
            deleted_items: Vec::new(),
            deleted_features: Vec::new(),
            event: event.as_ref().map(Event::from),
        };
        for id in items {
            match board.live_item(id) {
                Ok(item) => touched.items.push(Item::new(item, board)),
                Err(_) => touched.deleted_items.push(id.0),
            }
        }
        for id in features {
            match board.live_feature(id) {
                Ok(feature) => touched.features.push(Feature::new(feature, board)),
                Err(_) => touched.deleted_features.push(id.0),
            }
        }
        touched
    }
}
