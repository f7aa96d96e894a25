//! Text for form fields and headers: known values, hostile Unicode, and arbitrary bytes.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Values with a meaning for SAVT, and a few names, so that they collide.
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

/// Sequences that are known to cause defects.
const HOSTILE: [&[u8]; 32] = [
    // Combining marks; their number per letter is unlimited.
    "\u{301}".as_bytes(),
    "\u{338}".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{1100}\u{1161}".as_bytes(),
    // The character with the longest decomposition.
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

/// A tag that no page of SAVT contains; finding it means that input was not escaped.
pub const MARKUP: &str = "<x-fuzz>";

/// Bytes that may be valid UTF-8.
#[derive(Clone, Debug)]
pub struct TextInput(pub Vec<u8>);

impl TextInput {
    /// The bytes as text; invalid sequences are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl<'a> Arbitrary<'a> for TextInput {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<TextInput> {
        Ok(TextInput(match input.arbitrary::<u8>()? {
            index @ 0..128 => KNOWN[usize::from(index) % KNOWN.len()].into(),
            128..192 => {
                let mut text = Vec::new();
                for _ in 0..input.int_in_range(1..=4)? {
                    let sequence = input.choose(&HOSTILE)?;
                    text.extend(sequence.repeat(input.int_in_range(1..=60)?));
                }
                text
            }
            // Up to slightly more than the size limit of a body.
            192 => input
                .choose(&HOSTILE)?
                .repeat(input.int_in_range(1..=34_000)?),
            _ => {
                let size = input.arbitrary::<u8>()?.into();
                input.bytes(input.len().min(size))?.to_vec()
            }
        }))
    }
}
