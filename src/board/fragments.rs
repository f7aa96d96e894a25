//! A change as the fragments that bring a page from before it to after it.

use super::snapshot::{Snapshot, Touched};
use crate::{
    model::{Board, Change, FeatureId, ItemId, ParticipantId},
    view::{Fragment, Swap, board::stats, item::features_id},
};

impl Snapshot {
    /// What changed on the page of one viewer: rows and cards that came, went, moved or look different, and the figures.
    /// `change` is the net change that led to this snapshot.
    pub fn fragments(&self, change: &Change, viewer: Option<ParticipantId>) -> Vec<Fragment> {
        let touched = Touched::by(change, &self.board);
        let mut fragments = Vec::new();
        for feature in &touched.features {
            self.row_fragments(*feature, change, viewer, &mut fragments);
        }
        for item in &touched.items {
            self.card_fragments(*item, change, viewer, &mut fragments);
        }
        let figures = stats(self.board.stats(), &self.site).into_string();
        fragments.push(Fragment::new("#stats", Swap::Morph, figures));
        fragments
    }

    fn row_fragments(
        &self,
        id: FeatureId,
        change: &Change,
        viewer: Option<ParticipantId>,
        out: &mut Vec<Fragment>,
    ) {
        let row_id = format!("#feature-{id}");
        let now = self.board.living_feature(id).ok().map(|now| now.item);
        let before = place_before(id, change, &self.board);
        let (Some(owner), Some(html)) = (now, self.row(id, viewer)) else {
            if before.is_some() {
                out.push(Fragment::delete(row_id));
            }
            return;
        };
        if before == Some(owner) {
            out.push(Fragment::new(row_id, Swap::Morph, html.to_owned()));
            return;
        }
        if before.is_some() {
            out.push(Fragment::delete(row_id));
        }
        // A card that is new brings its rows along.
        if owner.is_some_and(|item| !lived(item, change)) {
            return;
        }
        let next = self.board.features_of(owner).find(|other| {
            other.id > id && place_before(other.id, change, &self.board) == Some(owner)
        });
        out.push(match next {
            Some(next) => Fragment::new(
                format!("#feature-{}", next.id),
                Swap::Before,
                html.to_owned(),
            ),
            None => Fragment::new(
                format!("#{}", features_id(owner)),
                Swap::Append,
                html.to_owned(),
            ),
        });
    }

    fn card_fragments(
        &self,
        id: ItemId,
        change: &Change,
        viewer: Option<ParticipantId>,
        out: &mut Vec<Fragment>,
    ) {
        let card = format!("#item-{id}");
        let lived = lived(id, change);
        match self.head(id) {
            None if lived => out.push(Fragment::delete(card)),
            None => {}
            Some(head) if lived => {
                out.push(Fragment::new(
                    format!("{card}-head"),
                    Swap::Morph,
                    head.to_owned(),
                ));
            }
            Some(_) => {
                let next = self
                    .board
                    .items_after(id)
                    .find(|other| self::lived(other.id, change));
                let html = self.card(id, viewer);
                out.push(match next {
                    Some(next) => Fragment::new(format!("#item-{}", next.id), Swap::Before, html),
                    None => Fragment::new("#items", Swap::Append, html),
                });
            }
        }
    }
}

/// Where a feature stood before the change: none if it did not live, `Some(None)` if it was free.
fn place_before(id: FeatureId, change: &Change, board: &Board) -> Option<Option<ItemId>> {
    let edits = &change.features;
    let edit = edits.binary_search_by_key(&Some(id), |edit| edit.latest().map(|row| row.id));
    let before = match edit {
        Ok(n) => edits[n].before.as_ref(),
        Err(_) => board.feature(id),
    };
    before
        .filter(|feature| feature.lives())
        .map(|feature| feature.item)
}

/// Whether an item lived before the change, which leads to a board where it lives or is edited.
fn lived(id: ItemId, change: &Change) -> bool {
    let edits = &change.items;
    match edits.binary_search_by_key(&Some(id), |edit| edit.latest().map(|row| row.id)) {
        Ok(n) => edits[n].before.as_ref().is_some_and(|item| item.lives()),
        Err(_) => true,
    }
}
