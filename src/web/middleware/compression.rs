//! Compresses what endpoints answer, when the browser takes it and it is worth the time. Poem
//! compresses; this decides, as poem's own middleware tells caches nothing, never chooses
//! zstd and compresses what is tiny.

use std::{io, sync::Arc};

use http_body_util::{BodyExt, combinators::BoxBody};
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    web::{Compress, CompressionAlgo, CompressionLevel},
};

use crate::web::encoding::Accepted;

/// In bytes. What is smaller fits into one packet as it is.
const WORTHWHILE: u64 = 860;

/// What we offer, the best first. A page of 126 KB took, at the levels below, 0.09 ms with zstd to
/// become 5.8 KB, 0.67 ms with Brotli for 6.1 KB, and 0.11 ms with gzip for 11.3 KB.
const OFFERED: [&str; 3] = ["zstd", "br", "gzip"];

/// Compresses the answer, if that is right for this request and for what is answered.
///
/// # Errors
/// Those of `inner`, untouched.
pub async fn compress<E: Endpoint>(inner: Arc<E>, request: Request) -> Result<Response> {
    let accepted = Accepted::from_headers(request.headers());
    let head = request.method() == Method::HEAD;
    let mut answer = inner.call(request).await?.into_response();
    if !may_compress(&answer) {
        return Ok(answer);
    }

    // Also when it stays as it is: a cache must not give it to those who would take it compressed.
    let vary = HeaderValue::from_static("Accept-Encoding");
    answer.headers_mut().append(header::VARY, vary);
    if answer.status() == StatusCode::NOT_MODIFIED {
        // What it confirms may have been sent compressed.
        weaken_etag(answer.headers_mut());
        return Ok(answer);
    }
    let length;
    (answer, length) = measured(answer);
    match accepted.best(&OFFERED) {
        Some(coding) if !head && length.is_none_or(|length| length >= WORTHWHILE) => {
            weaken_etag(answer.headers_mut());
            compressed(answer, coding, length.is_some()).await
        }
        _ => Ok(answer),
    }
}

/// Whether an answer of this kind may be sent compressed. Event streams stay as they are: each
/// event has to leave at once, and 1,000 streams would keep 1,000 compressors.
fn may_compress(answer: &Response) -> bool {
    let headers = answer.headers();
    // What already varies by coding has chosen its own, as assets do.
    if contains(headers, header::VARY, "accept-encoding") {
        return false;
    }
    match answer.status() {
        StatusCode::NOT_MODIFIED => true,
        StatusCode::NO_CONTENT | StatusCode::PARTIAL_CONTENT => false,
        _ => {
            answer.content_type().is_some_and(is_text)
                && !headers.contains_key(header::CONTENT_ENCODING)
                && !contains(headers, header::CACHE_CONTROL, "no-transform")
        }
    }
}

/// Whether this header says this word, in any case.
fn contains(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let mut values = headers.get_all(name).iter();
    values.any(|value| {
        let value = value.to_str().unwrap_or_default();
        value.to_ascii_lowercase().contains(word)
    })
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/event-stream" => false,
        "application/json" | "application/javascript" | "application/xml" => true,
        other => other.starts_with("text/") || other.ends_with("+json") || other.ends_with("+xml"),
    }
}

/// The answer with the length of its body, in bytes; `None` for a stream, whose end is not known.
fn measured(mut answer: Response) -> (Response, Option<u64>) {
    fn length(body: &impl BodyExt) -> Option<u64> {
        body.size_hint().exact()
    }
    let body: BoxBody<_, io::Error> = answer.take_body().into();
    let length = length(&body);
    answer.set_body(Body::from(body));
    (answer, length)
}

/// The answer in this coding: in one piece with its length if it is `whole`, else as a stream
/// that holds nothing back.
async fn compressed(answer: Response, coding: &str, whole: bool) -> Result<Response> {
    let (algorithm, level) = match coding {
        "zstd" => (CompressionAlgo::ZSTD, CompressionLevel::Fastest),
        // Its first levels are no better than gzip, and the next ones no better than this.
        "br" => (CompressionAlgo::BR, CompressionLevel::Precise(2)),
        _ => (CompressionAlgo::GZIP, CompressionLevel::Fastest),
    };
    let mut answer = Compress::new(answer, algorithm)
        .with_quality(level)
        .into_response();
    if whole {
        let bytes = answer.take_body().into_bytes().await?;
        answer.set_body(bytes);
    }
    Ok(answer)
}

