//! Compresses responses if the client accepts it and it pays off. Replaces poem's own middleware, which sets no `Vary`, never
//! chooses zstd, compresses tiny bodies, and links a Brotli encoder of a megabyte for clients that gzip serves as well.

use std::{
    cell::RefCell,
    io::{self, Write},
    sync::Arc,
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::{
    Body, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};
use zstd::bulk::Compressor;

use super::{gzip_body::GzipBody, wrap::Next};
use crate::http::{accept_encoding::AcceptEncoding, pieces::MAX_WHOLE};

/// Smallest body to compress, in bytes. A smaller one fits into one packet anyway.
const MIN_SIZE: u64 = 860;

/// The offered codings, best first. At the levels below, a page of 245 KB (a board of 100 items with 5 features each) shrinks to
/// 7.4 KB in 0.10 ms with zstd and to 14.4 KB in 0.29 ms with gzip. Brotli also reached 7.4 KB, at a fifth of the throughput.
/// Higher levels cost several times as much and gain little.
const OFFERED: [&str; 2] = ["zstd", "gzip"];
/// For bodies that are compressed while they are sent.
const OFFERED_LARGE: [&str; 1] = ["gzip"];
const ZSTD_LEVEL: i32 = 1;
const GZIP_LEVEL: u32 = 2;

thread_local! {
    /// The tables of a compressor take several hundred kilobytes, so each thread reuses one.
    static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// The coding in which to send a body of this length; none if the client accepts none, or if it is not worth it. For endpoints that keep
/// what they send: they compress it once, with [`encode`], and the middleware leaves their response alone.
pub fn coding(headers: &HeaderMap, length: usize) -> Option<&'static str> {
    let is_suitable = (MIN_SIZE as usize..=MAX_WHOLE).contains(&length);
    is_suitable
        .then(|| AcceptEncoding::from_headers(headers).best(&OFFERED))
        .flatten()
}

/// Encodes a body.
///
/// # Errors
/// There is not enough memory.
pub fn encode(coding: &str, plain: &[u8]) -> io::Result<Vec<u8>> {
    match coding {
        "zstd" => zstd(plain),
        _ => gzip(plain),
    }
}

/// Compresses the response if the client accepts it and the response is suitable. Needs the final body, so only middleware
/// that adds headers may be outside of it.
///
/// # Errors
/// Those of `inner`, unchanged.
pub async fn compress<N: Next>(inner: Arc<N>, request: Box<Request>) -> Result<Response> {
    let accepted = AcceptEncoding::from_headers(request.headers());
    let head = request.method() == Method::HEAD;
    let mut response = inner.run(request).await?;
    if !may_compress(&response) {
        return Ok(response);
    }

    // Also on an uncompressed response: a cache must not serve it to clients that accept compression.
    let vary = HeaderValue::from_static("Accept-Encoding");
    response.headers_mut().append(header::VARY, vary);
    if response.status() == StatusCode::NOT_MODIFIED {
        // The response that it confirms may have been compressed.
        weaken_etag(response.headers_mut());
        return Ok(response);
    }
    match head {
        true => Ok(response),
        false => compress_body(response, &accepted).await,
    }
}

/// Whether a response of this kind may be compressed. Event streams may not: each event has to be sent at once, and 1,000
/// streams would hold 1,000 compressors.
fn may_compress(response: &Response) -> bool {
    let headers = response.headers();
    // The endpoint has already chosen a coding, as for assets.
    if contains(headers, header::VARY, "accept-encoding") {
        return false;
    }
    match response.status() {
        StatusCode::NOT_MODIFIED => true,
        StatusCode::NO_CONTENT | StatusCode::PARTIAL_CONTENT => false,
        _ => {
            response.content_type().is_some_and(is_text)
                && !headers.contains_key(header::CONTENT_ENCODING)
                && !contains(headers, header::CACHE_CONTROL, "no-transform")
        }
    }
}

/// Whether this header contains this word, ignoring case.
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

/// Compresses the body, unless it is too small or is a stream, which must not be delayed. A large body is compressed while the
/// client reads it. That is always with gzip: zstd needs a compressor for each response, which takes more than a megabyte.
async fn compress_body(mut response: Response, accepted: &AcceptEncoding) -> Result<Response> {
    let body: BoxBody<Bytes, io::Error> = response.take_body().into();
    let length = body.size_hint().exact().unwrap_or_default();
    let is_large = length > MAX_WHOLE as u64;
    let offered = if is_large {
        &OFFERED_LARGE[..]
    } else {
        &OFFERED
    };
    let Some(coding) = accepted.best(offered).filter(|_| length >= MIN_SIZE) else {
        response.set_body(Body::from(body));
        return Ok(response);
    };
    if is_large {
        let compressed = GzipBody::new(body, Compression::new(GZIP_LEVEL));
        response.set_body(Body::from(BoxBody::new(compressed)));
    } else {
        let plain = Body::from(body).into_bytes().await?;
        let compressed = encode(coding, &plain);
        response.set_body(compressed.map_err(poem::error::InternalServerError)?);
    }
    weaken_etag(response.headers_mut());
    let coding = HeaderValue::try_from(coding).map_err(poem::error::InternalServerError)?;
    response
        .headers_mut()
        .insert(header::CONTENT_ENCODING, coding);
    Ok(response)
}

fn zstd(plain: &[u8]) -> io::Result<Vec<u8>> {
    ZSTD.with_borrow_mut(|cached| {
        let compressor = match cached {
            Some(compressor) => compressor,
            None => cached.insert(Compressor::new(ZSTD_LEVEL)?),
        };
        compressor.compress(plain)
    })
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let compressed = Vec::with_capacity(plain.len() / 8);
    let mut encoder = GzEncoder::new(compressed, Compression::new(GZIP_LEVEL));
    encoder.write_all(plain)?;
    encoder.finish()
}

/// A strong tag promises identical bytes, and compressed bytes differ.
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
    use poem::{Endpoint, EndpointExt, endpoint::make_sync, error::NotFoundError};

    use super::{
        super::{
            testing::{get, send},
            wrap::Wrap,
        },
        *,
    };

    const BROWSER: [(&str, &str); 1] = [("Accept-Encoding", "gzip, deflate, br, zstd")];

    fn text() -> String {
        "Margherita, vetoed by Alice. ".repeat(100)
    }

    /// The response of a page with these headers to a browser.
    async fn response_with(headers: &'static [(&str, &str)]) -> Response {
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
        .wrap(compress)
    }

    fn coding(response: &Response) -> Option<&str> {
        response.header("Content-Encoding")
    }

    fn assert_untouched(response: &Response) {
        assert_eq!(coding(response), None);
        assert_eq!(response.header("Vary"), None);
    }

    async fn decompressed(response: Response) -> String {
        let coding = coding(&response).unwrap().to_owned();
        let compressed = response.into_body().into_bytes().await.unwrap();
        let mut text = String::new();
        let read = match coding.as_str() {
            "zstd" => zstd::Decoder::new(&*compressed)
                .unwrap()
                .read_to_string(&mut text),
            _ => GzDecoder::new(&*compressed).read_to_string(&mut text),
        };
        read.unwrap();
        text
    }

    #[tokio::test]
    async fn a_page_is_compressed_losslessly_in_each_coding() {
        for offered in OFFERED {
            let response = get(page(&[]), &[("Accept-Encoding", offered)]).await;
            assert_eq!(coding(&response), Some(offered));
            assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
            assert_eq!(decompressed(response).await, text(), "{offered}");

            let response = get(page(&[]), &[("Accept-Encoding", offered)]).await;
            let bytes = response.into_body().into_bytes().await.unwrap();
            assert!(bytes.len() * 10 < text().len(), "{offered}");
        }
    }

    #[tokio::test]
    async fn a_large_body_is_compressed_while_it_is_read() {
        let large = text().repeat(200);
        let body = large.clone();
        let page = make_sync(move |_| {
            Response::builder()
                .content_type("text/html")
                .body(body.clone())
        });
        let response = get(page.wrap(compress), &BROWSER).await;
        assert_eq!(coding(&response), Some("gzip"));
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(decompressed(response).await, large);
    }

    #[tokio::test]
    async fn without_accept_encoding_the_page_is_plain_and_varies() {
        let response = get(page(&[]), &[]).await;
        assert_eq!(coding(&response), None);
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(response.into_body().into_string().await.unwrap(), text());
    }

    #[tokio::test]
    async fn tiny_bodies_are_not_compressed() {
        let tiny = make_sync(|_| "x".repeat(859)).wrap(compress);
        let response = get(tiny, &BROWSER).await;
        assert_eq!(coding(&response), None);
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        let larger = make_sync(|_| "x".repeat(860)).wrap(compress);
        assert_eq!(coding(&get(larger, &BROWSER).await), Some("zstd"));
    }

    #[tokio::test]
    async fn only_text_is_compressed() {
        for kind in ["image/png", "application/octet-stream", "text/event-stream"] {
            let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
            assert_untouched(&get(body.wrap(compress), &BROWSER).await);
        }
        for kind in [
            "Application/JSON",
            "image/svg+xml",
            "application/problem+json",
        ] {
            let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
            let response = get(body.wrap(compress), &BROWSER).await;
            assert_eq!(coding(&response), Some("zstd"), "{kind}");
        }
    }

    #[tokio::test]
    async fn a_response_that_chose_its_coding_is_unchanged() {
        let compressed = response_with(&[("Content-Encoding", "br")]).await;
        assert_eq!(coding(&compressed), Some("br"));
        assert_eq!(compressed.header("Vary"), None);
        let chosen = response_with(&[("Vary", "Accept-Encoding")]).await;
        assert_eq!(coding(&chosen), None);
        assert_eq!(chosen.headers().get_all("Vary").iter().count(), 1);
        assert_untouched(&response_with(&[("Cache-Control", "no-transform")]).await);
    }

    #[tokio::test]
    async fn other_vary_values_are_kept() {
        let response = response_with(&[("Vary", "HX-Request")]).await;
        let vary: Vec<_> = response.headers().get_all("Vary").iter().collect();
        assert_eq!(vary, ["HX-Request", "Accept-Encoding"]);
    }

    #[tokio::test]
    async fn the_etag_of_a_compressed_response_is_weak() {
        assert_eq!(
            response_with(&[("ETag", "\"v7\"")]).await.header("ETag"),
            Some("W/\"v7\"")
        );
        assert_eq!(
            response_with(&[("ETag", "W/\"v7\"")]).await.header("ETag"),
            Some("W/\"v7\"")
        );
        let plain = get(page(&[("ETag", "\"v7\"")]), &[]).await;
        assert_eq!(plain.header("ETag"), Some("\"v7\""));
    }

    #[tokio::test]
    async fn not_modified_has_the_headers_of_the_compressed_page() {
        let not_modified = make_sync(|_| {
            Response::builder()
                .status(StatusCode::NOT_MODIFIED)
                .header("ETag", "\"v7\"")
                .finish()
        });
        let response = get(not_modified.wrap(compress), &BROWSER).await;
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(response.header("ETag"), Some("W/\"v7\""));
        assert_eq!(coding(&response), None);
    }

    #[tokio::test]
    async fn responses_without_a_body_are_not_compressed() {
        let head = send(page(&[]), Method::HEAD, &BROWSER, ()).await;
        assert_eq!(coding(&head), None);
        assert_eq!(head.header("Vary"), Some("Accept-Encoding"));
        let nothing = make_sync(|_| StatusCode::NO_CONTENT).wrap(compress);
        assert_untouched(&get(nothing, &BROWSER).await);
    }

    #[tokio::test]
    async fn errors_pass_through_unchanged() {
        let failing = poem::endpoint::make(|_| async { Err::<(), _>(NotFoundError) })
            .wrap(compress)
            .catch_error(|_: NotFoundError| async { "a page that explains" });
        let response = get(failing, &BROWSER).await;
        let page = response.into_body().into_string().await.unwrap();
        assert_eq!(page, "a page that explains");
    }

    #[tokio::test]
    async fn a_reused_compressor_does_not_mix_responses() {
        let pages = (0..64).map(|number| async move {
            let text = format!("{} {number}", text());
            let body = text.clone();
            let page = make_sync(move |_| {
                Response::builder()
                    .content_type("text/html")
                    .body(body.clone())
            });
            let response = get(page.wrap(compress), &BROWSER).await;
            assert_eq!(decompressed(response).await, text);
        });
        futures_util::future::join_all(pages).await;
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_not_compressed() {
        let (_writer, reader) = tokio::io::duplex(1024);
        let reader = std::sync::Mutex::new(Some(reader));
        let stream = make_sync(move |_| {
            let reader = reader.lock().unwrap().take().unwrap();
            Response::builder()
                .content_type("text/plain")
                .body(Body::from_async_read(reader))
        });
        let response = get(stream.wrap(compress), &BROWSER).await;
        assert_eq!(coding(&response), None);
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    }
}
