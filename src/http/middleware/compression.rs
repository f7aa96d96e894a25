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

/// JSON lines are a file that is read while it is sent. Its length is not known, and it may wait until there is enough to compress.
const JSON_LINES: &str = "application/x-ndjson";

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
        "application/json" | "application/javascript" | "application/xml" | JSON_LINES => true,
        other => other.starts_with("text/") || other.ends_with("+json") || other.ends_with("+xml"),
    }
}

/// Compresses the body, unless it is too small or is a stream, which must not be delayed. A large body, or a file of unknown length, is
/// compressed while the client reads it. That is always with gzip: zstd needs a compressor for each response, which takes more than a megabyte.
async fn compress_body(mut response: Response, accepted: &AcceptEncoding) -> Result<Response> {
    let is_file = response.content_type() == Some(JSON_LINES);
    let body: BoxBody<Bytes, io::Error> = response.take_body().into();
    let unknown = if is_file { u64::MAX } else { 0 };
    let length = body.size_hint().exact().unwrap_or(unknown);
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
mod tests;
