//! Turns a panic in an endpoint into an error, so that the connection survives. Poem's own `CatchPanic` makes a response of it,
//! which would bypass the application's error pages.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use poem::{IntoResponse, Request, Response, Result, error::ResponseError, http::StatusCode};

use super::wrap::Next;

/// An endpoint panicked; the panic hook logs the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Internal server error. It has been logged.")]
pub struct Panicked;

impl ResponseError for Panicked {
    fn status(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// Turns a panic of `inner` into an error.
///
/// # Errors
/// [`Panicked`], and those of `inner`.
pub async fn catch<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    let mut call = pin!(async { inner.run(request).await });
    // The call is never polled again after a panic, so its state is not observed. Shared state must be unwind-safe by itself.
    let response =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
                Ok(poll) => poll,
                Err(_) => Poll::Ready(Err(Panicked.into())),
            },
        );
    response.await.map(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use poem::{
        EndpointExt,
        endpoint::{make, make_sync},
    };

    use super::{
        super::{testing::get, wrap::Wrap},
        *,
    };

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        let immediate = make_sync(|_| -> &str { panic!("on purpose") }).wrap(catch);
        let response = get(immediate, &[]).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            !response
                .into_body()
                .into_string()
                .await
                .unwrap()
                .contains("purpose")
        );
    }

    #[tokio::test]
    async fn a_panic_after_an_await_becomes_an_error() {
        let later = make(|_| async {
            tokio::task::yield_now().await;
            if true {
                panic!("on purpose");
            }
            Ok::<_, Panicked>("never")
        });
        let response = get(later.wrap(catch), &[]).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test]
    async fn the_error_can_be_rendered_as_a_page() {
        let page = make_sync(|_| -> &str { panic!("on purpose") })
            .wrap(catch)
            .catch_error(|_: Panicked| async { "a page that explains" });
        let text = get(page, &[]).await.into_body().into_string().await;
        assert_eq!(text.unwrap(), "a page that explains");
    }

    #[tokio::test]
    async fn responses_pass_through_unchanged() {
        let page = make_sync(|_| "a page").wrap(catch);
        let text = get(page, &[]).await.into_body().into_string().await;
        assert_eq!(text.unwrap(), "a page");
    }
}
