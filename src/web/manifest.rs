//! What a device asks for before it puts SAVT among its programs.

use poem::{Response, handler, http::header};

use crate::view;

/// It names icons by their content, so it may be kept only as long as it is not missed when those change.
const AN_HOUR: &str = "public, max-age=3600";

#[handler]
pub(super) fn show() -> Response {
    Response::builder()
        .content_type("application/manifest+json")
        .header(header::CACHE_CONTROL, AN_HOUR)
        .body(view::manifest::text())
}
