//! What somebody may write where a word is expected.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Words that mean something to SAVT, and few names, so that they meet.
const KNOWN: [&str; 32] = [
    "Funghi",
    "FUNGHI",
    "Basil",
    "basil",
    "Ann",
    "Bob",
    "User-1",
    "User-3",
    "Pizza-1",
    "item-2",
    "vegan",
    "too salty",
    "",
    " ",
    "0",
    "1",
    "2",
    "3",
    "4",
    "-1",
    "true",
    "de",
    "en-US,en;q=0.5",
    "wall",
    "/",
    "*",
    "br;q=0, gzip",
    "for=10.1.2.3;proto=https",
    "application/x-www-form-urlencoded",
    "full-1",
    "http://savt.example",
    "same-origin",
];

/// Pieces that have broken other programs.
const HOSTILE: [&[u8]; 32] = [
    // One letter may have as many of these as one likes.
    "\u{301}".as_bytes(),
    "\u{338}".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{1100}\u{1161}".as_bytes(),
    // The letter that grows most when it is taken apart.
    "\u{fdfa}".as_bytes(),
    "\u{390}".as_bytes(),
    "\u{130}".as_bytes(),
    "ß".as_bytes(),
    "ſ".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{2066}".as_bytes(),
    "\u{200d}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{3164}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{85}".as_bytes(),
    "👩‍👩‍👧‍👦".as_bytes(),
    "\u{10ffff}".as_bytes(),
    "…".as_bytes(),
    MARKUP.as_bytes(),
    b"\"'><x-fuzz>",
    b"\0",
    b"\r\n",
    b"\t",
    b"\x7f",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"%00",
    b"%",
    b"../",
    b"9",
];

/// A tag that no page of SAVT has, and so must not have because somebody wrote it.
pub const MARKUP: &str = "<x-fuzz>";

/// Text as it comes, be it text or not.
#[derive(Clone, Debug)]
pub struct Typed(pub Vec<u8>);

impl Typed {
    /// What of it is text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl<'a> Arbitrary<'a> for Typed {
    fn arbitrary(from: &mut Unstructured<'a>) -> Result<Typed> {
        Ok(Typed(match from.arbitrary::<u8>()? {
            sort @ 0..128 => KNOWN[usize::from(sort) % KNOWN.len()].into(),
            128..192 => {
                let mut text = Vec::new();
                for _ in 0..from.int_in_range(1..=4)? {
                    let piece = from.choose(&HOSTILE)?;
                    text.extend(piece.repeat(from.int_in_range(1..=60)?));
                }
                text
            }
            // As much as a body may have, and a little more.
            192 => from
                .choose(&HOSTILE)?
                .repeat(from.int_in_range(1..=34_000)?),
            _ => {
                let size = from.arbitrary::<u8>()?.into();
                from.bytes(from.len().min(size))?.to_vec()
            }
        }))
    }
}
