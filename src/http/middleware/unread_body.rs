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
    Body, Request, Response, Result,
    http::{HeaderValue, Version, header},
};

use super::wrap::Next;

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
pub async fn discard<N: Next>(inner: Arc<N>, mut request: Box<Request>) -> Result<Response> {
    let body = request.take_body();
    if body.is_empty() {
        request.set_body(body);
        return inner.run(request).await;
    }
    let is_http1 = request.version() < Version::HTTP_2;
    // Reading would invite the client to send the body (RFC 9110, section 10.1.1).
    let is_invited = !request.headers().contains_key(header::EXPECT);
    let mut body = SharedBody::new(body);
    request.set_body(Body::from_bytes_stream(body.clone()));
    let mut response = inner.run(request).await?;
    if is_invited && !body.has_ended() {
        body.discard().await;
    }
    if is_http1 && !body.has_ended() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::stream;
    use poem::{
        Endpoint,
        endpoint::make,
        http::{Method, StatusCode},
    };

    use super::{super::wrap::Wrap, *};

    const PIECE: usize = 64 * 1024;

    /// A request with a body of this many pieces, and how many of them have been read.
    fn request(pieces: usize) -> (Request, Arc<AtomicUsize>) {
        let read = Arc::new(AtomicUsize::new(0));
        let counted = read.clone();
        let body = stream::iter(0..pieces).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, io::Error>(vec![0; PIECE])
        });
        let request = Request::builder().method(Method::POST);
        (request.body(Body::from_bytes_stream(body)), read)
    }

    async fn refuse(request: Request) -> Response {
        let endpoint = make(|_| async { StatusCode::FORBIDDEN });
        let response = endpoint.wrap(discard).call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        response
    }

    fn closes(response: &Response) -> bool {
        response.header(header::CONNECTION) == Some("close")
    }

    #[tokio::test]
    async fn what_is_left_of_a_body_is_read() {
        let (all, read) = request(3);
        assert!(!closes(&refuse(all).await));
        assert_eq!(read.load(Ordering::Relaxed), 3);

        let (rest, read) = request(3);
        let first = make(|mut request: Request| async move {
            let mut pieces = request.take_body().into_bytes_stream().boxed();
            pieces.next().await.unwrap().unwrap().len().to_string()
        });
        let response = first.wrap(discard).call(rest).await.unwrap();
        assert!(!closes(&response));
        assert_eq!(read.load(Ordering::Relaxed), 3);
        assert_eq!(
            response.into_body().into_string().await.unwrap(),
            PIECE.to_string()
        );
    }

    #[tokio::test]
    async fn an_endpoint_receives_the_whole_body() {
        let (whole, _) = request(40);
        let length = make(|mut request: Request| async move {
            let body = request.take_body().into_bytes().await.unwrap();
            body.len().to_string()
        });
        let response = length.wrap(discard).call(whole).await.unwrap();
        assert!(!closes(&response));
        let length = response.into_body().into_string().await.unwrap();
        assert_eq!(length, (40 * PIECE).to_string());
    }

    #[tokio::test]
    async fn the_connection_ends_after_a_body_that_is_too_large() {
        let (large, read) = request(40);
        assert!(closes(&refuse(large).await));
        assert_eq!(read.load(Ordering::Relaxed), MAX / PIECE + 1);
        // HTTP/2 resets the stream, and the connection stays.
        let (mut large, _) = request(40);
        large.set_version(Version::HTTP_2);
        assert!(!closes(&refuse(large).await));
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_ends_after_a_body_that_does_not_arrive() {
        let pending = stream::pending::<io::Result<Vec<u8>>>();
        let slow = Request::builder().body(Body::from_bytes_stream(pending));
        assert!(closes(&refuse(slow).await));
    }

    #[tokio::test]
    async fn a_body_that_waits_for_an_invitation_is_not_read() {
        let (mut waiting, read) = request(3);
        let expect = HeaderValue::from_static("100-continue");
        waiting.headers_mut().insert(header::EXPECT, expect);
        assert!(closes(&refuse(waiting).await));
        assert_eq!(read.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_request_without_a_body_keeps_its_connection() {
        assert!(!closes(&refuse(Request::builder().finish()).await));
    }
}
