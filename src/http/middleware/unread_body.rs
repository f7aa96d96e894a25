//! Reads the body of a request that was refused without reading it. Otherwise the HTTP/1 connection ends after the response,
//! without `Connection: close`; a proxy that already sends the next request on it answers that request with 502.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream, StreamExt,
    stream::{BoxStream, Fuse, FusedStream},
};
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderValue, Version, header},
};

/// How much is read after the response is known, in bytes, and for how long.
const MAX: usize = 1024 * 1024;
const TIME: Duration = Duration::from_secs(1);

/// The body of a request, which two readers share: the endpoint, and then this middleware.
#[derive(Clone)]
struct SharedBody(Arc<Mutex<Chunks>>);

type Chunks = Fuse<BoxStream<'static, io::Result<Vec<u8>>>>;

impl SharedBody {
    fn new(body: Body) -> SharedBody {
        let pieces = body.into_bytes_stream().map(|piece| piece.map(Vec::from));
        SharedBody(Arc::new(Mutex::new(pieces.boxed().fuse())))
    }

    fn has_ended(&self) -> bool {
        let pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.is_terminated()
    }

    /// Reads up to the limits.
    async fn discard(&mut self) {
        let read = async {
            let mut size = 0;
            while size <= MAX
                && let Some(Ok(piece)) = self.next().await
            {
                size += piece.len();
            }
        };
        // A body that has not ended is handled by the caller.
        let _ = tokio::time::timeout(TIME, read).await;
    }
}

impl Stream for SharedBody {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Self::Item>> {
        let mut pieces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.poll_next_unpin(context)
    }
}

/// Reads what `inner` leaves of the body, or announces that the connection ends. Has to be outside of everything that refuses
/// requests.
///
/// # Errors
/// Those of `inner`.
pub async fn discard<E: Endpoint>(inner: Arc<E>, mut request: Request) -> Result<Response> {
    let body = request.take_body();
    if body.is_empty() {
        request.set_body(body);
        return inner.call(request).await.map(IntoResponse::into_response);
    }
    let is_http1 = request.version() < Version::HTTP_2;
    // Reading would invite the client to send the body (RFC 9110, section 10.1.1).
    let is_invited = !request.headers().contains_key(header::EXPECT);
    let mut body = SharedBody::new(body);
    request.set_body(Body::from_bytes_stream(body.clone()));
    let mut response = inner.call(request).await?.into_response();
    if is_invited && !body.has_ended() {
        body.discard().await;
    }
    if is_http1 && !body.has_ended() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}