/// A strong tag promises the same bytes, which compressed ones are not.
fn weaken_etag(headers: &mut HeaderMap) {
    let weak = match headers.get(header::ETAG).map(HeaderValue::to_str) {
        Some(Ok(etag)) if !etag.starts_with("W/") => HeaderValue::try_from(format!("W/{etag}")),
        _ => return,
    };
    if let Ok(weak) = weak {
        headers.insert(header::ETAG, weak);
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, error::NotFoundError, middleware::Compression};

    use super::{
        super::testing::{get, send},
        *,
    };

    const BROWSER: [(&str, &str); 1] = [("Accept-Encoding", "gzip, deflate, br, zstd")];

    fn text() -> String {
        "Margherita, vetoed by Alice. ".repeat(100)
    }

    /// What a page with these headers answers to a browser.
    async fn answer(headers: &'static [(&str, &str)]) -> Response {
        get(page(headers), &BROWSER).await
    }

    fn page(headers: &'static [(&str, &str)]) -> impl Endpoint {
        make_sync(move |_| {
            let mut page = Response::builder().content_type("text/html; charset=utf-8");
            for (name, value) in headers {
                page = page.header(*name, *value);
            }
            page.body(text())
        })
        .around(compress)
    }

    fn coding(answer: &Response) -> Option<&str> {
        answer.header("Content-Encoding")
    }

    fn assert_untouched(answer: &Response) {
        assert_eq!(coding(answer), None);
        assert_eq!(answer.header("Vary"), None);
    }

    /// Poem unpacks what is sent to it.
    async fn unpacked(answer: Response) -> String {
        let echo =
            poem::endpoint::make(
                |mut request| async move { request.take_body().into_string().await },
            );
        let coding = coding(&answer).unwrap().to_owned();
        let headers = [("Content-Encoding", &*coding)];
        let body = answer.into_body();
        let echoed = send(echo.with(Compression::new()), Method::POST, &headers, body).await;
        echoed.into_body().into_string().await.unwrap()
    }

    #[tokio::test]
    async fn a_page_comes_smaller_and_whole_in_each_coding() {
        for offered in OFFERED {
            let answer = get(page(&[]), &[("Accept-Encoding", offered)]).await;
            assert_eq!(coding(&answer), Some(offered));
            assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
            assert_eq!(unpacked(answer).await, text(), "{offered}");

            let answer = get(page(&[]), &[("Accept-Encoding", offered)]).await;
            let bytes = answer.into_body().into_bytes().await.unwrap();
            assert!(bytes.len() * 10 < text().len(), "{offered}");
        }
    }

    #[tokio::test]
    async fn a_page_of_known_length_stays_so() {
        let (_, length) = measured(answer(&[]).await);
        assert!(length.is_some());
    }

    #[tokio::test]
    async fn a_browser_that_takes_nothing_gets_it_plain_and_marked() {
        let answer = get(page(&[]), &[]).await;
        assert_eq!(coding(&answer), None);
        assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(answer.into_body().into_string().await.unwrap(), text());
    }

    #[tokio::test]
    async fn what_is_tiny_stays() {
        let tiny = make_sync(|_| "x".repeat(859)).around(compress);
        let answer = get(tiny, &BROWSER).await;
        assert_eq!(coding(&answer), None);
        assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
        let larger = make_sync(|_| "x".repeat(860)).around(compress);
        assert_eq!(coding(&get(larger, &BROWSER).await), Some("zstd"));
    }

    #[tokio::test]
    async fn what_is_no_text_stays() {
        for kind in ["image/png", "application/octet-stream", "text/event-stream"] {
            let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
            assert_untouched(&get(body.around(compress), &BROWSER).await);
        }
        for kind in [
            "Application/JSON",
            "image/svg+xml",
            "application/problem+json",
        ] {
            let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
            let answer = get(body.around(compress), &BROWSER).await;
            assert_eq!(coding(&answer), Some("zstd"), "{kind}");
        }
    }

    #[tokio::test]
    async fn what_chose_its_own_coding_stays() {
        let packed = answer(&[("Content-Encoding", "br")]).await;
        assert_eq!(coding(&packed), Some("br"));
        assert_eq!(packed.header("Vary"), None);
        let chosen = answer(&[("Vary", "Accept-Encoding")]).await;
        assert_eq!(coding(&chosen), None);
        assert_eq!(chosen.headers().get_all("Vary").iter().count(), 1);
        assert_untouched(&answer(&[("Cache-Control", "no-transform")]).await);
    }

    #[tokio::test]
    async fn other_reasons_to_vary_stay() {
        let answer = answer(&[("Vary", "HX-Request")]).await;
        let vary: Vec<_> = answer.headers().get_all("Vary").iter().collect();
        assert_eq!(vary, ["HX-Request", "Accept-Encoding"]);
    }

    #[tokio::test]
    async fn a_tag_for_other_bytes_is_weak() {
        assert_eq!(
            answer(&[("ETag", "\"v7\"")]).await.header("ETag"),
            Some("W/\"v7\"")
        );
        assert_eq!(
            answer(&[("ETag", "W/\"v7\"")]).await.header("ETag"),
            Some("W/\"v7\"")
        );
        let plain = get(page(&[("ETag", "\"v7\"")]), &[]).await;
        assert_eq!(plain.header("ETag"), Some("\"v7\""));
    }

    #[tokio::test]
    async fn not_modified_says_what_the_page_would() {
        let known = make_sync(|_| {
            Response::builder()
                .status(StatusCode::NOT_MODIFIED)
                .header("ETag", "\"v7\"")
                .finish()
        });
        let answer = get(known.around(compress), &BROWSER).await;
        assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("ETag"), Some("W/\"v7\""));
        assert_eq!(coding(&answer), None);
    }

    #[tokio::test]
    async fn what_has_no_body_stays() {
        let head = send(page(&[]), Method::HEAD, &BROWSER, ()).await;
        assert_eq!(coding(&head), None);
        assert_eq!(head.header("Vary"), Some("Accept-Encoding"));
        let nothing = make_sync(|_| StatusCode::NO_CONTENT).around(compress);
        assert_untouched(&get(nothing, &BROWSER).await);
    }

    #[tokio::test]
    async fn an_error_stays_an_error() {
        let lost = poem::endpoint::make(|_| async { Err::<(), _>(NotFoundError) })
            .around(compress)
            .catch_error(|_: NotFoundError| async { "a page that explains" });
        let answer = get(lost, &BROWSER).await;
        let page = answer.into_body().into_string().await.unwrap();
        assert_eq!(page, "a page that explains");
    }

    #[tokio::test]
    async fn a_stream_is_not_held_back() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

        let (mut writer, reader) = duplex(64 * 1024);
        let reader = std::sync::Mutex::new(Some(reader));
        let stream = make_sync(move |_| {
            let reader = reader.lock().unwrap().take().unwrap();
            Response::builder()
                .content_type("text/plain")
                .body(Body::from_async_read(reader))
        });
        let answer = get(stream.around(compress), &[("Accept-Encoding", "gzip")]).await;
        assert_eq!(coding(&answer), Some("gzip"));

        writer.write_all(b"the first line\n").await.unwrap();
        let mut body = answer.into_body().into_async_read();
        let mut packed = Vec::new();
        let mut unpacked = Vec::new();
        while unpacked.len() < 15 {
            body.read_buf(&mut packed).await.unwrap();
            let mut decoder = flate2::write::GzDecoder::new(Vec::new());
            std::io::Write::write_all(&mut decoder, &packed).unwrap();
            std::io::Write::flush(&mut decoder).unwrap();
            unpacked = decoder.get_ref().clone();
        }
        assert_eq!(unpacked, b"the first line\n");
    }
}
