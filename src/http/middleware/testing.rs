//! One-line requests for the middleware tests.

use poem::{Body, Endpoint, Request, Response, http::Method};

/// Sends a request with these headers and this body to `endpoint`.
pub(crate) async fn send(
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

/// Sends a GET request with these headers to `endpoint`.
pub(crate) async fn get(endpoint: impl Endpoint, headers: &[(&str, &str)]) -> Response {
    send(endpoint, Method::GET, headers, ()).await
}
