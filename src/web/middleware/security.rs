//! The headers that tell a browser what a page of SAVT may do and who may use it.
//! Encryption (`Strict-Transport-Security`) is the proxy's to promise, not ours.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderName, HeaderValue, header},
};

/// Scripts, styles and requests come from and go to SAVT alone; nothing inline, nothing framed.
/// Pictures may also be `data:`, as style sheets carry small ones.
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
    // The address of a board is all one needs to enter it, so no other site gets to see it.
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
    // A page shows what belongs to one browser: a cache may keep it only if it asks each time.
    (
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    ),
];

/// Adds the headers to every answer, except those that the answer already has: an endpoint may
/// know better.
///
/// # Errors
/// None: an error becomes its answer here, for it needs the headers as well.
pub async fn headers<E: Endpoint>(inner: Arc<E>, request: Request) -> Result<Response> {
    let mut answer = match inner.call(request).await {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(value);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use poem::{
        EndpointExt,
        endpoint::{make, make_sync},
        error::NotFoundError,
        http::StatusCode,
    };

    use super::{super::testing::get, *};

    fn assert_secured(answer: &Response) {
        for (name, value) in HEADERS {
            assert_eq!(answer.headers().get(&name), Some(&value), "{name}");
        }
    }

    #[tokio::test]
    async fn every_answer_carries_them() {
        let page = make_sync(|_| "a page").around(headers);
        assert_secured(&get(page, &[]).await);
    }

    #[tokio::test]
    async fn so_does_an_error() {
        let lost = make(|_| async { Err::<(), _>(NotFoundError) });
        let answer = get(lost.around(headers), &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_secured(&answer);
    }

    #[tokio::test]
    async fn an_endpoint_may_know_better() {
        let asset = make_sync(|_| {
            Response::builder()
                .header(header::CACHE_CONTROL, "public, max-age=31536000")
                .finish()
        });
        let answer = get(asset.around(headers), &[]).await;
        assert_eq!(
            answer.header("Cache-Control"),
            Some("public, max-age=31536000")
        );
        assert_eq!(answer.headers().get_all("Cache-Control").iter().count(), 1);
    }

    #[test]
    fn nothing_inline_and_nothing_foreign_runs() {
        for loose in ["unsafe", "*", "http:", "https:", "blob:"] {
            assert!(!CONTENT_SECURITY_POLICY.contains(loose), "{loose}");
        }
        assert!(CONTENT_SECURITY_POLICY.starts_with("default-src 'none';"));
    }
}
