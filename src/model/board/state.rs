//! A board at one version: its rows, and the indexes that the rules and the pages query. Contains no rules.

use std::ops::Bound;

use imbl::{OrdMap, OrdSet};

use super::recent::RecentCreations;
use crate::model::{
    consent::{ConsentState, Renewals},
    epoch::Epoch,
    event::{Actor, Event},
    feature::Feature,
    id::{BoardId, BoardObject, FeatureId, ItemId, ParticipantId, Timestamp},
    item::Item,
    name::{LookAlikeKey, Name, NameKey},
    participant::{BrowserId, Participant},
    rejection::{Rejection, Target},
    setting::{Setting, SettingKey},
    slug::Slug,
    veto::Veto,
};

/// The last id assigned to each kind of row. Ids are never reused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub participant: i64,
    pub item: i64,
    pub feature: i64,
}

/// Totals of a board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub items: usize,
    pub features: usize,
    pub vetoed: usize,
    pub people: usize,
}

/// How many rows a board keeps, including deleted items and features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptRows {
    pub items: usize,
    pub features: usize,
    pub vetoes: usize,
    pub browsers: usize,
}

/// The renewals of a board. Boards are equal whether or not they are known: a database of an earlier version has none, and no
/// consent that they could outdate. What they mean for each consent is compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeptRenewals(pub(super) Renewals);

impl PartialEq for KeptRenewals {
    fn eq(&self, _: &KeptRenewals) -> bool {
        true
    }
}

/// A board at one version. Cloning is cheap: the persistent maps share unchanged nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    pub id: BoardId,
    pub slug: Slug,
    /// The name that the board was created with; see [`Board::name`].
    pub(super) created_as: Name,
    /// The history that the version counts in. No event changes it.
    pub epoch: Epoch,
    pub(super) version: i64,
    /// When the last event happened. Distinguishes two histories with the same number of events.
    pub(super) last_event_at: Option<Timestamp>,
    pub(super) counters: Counters,
    pub(super) recent_creations: RecentCreations,
    pub(super) renewals: KeptRenewals,
    /// Whether the board was agreed after its last event.
    pub(super) was_agreed: bool,

    pub(super) participants: OrdMap<ParticipantId, Participant>,
    pub(super) browsers: OrdMap<BrowserId, ParticipantId>,
    pub(super) items: OrdMap<ItemId, Item>,
    pub(super) features: OrdMap<FeatureId, Feature>,
    pub(super) vetoes: OrdMap<(FeatureId, ParticipantId), Veto>,
    pub(super) consents: OrdMap<ParticipantId, ConsentState>,
    pub(super) settings: OrdMap<SettingKey, Setting>,

    // Indexes derived from the rows above. Those of items and features cover only live rows. Several rows may have the same name:
    // earlier versions took for different what now counts as the same.
    pub(super) participants_by_name: OrdSet<(LookAlikeKey, ParticipantId)>,
    pub(super) items_by_name: OrdSet<(NameKey, ItemId)>,
    pub(super) features_by_name: OrdSet<(Option<ItemId>, NameKey, FeatureId)>,
    pub(super) features_by_item: OrdSet<(Option<ItemId>, FeatureId)>,
    pub(super) vetoes_by_participant: OrdSet<(ParticipantId, FeatureId)>,
    /// The number of live features with at least one veto.
    vetoed: usize,
    /// How many such features each live item has, if any.
    pub(super) vetoed_by_item: OrdMap<ItemId, usize>,
    /// How many items and features each participant created, live or deleted.
    pub(super) created_by: OrdMap<ParticipantId, usize>,
    /// The participants whose consent the decision needs.
    pub(super) needed: OrdSet<ParticipantId>,
    /// The participants whose consent holds.
    pub(super) fine: OrdSet<ParticipantId>,
    /// How many participants are in both.
    pub(super) needed_and_fine: usize,
}

impl Board {
    /// An empty board at version 0.
    pub fn new(id: BoardId, slug: Slug, name: Name) -> Board {
        Board {
            id,
            slug,
            created_as: name,
            epoch: Epoch::default(),
            version: 0,
            last_event_at: None,
            counters: Counters::default(),
            recent_creations: RecentCreations::default(),
            renewals: KeptRenewals::default(),
            was_agreed: false,
            participants: OrdMap::new(),
            browsers: OrdMap::new(),
            items: OrdMap::new(),
            features: OrdMap::new(),
            vetoes: OrdMap::new(),
            consents: OrdMap::new(),
            settings: OrdMap::new(),
            participants_by_name: OrdSet::new(),
            items_by_name: OrdSet::new(),
            features_by_name: OrdSet::new(),
            features_by_item: OrdSet::new(),
            vetoes_by_participant: OrdSet::new(),
            vetoed: 0,
            vetoed_by_item: OrdMap::new(),
            created_by: OrdMap::new(),
            needed: OrdSet::new(),
            fine: OrdSet::new(),
            needed_and_fine: 0,
        }
    }

    /// The number of the last event.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// When the last event happened; none before the first event.
    pub fn last_event_at(&self) -> Option<Timestamp> {
        self.last_event_at
    }

    pub fn counters(&self) -> Counters {
        self.counters
    }

    pub fn stats(&self) -> Stats {
        Stats {
            items: self.items_by_name.len(),
            features: self.features_by_item.len(),
            vetoed: self.vetoed,
            people: self.participants.len(),
        }
    }

