//! A board at one version with every card head and row rendered: what pages and fragments are put together from.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use imbl::OrdMap;

use super::snapshot::Touched;
use crate::{
    model::{Board, FeatureId, ItemId, ParticipantId},
    view::{self, Site, feature::SuggestForm},
};

/// A board at one version, rendered in one language. A clone is cheap; the next version shares all rows that did not change.
#[derive(Clone)]
pub struct Rendering {
    pub board: Board,
    pub site: Site,
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

impl Rendering {
    /// Renders a whole board: done once, when it is loaded.
    pub(super) fn of(board: Board, site: Site) -> Rendering {
        let mut rendering = Rendering {
            board,
            site,
            cards: OrdMap::new(),
            rows: OrdMap::new(),
        };
        let board = rendering.board.clone();
        let owners = board.items().map(|item| Some(item.id)).chain([None]);
        for owner in owners {
            if let Some(item) = owner {
                rendering.render_head(item);
            }
            for feature in board.features_of(owner) {
                rendering.render_row(feature.id);
            }
        }
        rendering
    }

    /// The next version: renders what was touched and shares everything else.
    pub(super) fn follow(&self, board: Board, touched: &Touched) -> Rendering {
        let mut next = Rendering {
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
