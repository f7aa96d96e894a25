//! The projector view: the board's page for a large screen, at the same address.

use poem::Response;

use crate::{
    board::Rendering,
    http::etag::short_hash,
    view,
    web::{
        request::board_request::BoardRequest,
        response::{board_page, html},
    },
};

/// Whether the query asks for this view.
pub(super) fn is_requested(request: &BoardRequest) -> bool {
    request.query("view") == Some(view::url::PROJECTOR_VIEW)
}

/// Distinguishes the entity tag from that of the board's page. Includes the link that the page shows, because the same page may be
/// reached through several hosts.
pub(super) fn etag_suffix(request: &BoardRequest, snapshot: &Rendering) -> String {
    let link = request.board_link(snapshot);
    let address = link.as_ref().map_or("", |link| &link.url);
    format!("-{}-{}", view::url::PROJECTOR_VIEW, short_hash(&[address]))
}

/// The full page.
pub(super) fn page(request: &BoardRequest, snapshot: &Rendering) -> Response {
    let page = board_page::render_projector(request, snapshot);
    request.app.metrics.record_page(page.length());
    html::page(page)
}
