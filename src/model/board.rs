//! A board at one version: its rows, and the indexes the rules and the pages ask.

mod rows;

pub use rows::Rows;

use std::ops::Bound;

use imbl::{OrdMap, OrdSet};

use super::{
    Action, Actor, BoardId, Change, Event, Feature, FeatureId, Item, ItemId, Moment, Name, NameKey,
    Participant, ParticipantId, Refusal, Slug, Target, Thing, Token, Veto,
    change::{Edit, Row, key},
};

/// The last number given to a row of each sort; none is ever given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub participant: i64,
    pub item: i64,
    pub feature: i64,
}

/// How much is on a board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub items: usize,
    pub features: usize,
    pub vetoed: usize,
    pub people: usize,
}

/// A board at one version. A clone is cheap: the maps share what does not differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    pub id: BoardId,
    pub slug: Slug,
    pub name: Name,
    version: i64,
    last: Counters,

    participants: OrdMap<ParticipantId, Participant>,
    browsers: OrdMap<Token, ParticipantId>,
    items: OrdMap<ItemId, Item>,
    features: OrdMap<FeatureId, Feature>,
    vetoes: OrdMap<(FeatureId, ParticipantId), Veto>,

    // Found from the rows above; of items and features only the living.
    people_by_name: OrdMap<NameKey, ParticipantId>,
    items_by_name: OrdMap<NameKey, ItemId>,
    features_by_name: OrdMap<(Option<ItemId>, NameKey), FeatureId>,
    features_by_item: OrdSet<(Option<ItemId>, FeatureId)>,
    vetoes_by_person: OrdSet<(ParticipantId, FeatureId)>,
    vetoed: usize,
}

impl Board {
    /// A board nothing has happened on.
    pub fn new(id: BoardId, slug: Slug, name: Name) -> Board {
        Board {
            id,
            slug,
            name,
            version: 0,
            last: Counters::default(),
            participants: OrdMap::new(),
            browsers: OrdMap::new(),
            items: OrdMap::new(),
            features: OrdMap::new(),
            vetoes: OrdMap::new(),
            people_by_name: OrdMap::new(),
            items_by_name: OrdMap::new(),
            features_by_name: OrdMap::new(),
            features_by_item: OrdSet::new(),
            vetoes_by_person: OrdSet::new(),
            vetoed: 0,
        }
    }

    /// The number of the last event.
    pub fn version(&self) -> i64 {
        self.version
    }

    pub fn last(&self) -> Counters {
        self.last
    }

    pub fn stats(&self) -> Stats {
        Stats {
            items: self.items_by_name.len(),
            features: self.features_by_item.len(),
            vetoed: self.vetoed,
            people: self.participants.len(),
        }
    }

