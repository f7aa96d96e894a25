//! A board at one version with each card head and row rendered. Pages and fragments are assembled from it.

use std::{
    collections::BTreeSet,
    ops::Bound,
    sync::{Arc, OnceLock},
};

use imbl::OrdMap;

use super::super::dirty_set::DirtySet;
use crate::{
    model::{Board, FeatureId, ItemId, ParticipantId},
    view::{self, BoardContext, feature::SuggestForm},
};

/// A card with up to so many rows is sent as one piece.
const SMALL_CARD: usize = 20;
/// The same for a card that is assembled already.
const SMALL_CARD_BYTES: usize = 32 * 1_024;

/// A board at one version, rendered in one language. Cheap to clone. The next version shares all rows that did not change.
#[derive(Clone)]
pub struct Rendering {
    pub board: Board,
    pub context: BoardContext,
    cards: OrdMap<ItemId, Card>,
    rows: OrdMap<FeatureId, Arc<Row>>,
    /// See [`Rendering::bytes`].
    bytes: usize,
}

/// The parts of a card.
#[derive(Clone)]
struct Card {
    head: Arc<str>,
    /// The markup after the rows.
    tail: Arc<str>,
    /// The card for viewers who vetoed none of its features. Assembled on first use.
    common: Arc<OnceLock<String>>,
}

/// A row in its two forms, which differ only in the button.
struct Row {
    /// For viewers who vetoed the feature.
    vetoed: String,
    /// For everyone else.
    common: String,
}

impl Rendering {
    /// Renders all of a board. Only needed when it is loaded.
    pub(in crate::board) fn new(board: Board, context: BoardContext) -> Rendering {
        let mut rendering = Rendering {
            board,
            context,
            cards: OrdMap::new(),
            rows: OrdMap::new(),
            bytes: 0,
        };
        let board = rendering.board.clone();
        let items = board.items().map(|item| Some(item.id)).chain([None]);
        for item in items {
            if let Some(item) = item {
                rendering.render_head(item);
            }
            for feature in board.features_of(item) {
                rendering.render_row(feature.id);
            }
        }
        rendering
    }

    /// The next version: renders what is dirty and shares everything else.
    pub(in crate::board) fn next_version(&self, board: Board, dirty: &DirtySet) -> Rendering {
        let mut next = Rendering {
            board,
            ..self.clone()
        };
        for item in &dirty.items {
            next.render_head(*item);
        }
        for feature in &dirty.features {
            next.render_row(*feature);
            for board in [&self.board, &next.board] {
                let item = board.feature(*feature).and_then(|feature| feature.item);
                if let Some(card) = item.and_then(|item| next.cards.get_mut(&item)) {
                    card.common = Arc::default();
                }
            }
        }
        next
    }

    fn render_head(&mut self, id: ItemId) {
        match self.board.live_item(id) {
            Ok(item) => {
                let head =
                    view::item::head(item, self.board.is_chosen(id), &self.context).into_string();
                let tail = match self.cards.get(&id) {
                    Some(card) => card.tail.clone(),
                    None => view::item::card_end(id, None, &self.context)
                        .into_string()
                        .into(),
                };
                let card = Card {
                    head: head.into(),
                    tail,
                    common: Arc::default(),
                };
                self.bytes += card.bytes();
                let replaced = self.cards.insert(id, card);
                self.bytes -= replaced.map_or(0, |card| card.bytes());
            }
            Err(_) => {
                let removed = self.cards.remove(&id);
                self.bytes -= removed.map_or(0, |card| card.bytes());
            }
        }
    }

    fn render_row(&mut self, id: FeatureId) {
        match self.board.live_feature(id) {
            Ok(feature) => {
                let render = |vetoed| {
                    view::feature::row(feature, &self.board, vetoed, &self.context).into_string()
                };
                let row = Row {
                    vetoed: render(true),
                    common: render(false),
                };
                self.bytes += row.common.len();
                let replaced = self.rows.insert(id, Arc::new(row));
                self.bytes -= replaced.map_or(0, |row| row.common.len());
            }
            Err(_) => {
                let removed = self.rows.remove(&id);
                self.bytes -= removed.map_or(0, |row| row.common.len());
            }
        }
    }

