//! A board at one version with every card head and row rendered: what pages and fragments are put together from.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use imbl::OrdMap;

use crate::{
    model::{Board, Change, Edit, Feature, FeatureId, Item, ItemId, ParticipantId, Token},
    view::{self, Site, feature::SuggestForm},
};

/// A board at one version, rendered. A clone is cheap; the next version shares all rows that did not change.
#[derive(Clone)]
pub struct Snapshot {
    pub board: Board,
    pub site: Arc<Site>,
    cards: OrdMap<ItemId, Card>,
    rows: OrdMap<FeatureId, Arc<Row>>,
}

/// A card in its parts.
#[derive(Clone)]
struct Card {
    head: Arc<str>,
    /// What comes after the rows.
    tail: Arc<str>,
    /// All of it as those see it who vetoed none of its features: put together when it is first asked for.
    whole: Arc<OnceLock<String>>,
}

/// A row in its two forms, for those who vetoed the feature and for everyone else: only the button differs.
struct Row {
    mine: String,
    others: String,
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
    /// Renders a whole board: done once, when it is loaded.
    pub fn of(board: Board, site: Arc<Site>) -> Snapshot {
        let mut snapshot = Snapshot {
            board,
            site,
            cards: OrdMap::new(),
            rows: OrdMap::new(),
        };
        let board = snapshot.board.clone();
        let owners = board.items().map(|item| Some(item.id)).chain([None]);
        for owner in owners {
            if let Some(item) = owner {
                snapshot.render_head(item);
            }
            for feature in board.features_of(owner) {
                snapshot.render_row(feature.id);
            }
        }
        snapshot
    }

    /// The next version: renders what was touched and shares everything else.
    pub(super) fn follow(&self, board: Board, touched: &Touched) -> Snapshot {
        let mut next = Snapshot {
            board,
            ..self.clone()
        };
        for item in &touched.items {
            next.render_head(*item);
        }
        for feature in &touched.features {
            next.render_row(*feature);
            for board in [&self.board, &next.board] {
                let item = board.feature(*feature).and_then(|feature| feature.item);
                if let Some(card) = item.and_then(|item| next.cards.get_mut(&item)) {
                    card.whole = Arc::default();
                }
            }
        }
        next
    }

    fn render_head(&mut self, id: ItemId) {
        match self.board.living_item(id) {
            Ok(item) => {
                let head = view::item::head(item, &self.site).into_string();
                let tail = match self.cards.get(&id) {
                    Some(card) => card.tail.clone(),
                    None => view::item::close(id, None, &self.site).into_string().into(),
                };
                let card = Card {
                    head: head.into(),
                    tail,
                    whole: Arc::default(),
                };
                self.cards.insert(id, card);
            }
            Err(_) => {
                self.cards.remove(&id);
            }
        }
    }

    fn render_row(&mut self, id: FeatureId) {
        match self.board.living_feature(id) {
            Ok(feature) => {
                let look =
                    |mine| view::feature::row(feature, &self.board, mine, &self.site).into_string();
                let row = Row {
                    mine: look(true),
                    others: look(false),
                };
                self.rows.insert(id, Arc::new(row));
            }
            Err(_) => {
                self.rows.remove(&id);
            }
        }
    }

    /// All cards as one viewer sees them; `form` is a suggestion that was sent back.
    pub fn cards(&self, viewer: Option<ParticipantId>, form: Option<&SuggestForm>) -> String {
        let mine = self.vetoed_by(viewer);
        let own = mine.iter().filter_map(|id| self.board.feature(*id)?.item);
        let own: BTreeSet<ItemId> = own.chain(form.and_then(|form| form.item)).collect();
        let cards = self.cards.iter().map(|(id, card)| match own.contains(id) {
            true => Cow::Owned(self.put_together(*id, card, &mine, form)),
            false => Cow::Borrowed(self.whole(*id, card)),
        });
        cards.collect::<Vec<_>>().concat()
    }

    /// One card with its rows, nothing if the item does not live.
    pub fn card(&self, item: ItemId, viewer: Option<ParticipantId>) -> String {
        let card = self.cards.get(&item);
        card.map(|card| self.put_together(item, card, &self.vetoed_by(viewer), None))
            .unwrap_or_default()
    }

    /// The rows of the free features.
    pub fn free(&self, viewer: Option<ParticipantId>) -> String {
        let mut out = String::new();
        self.write_rows(None, &self.vetoed_by(viewer), &mut out);
        out
    }

    /// The head of a card, nothing if the item does not live.
    pub fn head(&self, item: ItemId) -> Option<&str> {
        self.cards.get(&item).map(|card| &*card.head)
    }

    /// A row as one viewer sees it, nothing if the feature does not live.
    pub fn row(&self, feature: FeatureId, viewer: Option<ParticipantId>) -> Option<&str> {
        let mine = viewer.is_some_and(|viewer| self.board.has_vetoed(viewer, feature));
        self.rows.get(&feature).map(|row| row.seen(mine))
    }

    fn vetoed_by(&self, viewer: Option<ParticipantId>) -> BTreeSet<FeatureId> {
        viewer
            .map(|viewer| self.board.vetoed_by(viewer).collect())
            .unwrap_or_default()
    }

    /// A card as those see it who vetoed none of its features.
    fn whole<'c>(&self, item: ItemId, card: &'c Card) -> &'c str {
        card.whole
            .get_or_init(|| self.put_together(item, card, &BTreeSet::new(), None))
    }

    fn put_together(
        &self,
        item: ItemId,
        card: &Card,
        mine: &BTreeSet<FeatureId>,
        form: Option<&SuggestForm>,
    ) -> String {
        let mut out = view::item::open(item, &card.head).into_string();
        self.write_rows(Some(item), mine, &mut out);
        match form.filter(|form| form.item == Some(item)) {
            Some(form) => out.push_str(&view::item::close(item, Some(form), &self.site).0),
            None => out.push_str(&card.tail),
        }
        out
    }

    fn write_rows(&self, item: Option<ItemId>, mine: &BTreeSet<FeatureId>, out: &mut String) {
        for feature in self.board.features_of(item) {
            if let Some(row) = self.rows.get(&feature.id) {
                out.push_str(row.seen(mine.contains(&feature.id)));
            }
        }
    }
}

impl Row {
    fn seen(&self, mine: bool) -> &str {
        match mine {
            true => &self.mine,
            false => &self.others,
        }
    }
}
