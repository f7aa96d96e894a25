//! Pages and fragments with their caching headers.

use poem::{
    IntoResponse, Response,
    http::{HeaderValue, StatusCode, header},
    web::Html,
};

use crate::view::Fragment;

/// A page, or fragments. Only the browser may cache it, and it depends on these request headers.
pub(in crate::web) fn page(html: String) -> Response {
    private(Html(html).into_response())
}

/// Fragments without a page.
pub(in crate::web) fn fragments(fragments: &[Fragment]) -> Response {
    page(Fragment::join(fragments))
}

/// The browser has the current page already.
pub(in crate::web) fn not_modified() -> Response {
    private(StatusCode::NOT_MODIFIED.into_response())
}

fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("HX-Request, Cookie, Accept-Language"),
    );
    response
}
