//! Pages with all rows of a board: whole if they are small, in pieces if they are large.

use std::iter::once;

use bytes::Bytes;
use maud::Markup;

use crate::{
    board::Rendering,
    http::pieces::{MAX_WHOLE, Pieces},
    model::ParticipantId,
    view::feature::SuggestForm,
};

/// Where the rows of a large page belong. No escaped text contains a comment.
pub(super) const CARDS: &str = "<!--cards-->";
pub(super) const FREE_ROWS: &str = "<!--free-rows-->";

/// The page that `page` makes of the cards and of the rows without an item.
pub(super) fn assemble(
    snapshot: &Rendering,
    viewer: Option<ParticipantId>,
    form: Option<&SuggestForm>,
    page: impl FnOnce(String, String) -> Markup,
) -> Pieces {
    match snapshot.bytes() <= MAX_WHOLE {
        true => {
            let cards = snapshot.cards(viewer, form);
            page(cards, snapshot.free_rows(viewer)).into_string().into()
        }
        false => in_pieces(snapshot, viewer, form, page),
    }
}

fn in_pieces(
    snapshot: &Rendering,
    viewer: Option<ParticipantId>,
    form: Option<&SuggestForm>,
    page: impl FnOnce(String, String) -> Markup,
) -> Pieces {
    let [start, middle, end] = split(page(CARDS.to_owned(), FREE_ROWS.to_owned()));
    let cards = snapshot.card_pieces(viewer, form);
    let free_rows = snapshot.free_row_pieces(viewer);
    let length = start.len() + cards.length() + middle.len() + free_rows.length() + end.len();
    let pieces = once(start)
        .chain(cards)
        .chain(once(middle))
        .chain(free_rows)
        .chain(once(end));
    Pieces::new(length, pieces)
}

/// The parts of a page before, between and after [`CARDS`] and [`FREE_ROWS`].
pub(super) fn split(frame: Markup) -> [Bytes; 3] {
    let frame = frame.into_string();
    let (start, rest) = frame.split_once(CARDS).unwrap_or((&frame, ""));
    let (middle, end) = rest.split_once(FREE_ROWS).unwrap_or((rest, ""));
    [start, middle, end].map(|text| Bytes::from(text.to_owned()))
}
