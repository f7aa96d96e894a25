//! Load shedding: when more is asked for than the machine can do, the rest is refused at once. Otherwise all would wait longer
//! and longer, and be answered when nobody waits any more.

use std::sync::Arc;

use poem::{Endpoint, IntoResponse, Request, Response, Result};

use super::is_free;
use crate::web::{error::Problem, lag::Lag};

/// Refuses a request when what came before it has waited too long.
///
/// # Errors
/// [`Problem::busy`], before anything is done; and those of `inner`.
pub(in crate::web) async fn excess<E: Endpoint>(
    inner: Arc<E>,
    request: Request,
    lag: Arc<Lag>,
) -> Result<Response> {
    if lag.is_too_much() && !is_free(request.uri().path()) {
        return Err(Problem::busy().into());
    }
    inner.call(request).await.map(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use poem::{EndpointExt, endpoint::make_sync, error::ResponseError, http::StatusCode};

    use super::*;

    async fn answered(lag_ms: u64, path: &'static str) -> Result<Response, StatusCode> {
        let ms = Duration::from_millis;
        let lag = Arc::new(Lag::of(ms(lag_ms), ms(500)));
        let page = make_sync(|_| "a page").around(move |inner, request| {
            let lag = lag.clone();
            excess(inner, request, lag)
        });
        let answer = page.call(Request::builder().uri_str(path).finish()).await;
        answer.map_err(|error| {
            let problem = error.downcast_ref::<Problem>();
            problem.expect("it is said in words").status()
        })
    }

    #[tokio::test]
    async fn what_is_too_much_is_refused() {
        for path in ["/", "/b/x/features/7/veto", "/events"] {
            assert!(answered(0, path).await.is_ok());
            assert!(answered(499, path).await.is_ok());
            let refused = answered(500, path).await.map(|_| ());
            assert_eq!(refused, Err(StatusCode::SERVICE_UNAVAILABLE), "{path}");
        }
    }

    #[tokio::test]
    async fn what_every_browser_and_keeper_needs_goes_on() {
        for path in ["/assets/savt.css", "/healthz", "/readyz"] {
            assert!(answered(10_000, path).await.is_ok(), "{path}");
        }
    }
}
