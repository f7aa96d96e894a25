//! Pages and fragments with their caching headers.

use poem::{
    Body, IntoResponse, Response,
    http::{HeaderValue, StatusCode, header},
};

use crate::{http::pieces::Pieces, view::Fragment};

/// A page, or fragments. Only the browser may cache it, and it depends on these request headers.
pub(in crate::web) fn page(html: impl Into<Pieces>) -> Response {
    private(response(html.into()))
}

/// HTML without caching headers.
pub(in crate::web) fn response(html: Pieces) -> Response {
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .body(html.into_body())
}

/// Text that is no page, with the caching headers of a page.
pub(in crate::web) fn text(content: String, content_type: &str) -> Response {
    body(Pieces::from(content).into_body(), content_type)
}

/// The same for any body.
pub(in crate::web) fn body(content: Body, content_type: &str) -> Response {
    let response = Response::builder().content_type(content_type);
    private(response.body(content))
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
