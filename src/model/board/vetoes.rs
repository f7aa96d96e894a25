//! The vetoes of a board, by feature and by participant, and how many features are vetoed.

use super::state::{Board, set_count};
use crate::model::{
    feature::Feature,
    id::{FeatureId, ParticipantId},
    participant::Participant,
    veto::Veto,
};

impl Board {
    /// The vetoes of a feature in the order their participants joined.
    pub fn vetoes_of(&self, feature: FeatureId) -> impl Iterator<Item = &Veto> {
        self.vetoes
            .range((feature, ParticipantId(i64::MIN))..=(feature, ParticipantId(i64::MAX)))
            .map(|(_, veto)| veto)
    }

    /// The participants who vetoed a feature, in the order they joined.
    pub fn vetoers(&self, feature: FeatureId) -> impl Iterator<Item = &Participant> {
        self.vetoes_of(feature)
            .filter_map(|veto| self.participants.get(&veto.participant))
    }

    pub fn has_vetoed(&self, participant: ParticipantId, feature: FeatureId) -> bool {
        self.veto_by(participant, feature).is_some()
    }

    /// The veto of this participant on this feature.
    pub fn veto_by(&self, participant: ParticipantId, feature: FeatureId) -> Option<&Veto> {
        self.vetoes.get(&(feature, participant))
    }

    /// The features a participant vetoed, live or deleted.
    pub fn vetoed_by(&self, participant: ParticipantId) -> impl Iterator<Item = FeatureId> {
        self.vetoes_by_participant
            .range((participant, FeatureId(i64::MIN))..=(participant, FeatureId(i64::MAX)))
            .map(|(_, feature)| *feature)
    }

    fn counts_as_vetoed(&self, id: FeatureId) -> bool {
        self.features.get(&id).is_some_and(Feature::is_live) && self.vetoes_of(id).next().is_some()
    }

    /// Runs a step that changes one feature or its vetoes and updates the number of vetoed features.
    pub(super) fn with_veto_count(&mut self, id: FeatureId, step: impl FnOnce(&mut Board)) {
        self.count_vetoed(id, |count| count.saturating_sub(1));
        step(self);
        self.count_vetoed(id, |count| count + 1);
    }

    /// Changes the numbers of vetoed features, of the board and of the item, if this feature counts as one.
    fn count_vetoed(&mut self, id: FeatureId, change: impl Fn(usize) -> usize) {
        if !self.counts_as_vetoed(id) {
            return;
        }
        self.vetoed = change(self.vetoed);
        if let Some(item) = self.features.get(&id).and_then(|feature| feature.item) {
            set_count(&mut self.vetoed_by_item, item, change);
        }
    }
}
