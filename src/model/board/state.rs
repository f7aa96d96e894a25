//! A board at one version: its rows, and the indexes that the rules and the pages query. Contains no rules. What finds rows by name,
//! by person or by veto is in the files of those nouns.

use std::ops::Bound;

use imbl::{OrdMap, OrdSet};

use super::recent::RecentCreations;
use crate::model::{
    consent::{ConsentState, Renewals},
    epoch::Epoch,
    event::Event,
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
    pub(super) vetoed: usize,
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

    /// All items, live or deleted.
    pub(in crate::model) fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// All features, live or deleted.
    pub(in crate::model) fn all_features(&self) -> impl Iterator<Item = &Feature> {
        self.features.values()
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
