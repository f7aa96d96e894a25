//! A board at one version with every card head and row rendered: what pages and fragments are put together from.

use std::{collections::BTreeSet, sync::Arc};

use imbl::OrdMap;

use crate::{
    model::{Board, Change, Edit, FeatureId, ItemId, ParticipantId},
    view::{self, Site, feature::SuggestForm},
};

/// A board at one version, rendered. A clone is cheap; the next version shares all rows that did not change.
#[derive(Clone)]
pub struct Snapshot {
    pub board: Board,
    pub site: Arc<Site>,
    heads: OrdMap<ItemId, Arc<str>>,
    rows: OrdMap<FeatureId, Arc<Row>>,
}

/// A row in its two forms, for those who vetoed the feature and for everyone else: only the button differs.
struct Row {
    mine: String,
    others: String,
}

/// The things whose looks a change may have altered.
pub(super) struct Touched {
    pub(super) items: BTreeSet<ItemId>,
    pub(super) features: BTreeSet<FeatureId>,
}

impl Touched {
    pub(super) fn by(change: &Change, board: &Board) -> Touched {
        let items = change.items.iter().filter_map(Edit::latest);
        let features = change.features.iter().filter_map(Edit::latest);
        let vetoes = change.vetoes.iter().filter_map(Edit::latest);
        // A new name shows wherever that person vetoed; a newcomer has vetoed nothing yet.
        let renamed = change
            .participants
            .iter()
            .filter(|edit| edit.before.is_some())
            .filter_map(Edit::latest)
            .flat_map(|person| board.vetoed_by(person.id));
        Touched {
            items: items.map(|item| item.id).collect(),
            features: features
                .map(|feature| feature.id)
                .chain(vetoes.map(|veto| veto.feature))
                .chain(renamed)
                .collect(),
        }
    }
}

impl Snapshot {
    /// Renders a whole board: done once, when it is loaded.
    pub fn of(board: Board, site: Arc<Site>) -> Snapshot {
        let mut snapshot = Snapshot {
            board,
            site,
            heads: OrdMap::new(),
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

    /// The next version: renders what the change touched and shares everything else.
    pub fn follow(&self, board: Board, change: &Change) -> Snapshot {
        let touched = Touched::by(change, &board);
        let mut next = Snapshot {
            board,
            ..self.clone()
        };
        for item in touched.items {
            next.render_head(item);
        }
        for feature in touched.features {
            next.render_row(feature);
        }
        next
    }

    fn render_head(&mut self, id: ItemId) {
        match self.board.living_item(id) {
            Ok(item) => {
                let head = view::item::head(item, &self.site).into_string();
                self.heads.insert(id, head.into());
            }
            Err(_) => {
                self.heads.remove(&id);
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
        let mut out = String::new();
        for item in self.heads.keys() {
            self.write_card(*item, &mine, form, &mut out);
        }
        out
    }

    /// One card with its rows.
    pub fn card(&self, item: ItemId, viewer: Option<ParticipantId>) -> String {
        let mut out = String::new();
        self.write_card(item, &self.vetoed_by(viewer), None, &mut out);
        out
    }

    /// The rows of the free features.
    pub fn free(&self, viewer: Option<ParticipantId>) -> String {
        let mut out = String::new();
        self.write_rows(None, &self.vetoed_by(viewer), &mut out);
        out
    }

    /// The head of a card, nothing if the item does not live.
    pub fn head(&self, item: ItemId) -> Option<&str> {
        self.heads.get(&item).map(|head| &**head)
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

    fn write_card(
        &self,
        item: ItemId,
        mine: &BTreeSet<FeatureId>,
        form: Option<&SuggestForm>,
        out: &mut String,
    ) {
        let Some(head) = self.heads.get(&item) else {
            return;
        };
        out.push_str(&view::item::open(item, head).0);
        self.write_rows(Some(item), mine, out);
        out.push_str(&view::item::close(item, form, &self.site).0);
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