    /// The approximate length of all cards and rows on a page, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The first card of an item after this one: the item, and the head of the card.
    pub(super) fn card_after(&self, item: ItemId) -> Option<(ItemId, &str)> {
        let after = (Bound::Excluded(item), Bound::Unbounded);
        let (id, card) = self.cards.range(after).next()?;
        Some((*id, &card.head))
    }

    /// The end of a card, after its rows.
    pub(super) fn tail(&self, item: ItemId) -> Option<&str> {
        self.cards.get(&item).map(|card| &*card.tail)
    }

    /// A card for viewers who vetoed none of its features; none if it is large.
    pub(super) fn small_card(&self, item: ItemId) -> Option<&str> {
        let card = self.cards.get(&item)?;
        let is_small = || self.board.features_of(Some(item)).nth(SMALL_CARD).is_none();
        match card.common.get() {
            Some(html) if html.len() <= SMALL_CARD_BYTES => Some(html),
            None if is_small() => Some(self.common_card(item, card)),
            _ => None,
        }
    }

    /// Appends all cards for one viewer; `form` is a rejected suggestion to show again.
    pub fn write_cards(
        &self,
        viewer: Option<ParticipantId>,
        form: Option<&SuggestForm>,
        out: &mut String,
    ) {
        let vetoed = self.vetoed_by(viewer);
        let vetoed_items = vetoed.iter().filter_map(|id| self.board.feature(*id)?.item);
        let personal: BTreeSet<ItemId> = vetoed_items
            .chain(form.and_then(|form| form.item))
            .collect();
        for (id, card) in &self.cards {
            match personal.contains(id) {
                true => out.push_str(&self.assemble_card(*id, card, &vetoed, form)),
                false => out.push_str(self.common_card(*id, card)),
            }
        }
    }

    /// One card with its rows; empty if the item does not exist.
    pub fn card(&self, item: ItemId, viewer: Option<ParticipantId>) -> String {
        let card = self.cards.get(&item);
        card.map(|card| self.assemble_card(item, card, &self.vetoed_by(viewer), None))
            .unwrap_or_default()
    }

    /// Appends the rows of the features that belong to no item.
    pub fn write_free_rows(&self, viewer: Option<ParticipantId>, out: &mut String) {
        self.write_rows(None, &self.vetoed_by(viewer), out);
    }

    /// The head of a card; none if the item does not exist.
    pub fn head(&self, item: ItemId) -> Option<&str> {
        self.cards.get(&item).map(|card| &*card.head)
    }

    /// A row for one viewer; none if the feature does not exist.
    pub fn row(&self, feature: FeatureId, viewer: Option<ParticipantId>) -> Option<&str> {
        let vetoed = viewer.is_some_and(|viewer| self.board.has_vetoed(viewer, feature));
        self.rows.get(&feature).map(|row| row.html(vetoed))
    }

    fn vetoed_by(&self, viewer: Option<ParticipantId>) -> BTreeSet<FeatureId> {
        viewer
            .map(|viewer| self.board.vetoed_by(viewer).collect())
            .unwrap_or_default()
    }

    /// A card for viewers who vetoed none of its features.
    fn common_card<'c>(&self, item: ItemId, card: &'c Card) -> &'c str {
        card.common
            .get_or_init(|| self.assemble_card(item, card, &BTreeSet::new(), None))
    }

    fn assemble_card(
        &self,
        item: ItemId,
        card: &Card,
        vetoed: &BTreeSet<FeatureId>,
        form: Option<&SuggestForm>,
    ) -> String {
        let mut out = view::item::card_start(item, &card.head).into_string();
        self.write_rows(Some(item), vetoed, &mut out);
        match form.filter(|form| form.item == Some(item)) {
            Some(form) => out.push_str(&view::item::card_end(item, Some(form), &self.context).0),
            None => out.push_str(&card.tail),
        }
        out
    }

    fn write_rows(&self, item: Option<ItemId>, vetoed: &BTreeSet<FeatureId>, out: &mut String) {
        for feature in self.board.features_of(item) {
            if let Some(row) = self.rows.get(&feature.id) {
                out.push_str(row.html(vetoed.contains(&feature.id)));
            }
        }
    }
}

impl Card {
    fn bytes(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

impl Row {
    fn html(&self, vetoed: bool) -> &str {
        match vetoed {
            true => &self.vetoed,
            false => &self.common,
        }
    }
}
