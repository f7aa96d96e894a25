//! The page to print. It names every vetoer, of whom rows on the board name a few, so it is rendered on demand, row by row while it
//! is sent.

use std::iter::once;

use bytes::Bytes;

use super::large_page::{CARDS, FREE_ROWS, split};
use crate::{board::Rendering, http::pieces::Pieces, model::ItemId, view::print};

/// The full page.
pub(in crate::web) fn render(snapshot: &Rendering) -> Pieces {
    let frame = print::page(&snapshot.board, CARDS, FREE_ROWS, &snapshot.context);
    let [start, middle, end] = split(frame).map(Bytes::from);
    let pieces = once(start)
        .chain(cards(snapshot))
        .chain(once(middle))
        .chain(rows(snapshot, None))
        .chain(once(end));
    // Renders everything twice, but holds one row at a time.
    let length = pieces.clone().map(|piece| piece.len()).sum();
    Pieces::new(length, pieces)
}

fn cards(snapshot: &Rendering) -> impl Iterator<Item = Bytes> + Clone + Send + Sync + use<> {
    let items: Vec<ItemId> = snapshot.board.items().map(|item| item.id).collect();
    let snapshot = snapshot.clone();
    items.into_iter().flat_map(move |id| {
        let start = snapshot.board.live_item(id).ok().map(print::card_start);
        let start = start.map(Bytes::from).into_iter();
        let rows = rows(&snapshot, Some(id));
        start.chain(rows).chain(once(Bytes::from(print::CARD_END)))
    })
}

/// The rows of an item, or those of the free features.
fn rows(
    snapshot: &Rendering,
    item: Option<ItemId>,
) -> impl Iterator<Item = Bytes> + Clone + Send + Sync + use<> {
    let features: Vec<_> = snapshot
        .board
        .features_of(item)
        .map(|feature| feature.id)
        .collect();
    let snapshot = snapshot.clone();
    features.into_iter().filter_map(move |id| {
        let feature = snapshot.board.live_feature(id).ok()?;
        let row = print::row(feature, &snapshot.board, &snapshot.context.texts);
        Some(Bytes::from(row))
    })
}