    /// The living items in the order they were made.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values().filter(|item| item.lives())
    }

    /// The living items made after this one.
    pub fn items_after(&self, id: ItemId) -> impl Iterator<Item = &Item> {
        self.items
            .range((Bound::Excluded(id), Bound::Unbounded))
            .map(|(_, item)| item)
            .filter(|item| item.lives())
    }

    /// The living features of an item, or the free ones, in the order they were made.
    pub fn features_of(&self, item: Option<ItemId>) -> impl Iterator<Item = &Feature> {
        self.features_by_item
            .range((item, FeatureId(i64::MIN))..=(item, FeatureId(i64::MAX)))
            .filter_map(|(_, id)| self.features.get(id))
    }

    /// Everyone on the board in the order they came.
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

    /// The item, or why it cannot be acted on.
    pub fn living_item(&self, id: ItemId) -> Result<&Item, Refusal> {
        let thing = Thing::Item(id);
        match self.items.get(&id) {
            Some(item) if item.lives() => Ok(item),
            Some(item) => Err(Refusal::Gone(thing, Some(item.name.clone()))),
            None if (1..=self.last.item).contains(&id.0) => Err(Refusal::Gone(thing, None)),
            None => Err(Refusal::Unknown(Target::Thing(thing))),
        }
    }

    /// The feature, or why it cannot be acted on.
    pub fn living_feature(&self, id: FeatureId) -> Result<&Feature, Refusal> {
        let thing = Thing::Feature(id);
        match self.features.get(&id) {
            Some(feature) if feature.lives() => Ok(feature),
            Some(feature) => Err(Refusal::Gone(thing, Some(feature.name.clone()))),
            None if (1..=self.last.feature).contains(&id.0) => Err(Refusal::Gone(thing, None)),
            None => Err(Refusal::Unknown(Target::Thing(thing))),
        }
    }

    /// The name of an item, living or not; none for free features.
    pub fn item_name(&self, item: Option<ItemId>) -> Option<Name> {
        item.and_then(|id| self.items.get(&id))
            .map(|item| item.name.clone())
    }

    /// The living item of this name.
    pub fn item_named(&self, name: &Name) -> Option<&Item> {
        self.items_by_name
            .get(&name.key())
            .and_then(|id| self.items.get(id))
    }

    /// The living feature of this name within an item, or among the free ones.
    pub fn feature_named(&self, item: Option<ItemId>, name: &Name) -> Option<&Feature> {
        self.features_by_name
            .get(&(item, name.key()))
            .and_then(|id| self.features.get(id))
    }

    pub fn participant_named(&self, name: &Name) -> Option<&Participant> {
        self.people_by_name
            .get(&name.key())
            .and_then(|id| self.participants.get(id))
    }

    /// Who a browser is; none if it has not acted here yet.
    pub fn actor(&self, browser: &Token) -> Option<Actor> {
        let participant = self.participants.get(&self.participant_at(browser)?)?;
        Some(Actor {
            id: participant.id,
            name: participant.name.clone(),
        })
    }

    /// The number of who a browser is; none if it has not acted here yet.
    pub fn participant_at(&self, browser: &Token) -> Option<ParticipantId> {
        self.browsers.get(browser).copied()
    }

    /// The browsers at which a participant is.
    pub fn browsers_of(&self, participant: ParticipantId) -> impl Iterator<Item = &Token> {
        let at = move |(token, at): (_, &ParticipantId)| (*at == participant).then_some(token);
        self.browsers.iter().filter_map(at)
    }

    /// The vetoes of a feature in the order their participants came.
    pub fn vetoes_of(&self, feature: FeatureId) -> impl Iterator<Item = &Veto> {
        self.vetoes
            .range((feature, ParticipantId(i64::MIN))..=(feature, ParticipantId(i64::MAX)))
            .map(|(_, veto)| veto)
    }

    /// Everyone who vetoed a feature, in the order they came.
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

    /// What a participant vetoed, living or not.
    pub fn vetoed_by(&self, participant: ParticipantId) -> impl Iterator<Item = FeatureId> {
        self.vetoes_by_person
            .range((participant, FeatureId(i64::MIN))..=(participant, FeatureId(i64::MAX)))
            .map(|(_, feature)| *feature)
    }

    /// Every feature, living or not.
    pub(super) fn all_features(&self) -> impl Iterator<Item = &Feature> {
        self.features.values()
    }

    /// Whether a participant vetoed or made anything, or is at some browser.
    pub(super) fn took_part(&self, id: ParticipantId) -> bool {
        self.vetoed_by(id).next().is_some()
            || self.items.values().any(|item| item.author == id)
            || self.features.values().any(|feature| feature.author == id)
            || self.browsers.values().any(|participant| *participant == id)
    }

    /// Follows one event of this board, the next one.
    pub fn apply(&mut self, event: &Event) {
        fn clear<R: Row>(board: &mut Board, edits: &[Edit<R>]) {
            for key in edits.iter().filter_map(key) {
                R::set(board, &key, None);
            }
        }
        fn write<R: Row>(board: &mut Board, edits: &[Edit<R>]) {
            for row in edits.iter().filter_map(|edit| edit.after.clone()) {
                R::set(board, &row.key(), Some(row));
            }
        }
        // All rows out before any comes in, so that two rows may swap their names.
        let change = &event.change;
        clear(self, &change.participants);
        clear(self, &change.browsers);
        clear(self, &change.items);
        clear(self, &change.features);
        clear(self, &change.vetoes);
        write(self, &change.participants);
        write(self, &change.browsers);
        write(self, &change.items);
        write(self, &change.features);
        write(self, &change.vetoes);
        self.version = event.number;
    }

    /// Makes the event of a change this board has already taken in.
    pub(super) fn record(
        &mut self,
        actor: Actor,
        action: Action,
        change: Change,
        undoes: Option<i64>,
        at: Moment,
    ) -> Event {
        self.version += 1;
        Event {
            number: self.version,
            at,
            actor,
            action,
            change,
            undoes,
        }
    }

    fn counts_as_vetoed(&self, id: FeatureId) -> bool {
        self.features.get(&id).is_some_and(Feature::lives) && self.vetoes_of(id).next().is_some()
    }

    /// Runs a step that touches one feature or its vetoes and keeps count of the vetoed ones.
    fn counting(&mut self, id: FeatureId, step: impl FnOnce(&mut Board)) {
        let before = self.counts_as_vetoed(id);
        step(self);
        let after = self.counts_as_vetoed(id);
        self.vetoed = self.vetoed + usize::from(after) - usize::from(before);
    }
}
