//! Rejects requests that a page of another site makes a browser send: participants are identified by a cookie, which the
//! browser would attach. Forms need no token, because browsers state the origin of a request and no page can forge it.

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    error::ResponseError,
    http::{HeaderName, Method, StatusCode, Uri, header, uri::Authority},
};

use super::wrap::Next;

use crate::http::origin::{public_origin, requested_authority};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A page of another site sent an unsafe request. No endpoint has seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The request came from a page of another site. Nothing was changed.")]
pub struct CrossSite;

impl ResponseError for CrossSite {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}

/// Rejects an unsafe request that comes from another site, and reports it to `on_rejected`.
///
/// # Errors
/// [`CrossSite`], before any work is done; and those of `inner`.
pub async fn reject<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    on_rejected: impl Fn(&Request),
) -> Result<Response> {
    if is_unsafe(request.method()) && !is_same_origin(&request) {
        on_rejected(&request);
        return Err(CrossSite.into());
    }
    inner.run(request).await
}

/// Whether a method may change something (RFC 9110, section 9.2.1). Safe methods pass: links from other sites are allowed.
pub fn is_unsafe(method: &Method) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(method)
}

/// Decides by `Sec-Fetch-Site`, which browsers send over TLS and to localhost, otherwise by `Origin`, which must have the
/// requested host or that of the public URL. A client that sends
/// neither is not a browser, and attaches no cookies of other pages.
fn is_same_origin(request: &Request) -> bool {
    let headers = request.headers();
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin" || site == "none");
    }
    let requested = requested_authority(request).as_ref().map(normalized);
    let public = public_origin(request).and_then(|origin| origin_host(&origin.url("/")));
    let own = [requested, public];
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        let origin = origin.to_str().ok().and_then(origin_host);
        origin.is_some() && own.contains(&origin)
    })
}

/// The host and port of an `Origin`; `None` for `null`, which stands for an opaque origin.
fn origin_host(origin: &str) -> Option<String> {
    let origin: Uri = origin.parse().ok()?;
    origin.scheme()?;
    origin.authority().map(normalized)
}

/// The lower-case host without a default port. The scheme is ignored because a proxy may terminate TLS.
fn normalized(authority: &Authority) -> String {
    let host = authority.host().to_ascii_lowercase();
    match authority.port_u16() {
        None | Some(80 | 443) => host,
        Some(port) => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync};

    use super::{
        super::{testing::send, wrap::Wrap},
        *,
    };
    use crate::http::origin::OriginPolicy;

    async fn post(headers: &[(&str, &str)]) -> StatusCode {
        let endpoint = make_sync(|_| "done").wrap(|inner, request| reject(inner, request, |_| {}));
        send(endpoint, Method::POST, headers, ()).await.status()
    }

    #[tokio::test]
    async fn same_origin_pages_may_post() {
        assert_eq!(post(&[("Sec-Fetch-Site", "same-origin")]).await, 200);
        assert_eq!(post(&[("Sec-Fetch-Site", "none")]).await, 200);
    }

    #[tokio::test]
    async fn other_sites_may_not_post() {
        assert_eq!(post(&[("Sec-Fetch-Site", "cross-site")]).await, 403);
        assert_eq!(post(&[("Sec-Fetch-Site", "same-site")]).await, 403);
        assert_eq!(post(&[("Sec-Fetch-Site", "")]).await, 403);
        let both = [
            ("Sec-Fetch-Site", "same-origin"),
            ("Sec-Fetch-Site", "cross-site"),
        ];
        assert_eq!(post(&both).await, 403);
    }

    #[tokio::test]
    async fn without_sec_fetch_site_the_origin_decides() {
        for (origin, host) in [
            ("http://192.168.1.7:8000", "192.168.1.7:8000"),
            ("https://savt.example", "savt.example"),
            ("https://SAVT.example", "savt.EXAMPLE:443"),
            ("http://[::1]:8000", "[::1]:8000"),
        ] {
            let status = post(&[("Origin", origin), ("Host", host)]).await;
            assert_eq!(status, 200, "{origin}");
        }
        for (origin, host) in [
            ("http://evil.example", "savt.example"),
            ("http://savt.example.evil.example", "savt.example"),
            ("http://savt.example:9000", "savt.example:8000"),
            ("http://localhost:8000", "127.0.0.1:8000"),
            ("null", "savt.example"),
            ("null", "null"),
            ("", "savt.example"),
        ] {
            let status = post(&[("Origin", origin), ("Host", host)]).await;
            assert_eq!(status, 403, "{origin}");
        }
        assert_eq!(post(&[("Origin", "http://savt.example")]).await, 403);
    }

    #[tokio::test]
    async fn sec_fetch_site_takes_precedence_over_origin() {
        let proxied = [
            ("Sec-Fetch-Site", "same-origin"),
            ("Origin", "https://savt.example"),
            ("Host", "127.0.0.1:8000"),
        ];
        assert_eq!(post(&proxied).await, 200);
        let foreign = [
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "https://savt.example"),
            ("Host", "savt.example"),
        ];
        assert_eq!(post(&foreign).await, 403);
    }

    #[tokio::test]
    async fn pages_of_the_public_url_may_post_behind_a_proxy_that_changes_the_host() {
        let policy = OriginPolicy {
            public: Some("http://savt.example:8080".parse().unwrap()),
            ..OriginPolicy::default()
        };
        for (origin, status) in [
            ("http://savt.example:8080", 200),
            ("http://127.0.0.1:8000", 200),
            ("http://evil.example", 403),
            ("null", 403),
        ] {
            let endpoint = make_sync(|_| "done")
                .wrap(|inner, request| reject(inner, request, |_| {}))
                .data(policy.clone());
            let headers = [("Origin", origin), ("Host", "127.0.0.1:8000")];
            let response = send(endpoint, Method::POST, &headers, ()).await;
            assert_eq!(response.status(), status, "{origin}");
        }
    }

    #[tokio::test]
    async fn a_client_without_both_headers_may_post() {
        assert_eq!(post(&[("Host", "savt.example")]).await, 200);
    }

    #[tokio::test]
    async fn other_sites_may_link_here() {
        let foreign = [("Sec-Fetch-Site", "cross-site"), ("Origin", "null")];
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let endpoint =
                make_sync(|_| "a page").wrap(|inner, request| reject(inner, request, |_| {}));
            assert_eq!(send(endpoint, method, &foreign, ()).await.status(), 200);
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let endpoint =
                make_sync(|_| "done").wrap(|inner, request| reject(inner, request, |_| {}));
            assert_eq!(send(endpoint, method, &foreign, ()).await.status(), 403);
        }
    }

    #[tokio::test]
    async fn the_rejection_can_be_rendered_as_a_page() {
        let page = make_sync(|_| "done")
            .wrap(|inner, request| reject(inner, request, |_| {}))
            .catch_error(|_: CrossSite| async { "a page that explains" });
        let headers = [("Sec-Fetch-Site", "cross-site")];
        let response = send(page, Method::POST, &headers, ()).await;
        let text = response.into_body().into_string().await.unwrap();
        assert_eq!(text, "a page that explains");
    }
}
