//! Load shedding: rejects requests at once while the runtime is overloaded. Without it every request would wait longer and
//! longer, until clients have given up before their response arrives.

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    error::ResponseError,
    http::{StatusCode, header},
};

use super::wrap::Next;

use crate::http::scheduling_delay::SchedulingDelay;

/// Seconds after which a rejected client may retry.
const RETRY_AFTER: u64 = 2;

/// The runtime is overloaded. No endpoint has seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The server is overloaded. Please try again in a moment.")]
pub struct Overloaded;

impl ResponseError for Overloaded {
    fn status(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }

    fn as_response(&self) -> Response {
        Response::builder()
            .status(self.status())
            .header(header::RETRY_AFTER, RETRY_AFTER)
            .body(self.to_string())
    }
}

/// Rejects a request while the scheduling delay is above its limit, unless its path `is_exempt`.
///
/// # Errors
/// [`Overloaded`], before any work is done; and those of `inner`.
pub async fn shed<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    scheduling_delay: Arc<SchedulingDelay>,
    is_exempt: fn(&str) -> bool,
) -> Result<Response> {
    if scheduling_delay.exceeds_limit() && !is_exempt(request.uri().path()) {
        return Err(Overloaded.into());
    }
    inner.run(request).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use poem::{Endpoint, endpoint::make_sync};

    use super::{super::wrap::Wrap, *};

    async fn get(delay_ms: u64, path: &'static str) -> Result<Response, Overloaded> {
        let ms = Duration::from_millis;
        let scheduling_delay = Arc::new(SchedulingDelay::fixed(ms(delay_ms), ms(500)));
        let page = make_sync(|_| "a page").wrap(move |inner, request| {
            let scheduling_delay = scheduling_delay.clone();
            shed(inner, request, scheduling_delay, |path| path == "/healthz")
        });
        let response = page.call(Request::builder().uri_str(path).finish()).await;
        response.map_err(|error| *error.downcast_ref().expect("a typed error"))
    }

    #[tokio::test]
    async fn requests_are_rejected_from_the_limit_on() {
        for path in ["/", "/events"] {
            assert!(get(0, path).await.is_ok());
            assert!(get(499, path).await.is_ok());
            assert_eq!(get(500, path).await.map(|_| ()), Err(Overloaded), "{path}");
        }
    }

    #[tokio::test]
    async fn exempt_paths_are_never_rejected() {
        assert!(get(10_000, "/healthz").await.is_ok());
    }

    #[test]
    fn a_rejected_client_is_told_when_to_retry() {
        let response = Overloaded.as_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.header("Retry-After"), Some("2"));
    }
}
