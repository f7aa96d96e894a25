//! The rows of a board that have a name, or one that looks like it.

use super::state::Board;
use crate::model::{
    feature::Feature,
    id::{FeatureId, ItemId, ParticipantId},
    item::Item,
    name::Name,
    participant::Participant,
};

impl Board {
    /// The live items with this name, in order of creation.
    pub(in crate::model) fn items_named(&self, name: &Name) -> impl Iterator<Item = &Item> {
        let key = name.key();
        let first = (key.clone(), ItemId(i64::MIN));
        self.items_by_name
            .range(first..=(key, ItemId(i64::MAX)))
            .filter_map(|(_, id)| self.items.get(id))
    }

    /// The live item with this name, the one that is spelled like it if there are several.
    pub fn item_named(&self, name: &Name) -> Option<&Item> {
        self.items_named(name).min_by_key(|item| item.name != *name)
    }

    /// A live item with this name other than `own`.
    pub(in crate::model) fn other_item_named(
        &self,
        name: &Name,
        own: Option<ItemId>,
    ) -> Option<&Item> {
        self.items_named(name).find(|item| Some(item.id) != own)
    }

    /// The live features with this name within an item, or among those without an item, in order of creation.
    pub(in crate::model) fn features_named(
        &self,
        item: Option<ItemId>,
        name: &Name,
    ) -> impl Iterator<Item = &Feature> {
        let key = name.key();
        let first = (item, key.clone(), FeatureId(i64::MIN));
        self.features_by_name
            .range(first..=(item, key, FeatureId(i64::MAX)))
            .filter_map(|(_, _, id)| self.features.get(id))
    }

    /// The live feature with this name within an item, or among those without an item; the one that is spelled like it if there are
    /// several.
    pub fn feature_named(&self, item: Option<ItemId>, name: &Name) -> Option<&Feature> {
        self.features_named(item, name)
            .min_by_key(|feature| feature.name != *name)
    }

    /// A live feature with this name other than `own`.
    pub(in crate::model) fn other_feature_named(
        &self,
        item: Option<ItemId>,
        name: &Name,
        own: FeatureId,
    ) -> Option<&Feature> {
        self.features_named(item, name)
            .find(|feature| feature.id != own)
    }

    /// The participants whose names look like this one, in the order of their ids for each key.
    pub(in crate::model) fn participants_named(
        &self,
        name: &Name,
    ) -> impl Iterator<Item = &Participant> {
        name.look_alike_keys().into_iter().flat_map(move |key| {
            let first = (key.clone(), ParticipantId(i64::MIN));
            self.participants_by_name
                .range(first..=(key, ParticipantId(i64::MAX)))
                .filter_map(move |(_, id)| self.participants.get(id))
        })
    }

    /// The participant whose name is this one or looks like it; the most similar one if there are several.
    pub fn participant_named(&self, name: &Name) -> Option<&Participant> {
        let key = name.key();
        self.participants_named(name)
            .min_by_key(|person| (person.name != *name, person.name.key() != key, person.id))
    }

    /// A participant other than `own` whose name is this one or looks like it.
    pub(in crate::model) fn other_participant_named(
        &self,
        name: &Name,
        own: Option<ParticipantId>,
    ) -> Option<&Participant> {
        self.participants_named(name)
            .find(|person| Some(person.id) != own)
    }
}
