//! The cards and rows of a large page, copied from a rendering while they are sent. A reader holds its place and one piece,
//! whatever the size of the board, its own vetoes, or the number of newer versions.

use bytes::Bytes;

use super::rendering::Rendering;
use crate::{
    model::{FeatureId, ItemId, ParticipantId},
    view::{self, feature::SuggestForm},
};

/// The size of a piece, in bytes; a row or a small card more at most. The HTTP server queues up to 16 pieces.
const PIECE: usize = 8 * 1024;

/// How many items with own vetoes a reader's place remembers. Whoever vetoed more is looked up row by row.
const MAX_PERSONAL_ITEMS: usize = 64;

/// Produces all cards, or all rows without an item, for one viewer.
#[derive(Clone)]
pub struct PageRows {
    rendering: Rendering,
    viewer: Option<ParticipantId>,
    /// The items whose cards differ from the common ones, because the viewer vetoed some of their features; none if there are too
    /// many to remember.
    personal_items: Option<Vec<ItemId>>,
    /// The end of the card that shows a rejected suggestion again.
    form: Option<(ItemId, String)>,
    next: Position,
}

#[derive(Clone, Copy)]
enum Position {
    /// The first card after this item.
    CardAfter(ItemId),
    /// The rows of a list after this feature, and the end of the card.
    RowAfter(Option<ItemId>, FeatureId),
    End,
}

impl Rendering {
    /// All cards for one viewer; `form` is a rejected suggestion to show again.
    pub fn card_pieces(
        &self,
        viewer: Option<ParticipantId>,
        form: Option<&SuggestForm>,
    ) -> PageRows {
        let form = form.and_then(|form| {
            let end = view::item::card_end(form.item?, Some(form), &self.context);
            Some((form.item?, end.into_string()))
        });
        self.pieces(viewer, form, Position::CardAfter(ItemId(i64::MIN)))
    }

    /// The rows of the features that belong to no item.
    pub fn free_row_pieces(&self, viewer: Option<ParticipantId>) -> PageRows {
        let first = Position::RowAfter(None, FeatureId(i64::MIN));
        self.pieces(viewer, None, first)
    }

    fn pieces(
        &self,
        viewer: Option<ParticipantId>,
        form: Option<(ItemId, String)>,
        next: Position,
    ) -> PageRows {
        PageRows {
            rendering: self.clone(),
            viewer,
            personal_items: self.personal_items(viewer),
            form,
            next,
        }
    }

    fn personal_items(&self, viewer: Option<ParticipantId>) -> Option<Vec<ItemId>> {
        let Some(viewer) = viewer else {
            return Some(Vec::new());
        };
        let mut vetoed = self.board.vetoed_by(viewer);
        let first = vetoed.by_ref().take(MAX_PERSONAL_ITEMS);
        let items = first.filter_map(|feature| self.board.feature(feature)?.item);
        let items = items.collect();
        vetoed.next().is_none().then_some(items)
    }
}

impl PageRows {
    /// The length of all pieces that are left, in bytes.
    pub fn length(&self) -> usize {
        let mut walk = self.clone();
        let mut length = 0;
        while walk.advance(&mut |html| {
            length += html.len();
            true
        }) {}
        length
    }

    /// The next card as all viewers see it who vetoed none of its features, if it is the same for this one, and small.
    fn common_card(&self, item: ItemId) -> Option<&str> {
        let is_common = |items: &Vec<ItemId>| !items.contains(&item);
        let has_form = self.form.as_ref().is_some_and(|(form, _)| *form == item);
        match !has_form && self.personal_items.as_ref().is_some_and(is_common) {
            true => self.rendering.small_card(item),
            false => None,
        }
    }

    /// Emits the next card, or a large one up to its rows, or the rows of a list and the end of its card. Stops early, after a row, if `emit`
    /// returns false. Returns false at the end.
    fn advance(&mut self, emit: &mut impl FnMut(&str) -> bool) -> bool {
        match self.next {
            Position::End => return false,
            Position::CardAfter(last) => match self.rendering.card_after(last) {
                None => self.next = Position::End,
                Some((item, head)) => match self.common_card(item) {
                    Some(card) => {
                        emit(card);
                        self.next = Position::CardAfter(item);
                    }
                    None => {
                        emit(&view::item::card_start(item, head).0);
                        self.next = Position::RowAfter(Some(item), FeatureId(i64::MIN));
                    }
                },
            },
            Position::RowAfter(item, last) => {
                for feature in self.rendering.board.features_after(item, last) {
                    if let Some(row) = self.rendering.row(feature.id, self.viewer)
                        && !emit(row)
                    {
                        self.next = Position::RowAfter(item, feature.id);
                        return true;
                    }
                }
                self.next = match item {
                    None => Position::End,
                    Some(item) => {
                        emit(self.card_end(item));
                        Position::CardAfter(item)
                    }
                };
            }
        }
        true
    }

    fn card_end(&self, item: ItemId) -> &str {
        match &self.form {
            Some((rejected, end)) if *rejected == item => end,
            _ => self.rendering.tail(item).unwrap_or_default(),
        }
    }
}

impl Iterator for PageRows {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let mut piece = String::with_capacity(PIECE + PIECE / 4);
        while piece.len() < PIECE
            && self.advance(&mut |html| {
                piece.push_str(html);
                piece.len() < PIECE
            })
        {}
        (!piece.is_empty()).then(|| piece.into())
    }
}
