//! What of an answer is read, decoded if it came compressed: of a page only its head, so that a large one costs no more
//! than its bytes. Knows SAVT's pages, no connection.

use std::io::{self, Write};

use hyper::{HeaderMap, header};
use zstd::stream::write::Decoder;

use super::failure::{Failure, Kind};

/// What an answer that is read may be encoded as; what is only counted may be all a browser takes.
pub(super) const READABLE: &str = "zstd";
pub(super) const BROWSER: &str = "gzip, deflate, br, zstd";

/// How much of an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// It is counted and forgotten.
    Nothing,
    /// As far as a page says which event it shows.
    Head,
    All,
}

/// How much is decoded at once while the end of the head is sought, in bytes.
const PIECE: usize = 1024;
/// Where the head of a page must have ended, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;

pub(super) struct Reading {
    keep: Keep,
    text: Text,
}

enum Text {
    Plain(Vec<u8>),
    Zstd(Box<Decoder<'static, Vec<u8>>>),
}

impl Reading {
    /// # Errors
    /// The answer is encoded in a way this program did not ask for.
    pub(super) fn new(keep: Keep, headers: &HeaderMap) -> Result<Reading, Failure> {
        let coding = headers.get(header::CONTENT_ENCODING);
        let text = match coding.map(|coding| coding.as_bytes()) {
            None | Some(b"identity") => Text::Plain(Vec::new()),
            _ if keep == Keep::Nothing => Text::Plain(Vec::new()),
            Some(b"zstd") => {
                let decoder = Decoder::new(Vec::new()).map_err(|error| senseless(&error))?;
                Text::Zstd(Box::new(decoder))
            }
            Some(_) => {
                return Err(Failure::new(
                    Kind::Senseless,
                    "encoded as was not asked for",
                ));
            }
        };
        Ok(Reading { keep, text })
    }

    /// # Errors
    /// The bytes are not what they are said to be.
    pub(super) fn take_in(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self.keep {
            Keep::Nothing => Ok(()),
            Keep::All => self.write(bytes),
            Keep::Head => {
                for piece in bytes.chunks(PIECE) {
                    self.write(piece)?;
                    if head(self.so_far()).is_some() || self.so_far().len() > LONGEST_HEAD {
                        self.keep = Keep::Nothing;
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    pub(super) fn text(self) -> String {
        let bytes = match self.text {
            Text::Plain(bytes) => bytes,
            Text::Zstd(mut decoder) => std::mem::take(decoder.get_mut()),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn so_far(&self) -> &[u8] {
        match &self.text {
            Text::Plain(bytes) => bytes,
            Text::Zstd(decoder) => decoder.get_ref(),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.text {
            Text::Plain(text) => text.extend_from_slice(bytes),
            Text::Zstd(decoder) => {
                let written = decoder.write_all(bytes).and_then(|()| decoder.flush());
                written.map_err(|error| senseless(&error))?;
            }
        }
        Ok(())
    }
}

fn senseless(error: &io::Error) -> Failure {
    Failure::new(Kind::Senseless, error.to_string())
}

const VERSION: &[u8] = b" data-version=\"";

/// The head of a page: up to the end of the number of the event it shows.
fn head(text: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(text, VERSION)? + VERSION.len();
    let end = memchr::memchr(b'"', text.get(at..)?)?;
    text.get(..at + end)
}

/// The number of the event that a page shows.
pub(super) fn version(page: &str) -> Option<i64> {
    let head = head(page.as_bytes())?;
    let number = head.rsplit(|byte| *byte == b'"').next()?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The addresses of the files a page wants.
pub(super) fn assets(page: &str) -> Vec<String> {
    let pieces = page.split("=\"/assets/").skip(1);
    let names = pieces.filter_map(|rest| rest.split_once('"'));
    let mut assets: Vec<_> = names.map(|(name, _)| format!("/assets/{name}")).collect();
    assets.sort();
    assets.dedup();
    assets
}

/// The numbers of the things of this kind (`item`, `feature`) in a page or fragment, in their order.
pub(super) fn ids<'a>(html: &'a str, kind: &str) -> impl Iterator<Item = i64> + use<'a> {
    let start = format!("id=\"{kind}-");
    let places: Vec<usize> = html.match_indices(&start).map(|(at, _)| at).collect();
    places.into_iter().filter_map(move |at| {
        let (id, _) = html[at + start.len()..].split_once('"')?;
        id.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<link href="/assets/savt-1.css"><script src="/assets/savt-2.js"></script>
        <p id="connection" data-version="45" data-live="Live">"#;

    #[test]
    fn a_page_tells_its_event_and_its_files() {
        assert_eq!(version(PAGE), Some(45));
        assert_eq!(assets(PAGE), ["/assets/savt-1.css", "/assets/savt-2.js"]);
        assert_eq!(version("<p data-version=\"4"), None, "cut off");
    }

    #[test]
    fn things_are_told_by_their_whole_id() {
        let html = r#"<li id="item-3"><b id="item-3-name"><ul id="item-3-features"><li id="feature-7"><li id="feature-12">"#;
        assert_eq!(ids(html, "item").collect::<Vec<_>>(), [3]);
        assert_eq!(ids(html, "feature").collect::<Vec<_>>(), [7, 12]);
    }

    #[test]
    fn of_a_page_only_the_head_is_decoded() {
        let rows = (0..20_000).map(|row| format!("<li id=\"feature-{row}\">"));
        let page = PAGE.to_owned() + &rows.collect::<String>();
        let zstd = zstd::stream::encode_all(page.as_bytes(), 1).unwrap();
        let mut headers = HeaderMap::new();
        for (bytes, coding) in [(page.as_bytes(), "identity"), (&zstd, "zstd")] {
            headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
            for size in [7, 1_000, bytes.len()] {
                let read = |keep| {
                    let mut reading = Reading::new(keep, &headers).unwrap();
                    for chunk in bytes.chunks(size) {
                        reading.take_in(chunk).unwrap();
                    }
                    reading.text()
                };
                assert_eq!(version(&read(Keep::Head)), Some(45));
                assert_eq!(read(Keep::All), page);
                assert_eq!(read(Keep::Nothing), "");
            }
        }
        headers.insert(header::CONTENT_ENCODING, "br".parse().unwrap());
        assert!(Reading::new(Keep::Head, &headers).is_err());
    }
}
