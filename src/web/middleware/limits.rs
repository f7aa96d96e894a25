//! How much a request may bring, and how long it may take to bring it. The head is weighed before anybody reads in it, the body is read here, so
//! that no endpoint waits for a slow client while it holds something.

use std::{io, sync::Arc, time::Duration};

use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    error::{ReadBodyError, ResponseError},
    http::{HeaderValue, StatusCode, header},
};
use tokio::io::AsyncReadExt;

/// The limits of a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In bytes.
    pub size: usize,
    /// From the end of the head to the end of the body.
    pub time: Duration,
}

impl Default for Limits {
    /// No form of SAVT comes near 64 KiB; over the worst connection that is still worth the name
    /// they take some seconds.
    fn default() -> Self {
        Self {
            size: 64 * 1024,
            time: Duration::from_secs(10),
        }
    }
}

/// How much of a body that is too large is heard out, in bytes, and for how long.
const BEARABLE: u64 = 1024 * 1024;
const FAREWELL: Duration = Duration::from_secs(1);

/// A body that was not accepted. No endpoint has seen the request.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is larger than allowed.
    #[error("That is more than SAVT takes at once, which is {} KiB.", .limit / 1024)]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// It did not arrive in time.
    #[error("That took too long to arrive. Please try again.")]
    TooSlow,
    /// The connection broke, or what came over it was not HTTP.
    #[error("That did not arrive whole. Please try again.")]
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

/// All headers of a request together, in bytes. Browsers send one kilobyte, with the cookies of other programs on the same host
/// some more; a hundred thousand cookies take as much time to read as a hundred pages.
const HEADERS: usize = 32 * 1024;

/// The headers were not accepted. Nobody has read in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Your browser sends more cookies than SAVT takes, which is {} KiB.", HEADERS / 1024)]
pub struct TooManyHeaders;

impl ResponseError for TooManyHeaders {
    fn status(&self) -> StatusCode {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    }
}

/// Weighs the headers of the request before `inner` sees it; answers [`TooManyHeaders`] itself, for error pages look for cookies.
///
/// # Errors
/// Those of `inner`.
pub async fn head<E: Endpoint>(inner: Arc<E>, request: Request) -> Result<Response> {
    let headers = request.headers().iter();
    let size: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    match size > HEADERS {
        true => Ok(poem::Error::from(TooManyHeaders).into_response()),
        false => inner.call(request).await.map(IntoResponse::into_response),
    }
}

/// Reads the whole body of the request before `inner` sees it.
///
/// # Errors
/// [`BodyError`], and those of `inner`.
pub async fn body<E: Endpoint>(
    inner: Arc<E>,
    mut request: Request,
    limits: Limits,
) -> Result<Response> {
    let body = request.take_body();
    if announced(&request).is_some_and(|length| length > limits.size) {
        discard(body).await;
        return Err(BodyError::TooLarge { limit: limits.size }.into());
    }
    if !body.is_empty() {
        let read = tokio::time::timeout(limits.time, body.into_bytes_limit(limits.size));
        let bytes = read.await.map_err(|_| BodyError::TooSlow)?;
        request.set_body(bytes.map_err(|error| match error {
            ReadBodyError::PayloadTooLarge => BodyError::TooLarge { limit: limits.size },
            ReadBodyError::Io(error) => BodyError::Broken(error),
            other => BodyError::Broken(io::Error::other(other)),
        })?);
    }
    inner.call(request).await.map(IntoResponse::into_response)
}

/// Lets a client send what will not be read, as far as that is bearable. One that still sends when the
/// connection closes never hears why.
async fn discard(body: Body) {
    let mut rest = body.into_async_read().take(BEARABLE);
    let _ =
        tokio::time::timeout(FAREWELL, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
}

/// What the request says of its length, in bytes. A number too large to read is the largest.
fn announced(request: &Request) -> Option<usize> {
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

    use poem::{Body, EndpointExt, endpoint::make, http::Method};
    use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf, duplex};

    use super::{super::testing::send, *};

    const SMALL: Limits = Limits {
        size: 10,
        time: Duration::from_secs(10),
    };

    /// Answers the length of what it gets.
    fn limited(limits: Limits) -> impl Endpoint {
        make(|mut request| async move {
            let bytes = request.take_body().into_bytes().await?;
            Ok::<_, poem::Error>(bytes.len().to_string())
        })
        .around(move |inner, request| body(inner, request, limits))
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

    async fn post(limits: Limits, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
        send(limited(limits), Method::POST, headers, body).await
    }

    #[tokio::test]
    async fn what_fits_arrives() {
        for text in ["", "1234567890"] {
            let answer = post(SMALL, &[], text).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let length = answer.into_body().into_string().await.unwrap();
            assert_eq!(length, text.len().to_string());
        }
        let full = vec![b'x'; 64 * 1024];
        assert_eq!(post(Limits::default(), &[], full).await.status(), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn what_announces_too_much_is_refused_whether_it_comes_or_not() {
        for length in ["11", "99999999999999999999999999"] {
            let (_writer, silent) = duplex(64);
            let headers = [("Content-Length", length)];
            let answer = post(SMALL, &headers, Body::from_async_read(silent)).await;
            assert_eq!(answer.status(), 413);
        }
    }

    #[tokio::test]
    async fn what_turns_out_too_large_is_refused() {
        let answer = post(SMALL, &[], "12345678901").await;
        assert_eq!(answer.status(), 413);
        let lying = [("Content-Length", "5")];
        assert_eq!(post(SMALL, &lying, "12345678901").await.status(), 413);
        let full = vec![b'x'; 64 * 1024 + 1];
        let answer = post(Limits::default(), &[], full).await;
        let text = answer.into_body().into_string().await.unwrap();
        assert_eq!(
            text,
            "That is more than SAVT takes at once, which is 64 KiB."
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_refused() {
        let (mut writer, reader) = duplex(64);
        let dribble = tokio::spawn(async move {
            while writer.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(4)).await;
            }
        });
        let begin = tokio::time::Instant::now();
        let body = Body::from_async_read(reader);
        let answer = post(SMALL, &[], body).await;
        assert_eq!(answer.status(), 408);
        assert_eq!(begin.elapsed().as_secs(), 10);
        dribble.await.unwrap();
    }

    #[tokio::test]
    async fn what_breaks_off_is_refused() {
        let broken = Broken(io::ErrorKind::ConnectionReset);
        let answer = post(SMALL, &[], Body::from_async_read(broken)).await;
        assert_eq!(answer.status(), 400);
    }

    #[tokio::test]
    async fn more_headers_than_any_browser_sends_are_refused() {
        let page = || make(|_| async { Ok::<_, poem::Error>("a page") }).around(head);
        let cookies = |bytes: usize| "a=b;".repeat(bytes / 4);
        for (bytes, status) in [(16 * 1024, 200), (HEADERS, 431), (400 * 1024, 431)] {
            let cookies = cookies(bytes);
            let answer = send(page(), Method::GET, &[("Cookie", &cookies)], ()).await;
            assert_eq!(answer.status(), status, "{bytes}");
        }
        let cookies = cookies(20 * 1024);
        let twice = [("Cookie", cookies.as_str()), ("X-Cookie", &cookies)];
        assert_eq!(send(page(), Method::GET, &twice, ()).await.status(), 431);
    }
}
