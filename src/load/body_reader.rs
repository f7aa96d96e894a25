//! Decodes and keeps the part of a response body that is needed. For a page that is only its head, so that decoding a large page
//! costs the load generator no time.

use std::io::{self, Write};

use hyper::{HeaderMap, header};
use zstd::stream::write::Decoder;

use super::{
    failure::{Failure, FailureKind},
    html,
};

/// The `Accept-Encoding` of requests whose response is decoded.
pub(super) const DECODABLE_ENCODINGS: &str = "zstd";
/// The `Accept-Encoding` of browsers, for responses that are only counted.
pub(super) const BROWSER_ENCODINGS: &str = "gzip, deflate, br, zstd";

/// How much of a response body to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadMode {
    Discard,
    /// A page up to the version and the epoch it shows.
    Head,
    Full,
}

/// How many bytes are decoded at once while looking for the end of the head.
const CHUNK: usize = 1024;
/// Where to stop looking for the end of the head, in bytes.
const MAX_HEAD: usize = 64 * 1024;

pub(super) struct BodyReader {
    mode: ReadMode,
    buffer: Buffer,
}

enum Buffer {
    Plain(Vec<u8>),
    Zstd(Box<Decoder<'static, Vec<u8>>>),
}

impl BodyReader {
    /// # Errors
    /// The response has an encoding that was not requested.
    pub(super) fn new(mode: ReadMode, headers: &HeaderMap) -> Result<BodyReader, Failure> {
        let encoding = headers.get(header::CONTENT_ENCODING);
        let buffer = match encoding.map(|encoding| encoding.as_bytes()) {
            None | Some(b"identity") => Buffer::Plain(Vec::new()),
            _ if mode == ReadMode::Discard => Buffer::Plain(Vec::new()),
            Some(b"zstd") => {
                let decoder = Decoder::new(Vec::new()).map_err(|error| invalid(&error))?;
                Buffer::Zstd(Box::new(decoder))
            }
            Some(_) => {
                return Err(Failure::new(
                    FailureKind::InvalidResponse,
                    "the content encoding was not requested",
                ));
            }
        };
        Ok(BodyReader { mode, buffer })
    }

    /// # Errors
    /// The bytes cannot be decoded.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self.mode {
            ReadMode::Discard => Ok(()),
            ReadMode::Full => self.decode(bytes),
            ReadMode::Head => {
                for chunk in bytes.chunks(CHUNK) {
                    self.decode(chunk)?;
                    if html::head(self.decoded()).is_some() || self.decoded().len() > MAX_HEAD {
                        self.mode = ReadMode::Discard;
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    pub(super) fn into_text(self) -> String {
        let bytes = match self.buffer {
            Buffer::Plain(bytes) => bytes,
            Buffer::Zstd(mut decoder) => std::mem::take(decoder.get_mut()),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn decoded(&self) -> &[u8] {
        match &self.buffer {
            Buffer::Plain(bytes) => bytes,
            Buffer::Zstd(decoder) => decoder.get_ref(),
        }
    }

    fn decode(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.buffer {
            Buffer::Plain(buffer) => buffer.extend_from_slice(bytes),
            Buffer::Zstd(decoder) => {
                let written = decoder.write_all(bytes).and_then(|()| decoder.flush());
                written.map_err(|error| invalid(&error))?;
            }
        }
        Ok(())
    }
}

fn invalid(error: &io::Error) -> Failure {
    Failure::new(FailureKind::InvalidResponse, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_of_a_page_is_decoded() {
        let rows = (0..20_000).map(|row| format!("<li id=\"feature-{row}\">"));
        let head = r#"<p id="connection" data-version="45" data-live="Live">"#;
        let page = head.to_owned() + &rows.collect::<String>();
        let zstd = zstd::stream::encode_all(page.as_bytes(), 1).unwrap();
        let mut headers = HeaderMap::new();
        for (bytes, encoding) in [(page.as_bytes(), "identity"), (&zstd, "zstd")] {
            headers.insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
            for size in [7, 1_000, bytes.len()] {
                let read = |mode| {
                    let mut reader = BodyReader::new(mode, &headers).unwrap();
                    for chunk in bytes.chunks(size) {
                        reader.push(chunk).unwrap();
                    }
                    reader.into_text()
                };
                let head = read(ReadMode::Head);
                assert_eq!(html::shown(&head).map(|shown| shown.version), Some(45));
                assert!(head.len() < page.len());
                assert_eq!(read(ReadMode::Full), page);
                assert_eq!(read(ReadMode::Discard), "");
            }
        }
        headers.insert(header::CONTENT_ENCODING, "br".parse().unwrap());
        assert!(BodyReader::new(ReadMode::Head, &headers).is_err());
    }
}
