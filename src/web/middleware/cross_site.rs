//! Refuses what a page of another site makes a browser post here: SAVT knows its participants by
//! a cookie, which the browser would send along. Needs no token in any form, for browsers say
//! where a request comes from, and no page can make them lie.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    error::ResponseError,
    http::{HeaderName, Method, StatusCode, Uri, header, uri::Authority},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Another site's page asked for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This came from a page of another site, so nothing was changed.")]
pub struct CrossSite;

impl ResponseError for CrossSite {
    fn status(&self) -> StatusCode {
        StatusCode::FORBIDDEN
    }
}

/// Lets a request pass unless it would change something and comes from another site.
///
/// # Errors
/// [`CrossSite`], before anything is done.
pub async fn refuse<E: Endpoint>(inner: Arc<E>, request: Request) -> Result<Response> {
    if changes_something(&request) && !is_from_here(&request) {
        return Err(CrossSite.into());
    }
    inner.call(request).await.map(IntoResponse::into_response)
}

/// GET never changes anything in SAVT, so a link from elsewhere is welcome.
pub(super) fn changes_something(request: &Request) -> bool {
    ![Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method())
}

/// By `Sec-Fetch-Site`, which browsers send over TLS and to localhost, else by `Origin`. What
/// has neither is no browser, and carries no cookie but its own.
fn is_from_here(request: &Request) -> bool {
    let headers = request.headers();
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin" || site == "none");
    }
    let host = host(request);
    headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| host.is_some() && origin.to_str().ok().and_then(site) == host)
}

/// The host and port that the client asked for.
fn host(request: &Request) -> Option<String> {
    let asked = request.headers().get(header::HOST);
    match request.uri().authority() {
        Some(authority) => Some(plain(authority)),
        None => Some(plain(&asked?.to_str().ok()?.parse().ok()?)),
    }
}

/// The host and port of an `Origin`. There is none in `null`, which is what hidden origins say.
fn site(origin: &str) -> Option<String> {
    let origin: Uri = origin.parse().ok()?;
    origin.scheme()?;
    origin.authority().map(plain)
}

/// Without a default port. The scheme does not count, since TLS may end at a proxy before us.
fn plain(authority: &Authority) -> String {
    let host = authority.host().to_ascii_lowercase();
    match authority.port_u16() {
        None | Some(80 | 443) => host,
        Some(port) => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync};

    use super::{super::testing::send, *};

    async fn post(headers: &[(&str, &str)]) -> StatusCode {
        let endpoint = make_sync(|_| "done").around(refuse);
        send(endpoint, Method::POST, headers, ()).await.status()
    }

    #[tokio::test]
    async fn our_own_pages_may_post() {
        assert_eq!(post(&[("Sec-Fetch-Site", "same-origin")]).await, 200);
        assert_eq!(post(&[("Sec-Fetch-Site", "none")]).await, 200);
    }

    #[tokio::test]
    async fn other_sites_may_not() {
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
    async fn an_older_browser_is_judged_by_its_origin() {
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
    async fn sec_fetch_site_is_believed_before_origin() {
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
    async fn what_is_no_browser_may_post() {
        assert_eq!(post(&[("Host", "savt.example")]).await, 200);
    }

    #[tokio::test]
    async fn a_link_from_elsewhere_is_welcome() {
        let foreign = [("Sec-Fetch-Site", "cross-site"), ("Origin", "null")];
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let endpoint = make_sync(|_| "a page").around(refuse);
            assert_eq!(send(endpoint, method, &foreign, ()).await.status(), 200);
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let endpoint = make_sync(|_| "done").around(refuse);
            assert_eq!(send(endpoint, method, &foreign, ()).await.status(), 403);
        }
    }

    #[tokio::test]
    async fn the_refusal_can_become_a_page() {
        let page = make_sync(|_| "done")
            .around(refuse)
            .catch_error(|_: CrossSite| async { "a page that explains" });
        let headers = [("Sec-Fetch-Site", "cross-site")];
        let answer = send(page, Method::POST, &headers, ()).await;
        let text = answer.into_body().into_string().await.unwrap();
        assert_eq!(text, "a page that explains");
    }
}
