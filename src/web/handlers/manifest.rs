//! The web app manifest, which a device reads before it installs SAVT as an app.

use poem::{Request, Response, Result, handler, http::header};

use crate::{view, web::request::language_preference::texts_for};

/// The manifest names icons by their content hash, so it is cached only briefly.
const ONE_HOUR: &str = "public, max-age=3600";

#[handler]
pub(in crate::web) fn show(request: &Request) -> Result<Response> {
    let texts = texts_for(request)?;
    Ok(Response::builder()
        .content_type("application/manifest+json")
        .header(header::CACHE_CONTROL, ONE_HOUR)
        .header(header::VARY, "Cookie, Accept-Language")
        .body(view::manifest::text(&texts)))
}
