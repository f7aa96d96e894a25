//! Limits the size of a request and the time to receive it. Headers are checked before anything parses them. The body is read
//! here, so that no endpoint waits for a slow client while it holds resources.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use poem::{
    Body, Request, Response, Result,
    error::{ReadBodyError, ResponseError},
    http::{HeaderValue, StatusCode, header},
};

use super::wrap::Next;
use tokio::io::AsyncReadExt;

/// Limits for a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// Maximum size, in bytes.
    pub size: usize,
    /// From the end of the head to the end of the body.
    pub time: Duration,
}

impl Default for BodyLimits {
    /// Forms stay far below 64 KiB, which even a poor connection transfers within seconds.
    fn default() -> Self {
        Self {
            size: 64 * 1024,
            time: Duration::from_secs(10),
        }
    }
}

/// How long it took to receive the body of a request. Middleware that measures requests adds it to `Request::data`; it stays empty
/// if nobody waited for a body.
#[derive(Clone, Debug, Default)]
pub struct ReceiveTime(Arc<OnceLock<Duration>>);

impl ReceiveTime {
    /// From the end of the head to the last byte of the body, or until the body was rejected.
    pub fn get(&self) -> Option<Duration> {
        self.0.get().copied()
    }
}

/// How much of an oversized body is read and discarded, in bytes, and for how long.
const DISCARD_MAX: u64 = 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(1);

/// The body was rejected. No endpoint has seen the request.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is larger than allowed.
    #[error("The request body exceeds the limit of {} KiB.", .limit / 1024)]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// It did not arrive in time.
    #[error("The request body took too long to arrive.")]
    TooSlow,
    /// The connection broke, or the body was not valid HTTP.
    #[error("The request body is incomplete.")]
    Broken(#[source] io::Error),
}

impl ResponseError for BodyError {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken(_) => StatusCode::BAD_REQUEST,
        }
    }
}

/// Maximum size of all headers together, in bytes. Browsers send about one kilobyte, plus the cookies of other applications on
/// the same host. Parsing a hundred thousand cookies would take as long as rendering a hundred pages.
const MAX_HEADERS: usize = 32 * 1024;

/// The headers were rejected before they were parsed. No endpoint has seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The request headers exceed the limit of {} KiB.", MAX_HEADERS / 1024)]
pub struct HeadersTooLarge;

impl ResponseError for HeadersTooLarge {
    fn status(&self) -> StatusCode {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    }
}

/// Rejects a request whose headers are too large. Has to be outside of everything that parses cookies.
///
/// # Errors
/// [`HeadersTooLarge`], and those of `inner`.
pub async fn check_headers<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    let headers = request.headers().iter();
    let size: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    match size > MAX_HEADERS {
        true => Err(HeadersTooLarge.into()),
        false => inner.run(request).await,
    }
}

/// Reads the full body of the request before `inner` sees it.
///
/// # Errors
/// [`BodyError`], and those of `inner`.
pub async fn read_body<N: Next>(
    inner: Arc<N>,
    mut request: Box<Request>,
    limits: BodyLimits,
) -> Result<Response> {
    let body = request.take_body();
    if !body.is_empty() {
        let start = Instant::now();
        // Boxed, because most requests have no body, and all would copy the large future.
        let received = Box::pin(receive(&mut request, body, limits)).await;
        if let Some(time) = request.data::<ReceiveTime>() {
            let _ = time.0.set(start.elapsed());
        }
        received?;
    }
    inner.run(request).await
}

/// Reads the body and puts it back into the request.
async fn receive(request: &mut Request, body: Body, limits: BodyLimits) -> Result<(), BodyError> {
    if content_length(request).is_some_and(|length| length > limits.size) {
        discard(body).await;
        return Err(BodyError::TooLarge { limit: limits.size });
    }
    let read = tokio::time::timeout(limits.time, body.into_bytes_limit(limits.size));
    let bytes = read.await.map_err(|_| BodyError::TooSlow)?;
    request.set_body(bytes.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => BodyError::TooLarge { limit: limits.size },
        ReadBodyError::Io(error) => BodyError::Broken(error),
        other => BodyError::Broken(io::Error::other(other)),
    })?);
    Ok(())
}

