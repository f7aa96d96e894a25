//! The page to print: the board's page in full, at the same address.

use poem::Response;

use crate::{
    board::Rendering,
    view,
    web::{
        request::board_request::BoardRequest,
        response::{html, print_page},
    },
};

/// Whether the query asks for this page.
pub(super) fn is_requested(request: &BoardRequest) -> bool {
    request.query("view") == Some(view::url::PRINT_VIEW)
}

/// Distinguishes the entity tag from that of the board's page.
pub(super) fn etag_suffix() -> String {
    format!("-{}", view::url::PRINT_VIEW)
}

/// The full page.
pub(super) fn page(request: &BoardRequest, snapshot: &Rendering) -> Response {
    let page = print_page::render(snapshot);
    request.app.metrics.record_page(page.length());
    html::page(page)
}
