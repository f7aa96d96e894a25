//! A panic in an endpoint is our fault but no reason to hang up: it becomes an error like any
//! other. Poem's own `CatchPanic` makes an answer of it, which would pass by the error pages.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use poem::{
    Endpoint, IntoResponse, Request, Response, Result, error::ResponseError, http::StatusCode,
};

/// An endpoint panicked; the log says why (`log::start`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Something went wrong here. It is not your fault, and it was noted.")]
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
pub async fn catch<E: Endpoint>(inner: Arc<E>, request: Request) -> Result<Response> {
    let mut call = pin!(async { inner.call(request).await });
    // The call is never polled again after it panicked, so nobody sees what it left half done;
    // what it shared with others is theirs to keep whole.
    let answer =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))) {
                Ok(poll) => poll,
                Err(_) => Poll::Ready(Err(Panicked.into())),
            },
        );
    answer.await.map(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use poem::{
        EndpointExt,
        endpoint::{make, make_sync},
    };

    use super::{super::testing::get, *};

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let at_once = make_sync(|_| -> &str { panic!("on purpose") }).around(catch);
        let answer = get(at_once, &[]).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            !answer
                .into_body()
                .into_string()
                .await
                .unwrap()
                .contains("purpose")
        );
    }

    #[tokio::test]
    async fn also_after_a_while() {
        let later = make(|_| async {
            tokio::task::yield_now().await;
            if true {
                panic!("on purpose");
            }
            Ok::<_, Panicked>("never")
        });
        let answer = get(later.around(catch), &[]).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test]
    async fn it_can_become_a_page() {
        let page = make_sync(|_| -> &str { panic!("on purpose") })
            .around(catch)
            .catch_error(|_: Panicked| async { "a page that explains" });
        let text = get(page, &[]).await.into_body().into_string().await;
        assert_eq!(text.unwrap(), "a page that explains");
    }

    #[tokio::test]
    async fn what_does_not_panic_passes() {
        let page = make_sync(|_| "a page").around(catch);
        let text = get(page, &[]).await.into_body().into_string().await;
        assert_eq!(text.unwrap(), "a page");
    }
}
