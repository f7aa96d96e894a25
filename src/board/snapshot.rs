//! A board at one version, and its pages' parts rendered in each language that somebody reads.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use super::Rendering;
use crate::{
    model::{Board, Change, Edit, Feature, FeatureId, Item, ItemId, ParticipantId, Token},
    view::{ByLanguage, Language, Site},
};

/// A board at one version.
pub struct Snapshot {
    pub board: Board,
    pub(super) sites: Arc<ByLanguage<Site>>,
    /// Made when somebody first reads that language, and followed from then on.
    renderings: ByLanguage<OnceLock<Arc<Rendering>>>,
}

/// The things whose looks changes, one after the other, may have altered: also those that are again as they were, for an
/// answer may have shown what was in between.
#[derive(Default)]
pub(super) struct Touched {
    pub(super) items: BTreeSet<ItemId>,
    pub(super) features: BTreeSet<FeatureId>,
    /// Items that were not there all the while: a page may lack their cards.
    pub(super) came: BTreeSet<ItemId>,
    /// Features of which a page may have a row.
    pub(super) seen: BTreeSet<FeatureId>,
    /// Who came, or is called something else.
    pub(super) people: BTreeSet<ParticipantId>,
    /// Browsers that became somebody else, with each they were and are.
    pub(super) browsers: BTreeSet<(Token, ParticipantId)>,
}

impl Touched {
    /// `board` is where the changes led.
    pub(super) fn by<'c>(changes: impl IntoIterator<Item = &'c Change>, board: &Board) -> Touched {
        let mut touched = Touched::default();
        for change in changes {
            touched.add(change, board);
        }
        touched
    }

    fn add(&mut self, change: &Change, board: &Board) {
        for edit in &change.items {
            let id = edit.latest().map(|item| item.id);
            self.items.extend(id);
            let lives = |item: &Option<Item>| item.as_ref().is_some_and(Item::lives);
            if !lives(&edit.before) || !lives(&edit.after) {
                self.came.extend(id);
            }
        }
        for edit in &change.features {
            let id = edit.latest().map(|feature| feature.id);
            self.features.extend(id);
            if edit.before.as_ref().is_some_and(Feature::lives) {
                self.seen.extend(id);
            }
        }
        let vetoes = change.vetoes.iter().filter_map(Edit::latest);
        self.features.extend(vetoes.map(|veto| veto.feature));
        for edit in &change.participants {
            let Some(person) = edit.latest() else {
                continue;
            };
            self.people.insert(person.id);
            // A new name shows wherever that person vetoed; a newcomer has vetoed nothing yet.
            if edit.before.is_some() {
                self.features.extend(board.vetoed_by(person.id));
            }
        }
        let browsers = change.browsers.iter();
        let were_and_are = browsers.flat_map(|edit| edit.before.iter().chain(&edit.after));
        let were_and_are = were_and_are.map(|it| (it.token.clone(), it.participant));
        self.browsers.extend(were_and_are);
    }
}

impl Snapshot {
    pub fn of(board: Board, sites: Arc<ByLanguage<Site>>) -> Snapshot {
        Snapshot {
            board,
            sites,
            renderings: ByLanguage::default(),
        }
    }

    /// The board as it looks in a language.
    pub fn rendered(&self, language: Language) -> Arc<Rendering> {
        let rendering = self.renderings.of(language);
        let render = || {
            let site = self.sites.of(language).clone();
            Arc::new(Rendering::of(self.board.clone(), site))
        };
        rendering.get_or_init(render).clone()
    }

    /// The next version: renders what was touched and shares everything else.
    pub(super) fn follow(&self, board: Board, touched: &Touched) -> Snapshot {
        let renderings = ByLanguage::from_fn(|language| {
            let before = self.renderings.of(language).get();
            let next = before.map(|before| Arc::new(before.follow(board.clone(), touched)));
            next.map_or_else(OnceLock::new, OnceLock::from)
        });
        Snapshot {
            board,
            sites: self.sites.clone(),
            renderings,
        }
    }
}