/// Reads and discards an oversized body, up to a limit: a client that is still sending when the connection closes never
/// receives the response.
async fn discard(body: Body) {
    let mut rest = body.into_async_read().take(DISCARD_MAX);
    let _ = tokio::time::timeout(
        DISCARD_TIME,
        tokio::io::copy(&mut rest, &mut tokio::io::sink()),
    )
    .await;
}

/// The `Content-Length` of the request, in bytes; a number that overflows counts as the maximum.
fn content_length(request: &Request) -> Option<usize> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.map(HeaderValue::to_str)?.ok()?;
    Some(length.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll},
    };

    use poem::{Body, Endpoint, endpoint::make, http::Method};
    use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf, duplex};

    use super::{
        super::{testing::send, wrap::Wrap},
        *,
    };

    const SMALL: BodyLimits = BodyLimits {
        size: 10,
        time: Duration::from_secs(10),
    };

    /// Responds with the length of the body it receives.
    fn limited(limits: BodyLimits) -> impl Endpoint {
        make(|mut request| async move {
            let bytes = request.take_body().into_bytes().await?;
            Ok::<_, poem::Error>(bytes.len().to_string())
        })
        .wrap(move |inner, request| read_body(inner, request, limits))
    }

    /// A reader that fails.
    struct Broken(io::ErrorKind);

    impl AsyncRead for Broken {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context,
            _: &mut ReadBuf,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(self.0.into()))
        }
    }

    async fn post(limits: BodyLimits, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
        send(limited(limits), Method::POST, headers, body).await
    }

    #[tokio::test]
    async fn a_body_within_the_limit_arrives() {
        for text in ["", "1234567890"] {
            let response = post(SMALL, &[], text).await;
            assert_eq!(response.status(), StatusCode::OK);
            let length = response.into_body().into_string().await.unwrap();
            assert_eq!(length, text.len().to_string());
        }
        let full = vec![b'x'; 64 * 1024];
        assert_eq!(post(BodyLimits::default(), &[], full).await.status(), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn an_oversized_content_length_is_rejected_without_waiting_for_the_body() {
        for length in ["11", "99999999999999999999999999"] {
            let (_writer, silent) = duplex(64);
            let headers = [("Content-Length", length)];
            let response = post(SMALL, &headers, Body::from_async_read(silent)).await;
            assert_eq!(response.status(), 413);
        }
    }

    #[tokio::test]
    async fn an_oversized_body_is_rejected() {
        let response = post(SMALL, &[], "12345678901").await;
        assert_eq!(response.status(), 413);
        let forged = [("Content-Length", "5")];
        assert_eq!(post(SMALL, &forged, "12345678901").await.status(), 413);
        let full = vec![b'x'; 64 * 1024 + 1];
        let response = post(BodyLimits::default(), &[], full).await;
        let text = response.into_body().into_string().await.unwrap();
        assert_eq!(text, "The request body exceeds the limit of 64 KiB.");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_rejected() {
        let (mut writer, reader) = duplex(64);
        let dribble = tokio::spawn(async move {
            while writer.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(4)).await;
            }
        });
        let start = tokio::time::Instant::now();
        let body = Body::from_async_read(reader);
        let response = post(SMALL, &[], body).await;
        assert_eq!(response.status(), 408);
        assert_eq!(start.elapsed().as_secs(), 10);
        dribble.await.unwrap();
    }

    #[tokio::test]
    async fn an_incomplete_body_is_rejected() {
        let broken = Broken(io::ErrorKind::ConnectionReset);
        let response = post(SMALL, &[], Body::from_async_read(broken)).await;
        assert_eq!(response.status(), 400);
    }

    #[tokio::test]
    async fn oversized_headers_are_rejected() {
        let page = || make(|_| async { Ok::<_, poem::Error>("a page") }).wrap(check_headers);
        let cookies = |bytes: usize| "a=b;".repeat(bytes / 4);
        for (bytes, status) in [(16 * 1024, 200), (MAX_HEADERS, 431), (400 * 1024, 431)] {
            let cookies = cookies(bytes);
            let response = send(page(), Method::GET, &[("Cookie", &cookies)], ()).await;
            assert_eq!(response.status(), status, "{bytes}");
        }
        let cookies = cookies(20 * 1024);
        let twice = [("Cookie", cookies.as_str()), ("X-Cookie", &cookies)];
        assert_eq!(send(page(), Method::GET, &twice, ()).await.status(), 431);
    }
}
