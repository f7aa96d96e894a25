//! Requests in one line, for the tests of the middlewares.

use poem::{Body, Endpoint, Request, Response, http::Method};

/// What these headers and this body make `endpoint` answer.
pub(super) async fn send(
    endpoint: impl Endpoint,
    method: Method,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Response {
    let mut request = Request::builder().method(method).uri_str("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    endpoint.get_response(request.body(body)).await
}

/// What `endpoint` answers to a GET with these headers.
pub(super) async fn get(endpoint: impl Endpoint, headers: &[(&str, &str)]) -> Response {
    send(endpoint, Method::GET, headers, ()).await
}
