//! Sends a response later than it was made.

use std::{sync::Arc, time::Duration};

use poem::{Request, Response, Result};

use super::wrap::Next;

/// How long a response has to be held back; an endpoint sets it with `Response::set_data`.
#[derive(Clone, Copy, Debug)]
pub struct ResponseDelay(pub Duration);

/// Holds responses back that have a [`ResponseDelay`]. Has to be outside of what measures response times: a deliberate delay does
/// not make the server slow.
///
/// # Errors
/// Those of `inner`.
pub async fn hold_back<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    let response = inner.run(request).await?;
    if let Some(ResponseDelay(delay)) = response.data() {
        tokio::time::sleep(*delay).await;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use poem::{endpoint::make_sync, http::Method};
    use tokio::time::Instant;

    use super::{
        super::{testing::send, wrap::Wrap},
        *,
    };

    #[tokio::test(start_paused = true)]
    async fn only_a_response_with_a_delay_is_held_back() {
        for delay in [None, Some(Duration::from_secs(5))] {
            let endpoint = make_sync(move |_| {
                let mut response = Response::from("done");
                if let Some(delay) = delay {
                    response.set_data(ResponseDelay(delay));
                }
                response
            });
            let start = Instant::now();
            send(endpoint.wrap(hold_back), Method::GET, &[], ()).await;
            assert_eq!(start.elapsed(), delay.unwrap_or_default());
        }
    }
}