    /// The latest creations before a time, newest first.
    pub(in crate::model) fn recent_creations(&self, at: Timestamp) -> impl Iterator<Item = &Event> {
        self.recent_creations.before(at)
    }

    pub fn kept_rows(&self) -> KeptRows {
        KeptRows {
            items: self.items.len(),
            features: self.features.len(),
            vetoes: self.vetoes.len(),
            browsers: self.browsers.len(),
        }
    }

    /// The number of rows of all kinds, including deleted ones.
    pub fn row_count(&self) -> usize {
        self.participants.len()
            + self.browsers.len()
            + self.items.len()
            + self.features.len()
            + self.vetoes.len()
            + self.consents.len()
            + self.settings.len()
    }

    /// The live items in order of creation.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| item.is_live())
    }

    /// The live items created after this one.
    pub fn items_after(&self, id: ItemId) -> impl Iterator<Item = &Item> {
        self.items
            .range((Bound::Excluded(id), Bound::Unbounded))
            .map(|(_, item)| item)
            .filter(|item| item.is_live())
    }

    /// The live features of an item, or those without an item, in order of creation.
    pub fn features_of(&self, item: Option<ItemId>) -> impl Iterator<Item = &Feature> {
        self.features_by_item
            .range((item, FeatureId(i64::MIN))..=(item, FeatureId(i64::MAX)))
            .filter_map(|(_, id)| self.features.get(id))
    }

    /// The features of [`Board::features_of`] that were created after this one.
    pub fn features_after(
        &self,
        item: Option<ItemId>,
        after: FeatureId,
    ) -> impl Iterator<Item = &Feature> {
        let first = Bound::Excluded((item, after));
        let last = Bound::Included((item, FeatureId(i64::MAX)));
        self.features_by_item
            .range((first, last))
            .filter_map(|(_, id)| self.features.get(id))
    }

    /// All participants in the order they joined.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.participants.values()
    }

    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(&id)
    }

    pub fn feature(&self, id: FeatureId) -> Option<&Feature> {
        self.features.get(&id)
    }

    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.participants.get(&id)
    }

    /// The item if it is live, otherwise the reason it cannot be acted on.
    pub fn live_item(&self, id: ItemId) -> Result<&Item, Rejection> {
        let object = BoardObject::Item(id);
        match self.items.get(&id) {
            Some(item) if item.is_live() => Ok(item),
            Some(item) => Err(Rejection::Gone(object, Some(item.name.clone()))),
            None if (1..=self.counters.item).contains(&id.0) => Err(Rejection::Gone(object, None)),
            None => Err(Rejection::Unknown(Target::BoardObject(object))),
        }
    }

    /// The feature if it is live, otherwise the reason it cannot be acted on.
    pub fn live_feature(&self, id: FeatureId) -> Result<&Feature, Rejection> {
        let object = BoardObject::Feature(id);
        match self.features.get(&id) {
            Some(feature) if feature.is_live() => Ok(feature),
            Some(feature) => Err(Rejection::Gone(object, Some(feature.name.clone()))),
            None if (1..=self.counters.feature).contains(&id.0) => {
                Err(Rejection::Gone(object, None))
            }
            None => Err(Rejection::Unknown(Target::BoardObject(object))),
        }
    }

    /// The name of an item, live or deleted; `None` for no item.
    pub fn item_name(&self, item: Option<ItemId>) -> Option<Name> {
        item.and_then(|id| self.items.get(&id))
            .map(|item| item.name.clone())
    }

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

    /// The participant behind a browser; `None` if the browser has not acted on this board yet.
    pub fn actor(&self, browser: &BrowserId) -> Option<Actor> {
        let participant = self.participants.get(&self.participant_for(browser)?)?;
        Some(Actor {
            id: participant.id,
            name: participant.name.clone(),
        })
    }

    /// The id of the participant behind a browser; `None` if the browser has not acted on this board yet.
    pub fn participant_for(&self, browser: &BrowserId) -> Option<ParticipantId> {
        self.browsers.get(browser).copied()
    }

    /// The browsers of a participant.
    pub fn browsers_of(&self, participant: ParticipantId) -> impl Iterator<Item = &BrowserId> {
        let own = move |(id, owner): (_, &ParticipantId)| (*owner == participant).then_some(id);
        self.browsers.iter().filter_map(own)
    }

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

    /// All items, live or deleted.
    pub(in crate::model) fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// All features, live or deleted.
    pub(in crate::model) fn all_features(&self) -> impl Iterator<Item = &Feature> {
        self.features.values()
    }

    /// Whether a participant vetoed, created or consented to anything, or has a browser.
    pub(in crate::model) fn has_participated(&self, id: ParticipantId) -> bool {
        self.has_vetoed_or_created(id)
            || self.consents.contains_key(&id)
            || self.browsers.values().any(|participant| *participant == id)
    }

    /// Whether a participant has vetoed anything, or created an item or a feature.
    pub(super) fn has_vetoed_or_created(&self, id: ParticipantId) -> bool {
        self.created_by.contains_key(&id) || self.vetoed_by(id).next().is_some()
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

/// Changes a count in a map, which has no entry for 0.
pub(super) fn set_count<K: Ord + Clone>(
    counts: &mut OrdMap<K, usize>,
    key: K,
    change: impl Fn(usize) -> usize,
) {
    match change(counts.get(&key).copied().unwrap_or_default()) {
        0 => counts.remove(&key),
        count => counts.insert(key, count),
    };
}
