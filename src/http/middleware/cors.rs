//! Lets pages of allowed origins use a part of the server from a browser (CORS, in the Fetch standard). poem's own middleware
//! rejects every request with another origin, also that of the server's own pages, whose forms say where they come from. This one
//! rejects nothing: it only leaves out the headers without which a browser keeps an answer from a page.

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    http::{HeaderMap, HeaderValue, Method, header},
};

use super::wrap::Next;

use crate::http::allowed_origins::AllowedOrigins;

/// What a page may send besides what any form can send.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, SAVT-Access",
);

/// What a page may read besides what any page can read.
const RESPONSE_HEADERS: HeaderValue = HeaderValue::from_static(
    "ETag, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id",
);

/// For how many seconds a browser need not ask again: two hours, the most that Chromium accepts.
const MAX_AGE: HeaderValue = HeaderValue::from_static("7200");

/// Adds the headers to every response to a path that `is_shared`, if any origin is allowed.
///
/// # Errors
/// None: errors become responses here, because a page has to read them too.
pub async fn share<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    origins: AllowedOrigins,
    is_shared: fn(&str) -> bool,
) -> Result<Response> {
    if origins.is_empty() || !is_shared(request.uri().path()) {
        return inner.run(request).await;
    }
    let allowed = allowed(request.headers(), &origins);
    let is_preflight = is_preflight(&request);
    let mut response = match inner.run(request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    // Also without an origin: a cache must not give that response to a page.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        match is_preflight {
            true => allow_request(headers),
            false => {
                headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
            }
        }
    }
    Ok(response)
}

/// The allowed origin of the page that sends the request.
fn allowed(headers: &HeaderMap, origins: &AllowedOrigins) -> Option<HeaderValue> {
    let mut sent = headers.get_all(header::ORIGIN).iter();
    let origin = sent.next().filter(|_| sent.next().is_none())?;
    origins.allow(origin)
}

/// Whether a browser asks which requests a page may send.
fn is_preflight(request: &Request) -> bool {
    let asks = header::ACCESS_CONTROL_REQUEST_METHOD;
    *request.method() == Method::OPTIONS && request.headers().contains_key(asks)
}

/// The answer to OPTIONS says in `Allow` what methods the resource has.
fn allow_request(headers: &mut HeaderMap) {
    if let Some(methods) = headers.get(header::ALLOW).cloned() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
}

#[cfg(test)]
mod tests {
    use poem::{
        Endpoint,
        endpoint::{make, make_sync},
        error::NotFoundError,
    };

    use super::{
        super::{testing::send, wrap::Wrap},
        *,
    };

    const APP: &str = "https://app.example";

    fn shared<E: Endpoint + 'static>(endpoint: E, path: &'static str) -> impl Endpoint {
        let origins = AllowedOrigins::new(&[APP.parse().unwrap()]);
        let is_shared: fn(&str) -> bool = match path {
            "/" => |path| path == "/",
            _ => |_| false,
        };
        endpoint.wrap(move |inner, request| share(inner, request, origins.clone(), is_shared))
    }

    fn resource() -> impl Endpoint + 'static {
        make_sync(|_| {
            Response::builder()
                .header(header::ALLOW, "GET, OPTIONS, PUT")
                .header(header::VARY, "Accept-Encoding")
                .finish()
        })
    }

    fn cors_headers(response: &Response) -> Vec<&str> {
        let names = response.headers().keys().map(|name| name.as_str());
        let mut names: Vec<_> = names
            .filter(|name| name.starts_with("access-control-"))
            .collect();
        names.sort_unstable();
        names
    }

    #[tokio::test]
    async fn only_pages_of_allowed_origins_may_read() {
        for (headers, expected) in [
            (&[("Origin", APP)][..], Some(APP)),
            (&[("Origin", "https://evil.example")], None),
            (&[("Origin", APP), ("Origin", "https://evil.example")], None),
            (&[("Origin", "null")], None),
            (&[], None),
        ] {
            let response = send(shared(resource(), "/"), Method::POST, headers, ()).await;
            assert_eq!(response.status(), 200, "{headers:?} is not rejected");
            let allowed = response.header("Access-Control-Allow-Origin");
            assert_eq!(allowed, expected, "{headers:?}");
            let vary: Vec<_> = response.headers().get_all("Vary").iter().collect();
            assert_eq!(vary, ["Accept-Encoding", "Origin"], "{headers:?}");
            let exposed = response.header("Access-Control-Expose-Headers");
            assert_eq!(exposed.is_some(), expected.is_some(), "{headers:?}");
        }
    }

    #[tokio::test]
    async fn a_preflight_names_the_methods_of_the_resource() {
        let asks = [("Origin", APP), ("Access-Control-Request-Method", "PUT")];
        let response = send(shared(resource(), "/"), Method::OPTIONS, &asks, ()).await;
        let methods = response.header("Access-Control-Allow-Methods");
        assert_eq!(methods, Some("GET, OPTIONS, PUT"));
        assert_eq!(
            cors_headers(&response),
            [
                "access-control-allow-headers",
                "access-control-allow-methods",
                "access-control-allow-origin",
                "access-control-max-age",
            ]
        );
        let foreign = [
            ("Origin", "https://evil.example"),
            ("Access-Control-Request-Method", "PUT"),
        ];
        let response = send(shared(resource(), "/"), Method::OPTIONS, &foreign, ()).await;
        assert_eq!(cors_headers(&response), [""; 0]);
    }

    #[tokio::test]
    async fn errors_can_be_read_too() {
        let failing = make(|_| async { Err::<(), _>(NotFoundError) });
        let response = send(shared(failing, "/"), Method::GET, &[("Origin", APP)], ()).await;
        assert_eq!(response.status(), 404);
        assert_eq!(response.header("Access-Control-Allow-Origin"), Some(APP));
    }

    #[tokio::test]
    async fn other_paths_have_no_headers() {
        let page = shared(resource(), "/elsewhere");
        let response = send(page, Method::GET, &[("Origin", APP)], ()).await;
        assert_eq!(cors_headers(&response), [""; 0]);
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    }
}
