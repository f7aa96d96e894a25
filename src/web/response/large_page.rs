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
    let parts = split(page(CARDS.to_owned(), FREE_ROWS.to_owned()));
    match snapshot.bytes() <= MAX_WHOLE {
        true => whole(snapshot, viewer, form, &parts),
        false => in_pieces(snapshot, viewer, form, parts),
    }
}

/// What the page has besides the rows and the heads of cards, for each card: an upper bound of its start, in bytes.
const CARD_START: usize = 256;

/// The page as one text. Its rows are copied once, into memory that is allocated once: they are most of it.
fn whole(
    snapshot: &Rendering,
    viewer: Option<ParticipantId>,
    form: Option<&SuggestForm>,
    [start, middle, end]: &[String; 3],
) -> Pieces {
    let cards = snapshot.bytes() + CARD_START * snapshot.board.stats().items;
    let mut page = String::with_capacity(start.len() + cards + middle.len() + end.len());
    page.push_str(start);
    snapshot.write_cards(viewer, form, &mut page);
    page.push_str(middle);
    snapshot.write_free_rows(viewer, &mut page);
    page.push_str(end);
    page.into()
}

fn in_pieces(
    snapshot: &Rendering,
    viewer: Option<ParticipantId>,
    form: Option<&SuggestForm>,
    parts: [String; 3],
) -> Pieces {
    let [start, middle, end] = parts.map(Bytes::from);
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
pub(super) fn split(frame: Markup) -> [String; 3] {
    let frame = frame.into_string();
    let (start, rest) = frame.split_once(CARDS).unwrap_or((&frame, ""));
    let (middle, end) = rest.split_once(FREE_ROWS).unwrap_or((rest, ""));
    [start, middle, end].map(str::to_owned)
}
