//! Compresses what endpoints answer, when the browser takes it and it is worth the time. Not poem's own middleware: it
//! tells caches nothing, never chooses zstd, compresses what is tiny, and brings a Brotli of a megabyte for browsers that
//! are as well served by gzip.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Arc,
};

use flate2::{Compression, write::GzEncoder};
use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};
use zstd::bulk::Compressor;

use crate::web::encoding::Accepted;

/// In bytes. What is smaller fits into one packet as it is.
const WORTHWHILE: u64 = 860;

/// What we offer, the best first. The board of 100 items with 5 features each, 245 KB, takes 0.10 ms with zstd to become
/// 7.4 KB and 0.29 ms with gzip for 14.4 KB, at the levels below; Brotli gave 7.4 KB as well, and a fifth of the pages a
/// second. Higher levels cost several times as much for little.
const OFFERED: [&str; 2] = ["zstd", "gzip"];
const ZSTD_LEVEL: i32 = 1;
const GZIP_LEVEL: u32 = 2;

thread_local! {
    /// A compressor's tables are some hundred kilobytes, so each thread keeps its own.
    static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

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
    match accepted.best(&OFFERED) {
        Some(coding) if !head => compressed(answer, coding).await,
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

/// The answer in this coding, unless it is too small to be worth it, or comes bit by bit: that must not be held back.
async fn compressed(mut answer: Response, coding: &str) -> Result<Response> {
    let body: BoxBody<_, io::Error> = answer.take_body().into();
    let worthwhile = |length| length >= WORTHWHILE;
    if !body.size_hint().exact().is_some_and(worthwhile) {
        answer.set_body(Body::from(body));
        return Ok(answer);
    }
    let plain = Body::from(body).into_bytes().await?;
    let packed = match coding {
        "zstd" => zstd(&plain),
        _ => gzip(&plain),
    };
    answer.set_body(packed.map_err(poem::error::InternalServerError)?);
    weaken_etag(answer.headers_mut());
    let coding = HeaderValue::try_from(coding).map_err(poem::error::InternalServerError)?;
    answer
        .headers_mut()
        .insert(header::CONTENT_ENCODING, coding);
    Ok(answer)
}

fn zstd(plain: &[u8]) -> io::Result<Vec<u8>> {
    ZSTD.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::new(ZSTD_LEVEL)?),
        };
        compressor.compress(plain)
    })
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let packed = Vec::with_capacity(plain.len() / 8);
    let mut encoder = GzEncoder::new(packed, Compression::new(GZIP_LEVEL));
    encoder.write_all(plain)?;
    encoder.finish()
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
    use std::io::Read;

    use flate2::read::GzDecoder;
    use poem::{EndpointExt, endpoint::make_sync, error::NotFoundError};

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

    async fn unpacked(answer: Response) -> String {
        let coding = coding(&answer).unwrap().to_owned();
        let packed = answer.into_body().into_bytes().await.unwrap();
        let mut text = String::new();
        let read = match coding.as_str() {
            "zstd" => zstd::Decoder::new(&*packed)
                .unwrap()
                .read_to_string(&mut text),
            _ => GzDecoder::new(&*packed).read_to_string(&mut text),
        };
        read.unwrap();
        text
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
    async fn a_kept_compressor_serves_one_after_the_other() {
        let pages = (0..64).map(|number| async move {
            let text = format!("{} {number}", text());
            let told = text.clone();
            let page = make_sync(move |_| {
                Response::builder()
                    .content_type("text/html")
                    .body(told.clone())
            });
            let answer = get(page.around(compress), &BROWSER).await;
            assert_eq!(unpacked(answer).await, text);
        });
        futures_util::future::join_all(pages).await;
    }

    #[tokio::test]
    async fn what_comes_bit_by_bit_is_not_held_back() {
        let (_writer, reader) = tokio::io::duplex(1024);
        let reader = std::sync::Mutex::new(Some(reader));
        let stream = make_sync(move |_| {
            let reader = reader.lock().unwrap().take().unwrap();
            Response::builder()
                .content_type("text/plain")
                .body(Body::from_async_read(reader))
        });
        let answer = get(stream.around(compress), &BROWSER).await;
        assert_eq!(coding(&answer), None);
        assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
    }
}
