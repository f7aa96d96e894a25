//! Rows in the order of their ids from a given one on, for lists that are read in pages.

use std::ops::Bound;

use super::state::Board;
use crate::model::{
    feature::Feature,
    id::{FeatureId, ParticipantId},
    participant::Participant,
};

impl Board {
    /// The live features with a greater id, whatever item they belong to.
    pub fn live_features_after(&self, id: FeatureId) -> impl Iterator<Item = &Feature> {
        let features = self.features.range((Bound::Excluded(id), Bound::Unbounded));
        features
            .map(|(_, feature)| feature)
            .filter(|feature| feature.is_live())
    }

    /// The participants with a greater id.
    pub fn participants_after(&self, id: ParticipantId) -> impl Iterator<Item = &Participant> {
        let after = (Bound::Excluded(id), Bound::Unbounded);
        self.participants
            .range(after)
            .map(|(_, participant)| participant)
    }
}
