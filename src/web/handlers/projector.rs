//! The projector view: the board's page for a large screen, at the same address.

use poem::Response;

use crate::{
    board::Rendering,
    view,
    web::{
        request::{board_request::BoardRequest, pasted::without_punctuation},
        response::{board_page, html},
    },
};

/// Whether the query asks for this view.
pub(super) fn is_requested(request: &BoardRequest) -> bool {
    let view = request.query("view").and_then(without_punctuation);
    view.is_some_and(|view| view.eq_ignore_ascii_case(view::url::PROJECTOR_VIEW))
}

/// Distinguishes the entity tag from that of the board's page.
pub(super) const ETAG_SUFFIX: &str = "-wall";

/// The full page.
pub(super) fn page(request: &BoardRequest, snapshot: &Rendering) -> Response {
    let page = board_page::render_projector(request, snapshot);
    request.app.metrics.record_page(page.length());
    html::page(page)
}
