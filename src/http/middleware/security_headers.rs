//! Headers that restrict what a page may load and who may embed it. The proxy that terminates TLS adds
//! `Strict-Transport-Security`.

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    http::{HeaderName, HeaderValue, header},
};

use super::wrap::Next;

/// Scripts, styles and requests use this origin only; nothing inline, no frames. Images may also be `data:` URLs, which style
/// sheets use for small ones.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, HeaderValue); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    // An address may be a secret link, so other sites must not see it.
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    // For browsers that do not know `frame-ancestors`.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    // A page belongs to one browser: a cache must revalidate it every time.
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    ),
];

/// Adds the headers to every response, except those that the endpoint has set.
///
/// # Errors
/// None: errors become responses here, because they need the headers as well.
pub async fn add<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    let mut response = match inner.run(request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use poem::{
        endpoint::{make, make_sync},
        error::NotFoundError,
        http::StatusCode,
    };

    use super::{
        super::{testing::get, wrap::Wrap},
        *,
    };

    fn assert_has_headers(response: &Response) {
        for (name, value) in HEADERS {
            assert_eq!(response.headers().get(&name), Some(&value), "{name}");
        }
    }

    #[tokio::test]
    async fn every_response_has_the_headers() {
        let page = make_sync(|_| "a page").wrap(add);
        assert_has_headers(&get(page, &[]).await);
    }

    #[tokio::test]
    async fn errors_have_the_headers_too() {
        let failing = make(|_| async { Err::<(), _>(NotFoundError) });
        let response = get(failing.wrap(add), &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_has_headers(&response);
    }

    #[tokio::test]
    async fn headers_of_the_endpoint_take_precedence() {
        let asset = make_sync(|_| {
            Response::builder()
                .header(header::CACHE_CONTROL, "public, max-age=31536000")
                .finish()
        });
        let response = get(asset.wrap(add), &[]).await;
        assert_eq!(
            response.header("Cache-Control"),
            Some("public, max-age=31536000")
        );
        assert_eq!(
            response.headers().get_all("Cache-Control").iter().count(),
            1
        );
    }

    #[test]
    fn the_policy_allows_nothing_inline_and_no_other_origin() {
        for loose in ["unsafe", "*", "http:", "https:", "blob:"] {
            assert!(!CONTENT_SECURITY_POLICY.contains(loose), "{loose}");
        }
        assert!(CONTENT_SECURITY_POLICY.starts_with("default-src 'none';"));
    }
}
