//! Rejects paths that are not UTF-8: poem drops a path parameter that it cannot decode, so an endpoint would take it for absent.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use poem::{Request, Response, Result, error::NotFoundError};

use super::wrap::Next;

/// Passes a request whose path is UTF-8 after percent-decoding.
///
/// # Errors
/// [`NotFoundError`] for any other path, before any work is done; and those of `inner`.
pub async fn require<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    if percent_decode_str(request.uri().path())
        .decode_utf8()
        .is_err()
    {
        return Err(NotFoundError.into());
    }
    inner.run(request).await
}

#[cfg(test)]
mod tests {
    use poem::{Endpoint, endpoint::make_sync, http::StatusCode};

    use super::{super::wrap::Wrap, *};

    #[tokio::test]
    async fn only_utf_8_passes() {
        for (path, status) in [
            ("/", StatusCode::OK),
            ("/b/%C3%A4/x", StatusCode::OK),
            ("/b/%25ff", StatusCode::OK),
            ("/%", StatusCode::OK),
            ("/?%ff", StatusCode::OK),
            ("/b/%ff/create/item/", StatusCode::NOT_FOUND),
            ("/items/1%C3/edit", StatusCode::NOT_FOUND),
            ("/%ed%a0%80", StatusCode::NOT_FOUND),
        ] {
            let endpoint = make_sync(|_| "done").wrap(require);
            let request = Request::builder().uri_str(path).finish();
            assert_eq!(
                endpoint.get_response(request).await.status(),
                status,
                "{path}"
            );
        }
    }
}
