//! The board on the wall: the same board at the same address, looked at from afar.

use poem::Response;

use super::{answer, etag::short_hash, visit::Visit};
use crate::{board::Rendering, view};

/// Whether this is what the address asks for.
pub(super) fn is_asked_for(visit: &Visit) -> bool {
    visit.query("view") == Some(view::wall::VIEW)
}

/// What tells its entity tag from that of the board's page: the link is in it as well, which others may reach us by.
pub(super) fn mark(visit: &Visit, snapshot: &Rendering) -> String {
    let link = visit.link(snapshot);
    let address = link.as_ref().map_or("", |link| &link.address);
    format!("-{}-{}", view::wall::VIEW, short_hash(&[address]))
}

/// The whole page.
pub(super) fn page(visit: &Visit, snapshot: &Rendering) -> Response {
    let viewer = visit.viewer(snapshot);
    let page = view::wall::page(
        &snapshot.board,
        snapshot.cards(viewer, None),
        snapshot.free(viewer),
        visit.link(snapshot).as_ref(),
        visit.live.is_cut_off(),
        &snapshot.site,
    )
    .into_string();
    visit.app.figures.page(page.len());
    answer::page(page)
}
