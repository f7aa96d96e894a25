//! What a device asks for before it puts SAVT among its programs.

use poem::{Request, Response, Result, handler, http::header};

use super::language::texts_of;
use crate::view;

/// It names icons by their content, so it may be kept only as long as it is not missed when those change.
const AN_HOUR: &str = "public, max-age=3600";

#[handler]
pub(super) fn show(request: &Request) -> Result<Response> {
    let texts = texts_of(request)?;
    Ok(Response::builder()
        .content_type("application/manifest+json")
        .header(header::CACHE_CONTROL, AN_HOUR)
        .header(header::VARY, "Cookie, Accept-Language")
        .body(view::manifest::text(&texts)))
}
