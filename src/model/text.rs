//! Texts of several lines: the purpose of a board, the note of an item, the sentence of an outcome. Like names, but with line breaks.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::name::{InvalidName, check_text, tidy};

/// A text of 1 to `MAX` characters (Unicode scalar values). Each line is normalized like a [`Name`](super::Name); lines are
/// separated by `\n`, with at most one blank line between two others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(Arc<str>);

/// What a board is about.
pub type Purpose = Text<1_000>;

/// What is worth knowing about an item.
pub type Note = Text<500>;

/// The sentence that a board was closed with.
pub type OutcomeText = Text<500>;

impl<const MAX: usize> Text<MAX> {
    /// The maximum length, in characters.
    pub const MAX: usize = MAX;

    /// Normalizes and validates what a person typed; empty means no text.
    pub fn parse(text: &str) -> Result<Option<Self>, InvalidName> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines: Vec<String> = Vec::new();
        for line in text.split('\n') {
            let line = tidy(line);
            if line.is_empty() && lines.last().is_none_or(String::is_empty) {
                continue;
            }
            lines.push(line);
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        let normalized = lines.join("\n");
        if text.trim().is_empty() {
            return Ok(None);
        }
        check_text(&normalized, MAX, |char| char != '\n')?;
        Ok(Some(Self(normalized.into())))
    }

    /// A text from the database, which was validated before it was stored.
    pub fn from_stored(text: String) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Result<Option<String>, InvalidName> {
        Ok(Note::parse(text)?.map(|note| note.to_string()))
    }

    #[test]
    fn line_breaks_are_kept_and_white_space_is_folded() {
        let text = " \r\n\r\n  Via  Roma 7 \r\n\t\n\n\nfrom 19:00\rnot on Monday \n\n";
        let expected = "Via Roma 7\n\nfrom 19:00\nnot on Monday";
        assert_eq!(parsed(text), Ok(Some(expected.to_owned())));
        assert_eq!(parsed(" \n \r\n"), Ok(None));
    }

    #[test]
    fn invalid_texts_are_rejected() {
        for (text, expected) in [
            ("a\0b", InvalidName::Control),
            ("a\u{202e}b", InvalidName::Bidirectional),
            ("\u{200b}\n\u{200b}", InvalidName::Invisible),
            (&"x".repeat(501), InvalidName::TooLong(500)),
        ] {
            assert_eq!(parsed(text), Err(expected), "{text:?}");
        }
        assert!(parsed(&"🍕".repeat(500)).is_ok());
    }

    proptest! {
        #[test]
        fn a_parsed_text_parses_unchanged(text in "[\\PC\n\r]{0,60}|.{0,600}") {
            if let Ok(Some(note)) = Note::parse(&text) {
                prop_assert_eq!(Note::parse(note.as_str()), Ok(Some(note.clone())));
                prop_assert!((1..=500).contains(&note.as_str().chars().count()));
            }
        }
    }
}
