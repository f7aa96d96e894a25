//! Rule 1: which names are valid, and when two names are the same. Names, kinds and reasons are normalized the same way.

mod ignorable;
mod key;
mod normalization;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

pub use key::{LookAlikeKey, NameKey};
pub use normalization::InvalidName;
use normalization::normalize;
pub(super) use normalization::{check_text, tidy};

/// The name of an item, a feature or a participant: 1 to 100 characters (Unicode scalar values),
/// trimmed, inner white space collapsed to one space, NFC, without characters that hide or reorder text. Names of earlier versions
/// may have invisible characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Arc<str>);

/// The kind of an item: like a [`Name`], but at most 50 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Arc<str>);

/// A word of a board's terminology: like a [`Name`], but at most 30 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Word(Arc<str>);

/// The reason for a veto: like a [`Name`], but at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(Arc<str>);

impl Name {
    /// The maximum length of a name, in characters.
    pub const MAX: usize = 100;

    /// Normalizes and validates what a person typed.
    pub fn parse(text: &str) -> Result<Name, InvalidName> {
        normalize(text, Self::MAX).map(Name)
    }

    /// A name from the database, which was validated before it was stored.
    pub fn from_stored(text: String) -> Name {
        Name(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn key(&self) -> NameKey {
        NameKey::of(&self.0)
    }

    /// The keys by which names of participants are compared.
    pub fn look_alike_keys(&self) -> [LookAlikeKey; 2] {
        LookAlikeKey::both(&self.0)
    }

    /// Appends a number: `Margherita` and 2 become `Margherita-2`. A long name is shortened in the middle first.
    pub fn numbered(&self, number: u64) -> Name {
        let suffix = format!("-{number}");
        let base = shorten(&self.0, Self::MAX - suffix.chars().count());
        Name(tidy(&format!("{base}{suffix}")).into())
    }

    /// Joins two names: `Margherita` and `Napoli` become `Margherita-Napoli`, shortened in the middle to 100 characters.
    pub fn joined(&self, other: &Name) -> Name {
        Name(tidy(&shorten(&format!("{self}-{other}"), Self::MAX)).into())
    }
}

impl Kind {
    /// The maximum length of a kind, in characters.
    pub const MAX: usize = 50;

    /// Normalizes and validates what a person typed; empty means no kind.
    pub fn parse(text: &str) -> Result<Option<Kind>, InvalidName> {
        none_if_empty(normalize(text, Self::MAX).map(Kind))
    }

    /// A kind from the database, which was validated before it was stored.
    pub fn from_stored(text: String) -> Kind {
        Kind(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Word {
    /// The maximum length of a word, in characters.
    pub const MAX: usize = 30;

    /// Normalizes and validates what a person typed.
    pub fn parse(text: &str) -> Result<Word, InvalidName> {
        normalize(text, Self::MAX).map(Word)
    }

    /// A word that is known to be valid.
    pub fn from_stored(text: String) -> Word {
        Word(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reason {
    /// The maximum length of a reason, in characters.
    pub const MAX: usize = 200;

    /// Normalizes and validates what a person typed; empty means no reason.
    pub fn parse(text: &str) -> Result<Option<Reason>, InvalidName> {
        none_if_empty(normalize(text, Self::MAX).map(Reason))
    }

    /// A reason from the database, which was validated before it was stored.
    pub fn from_stored(text: String) -> Reason {
        Reason(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn none_if_empty<T>(parsed: Result<T, InvalidName>) -> Result<Option<T>, InvalidName> {
    match parsed {
        Err(InvalidName::Empty) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Shortens a text to at most `max` characters by replacing its middle with `…`.
fn shorten(text: &str, max: usize) -> String {
    let length = text.chars().count();
    if length <= max {
        return text.to_owned();
    }
    let head = max / 2;
    let tail = max - head - 1;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{}…{}", start.trim_end(), end.trim_start())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap_or_else(|invalid| panic!("{text:?}: {invalid:?}"))
    }

    #[test]
    fn a_name_is_trimmed_collapsed_and_composed() {
        assert_eq!(
            name("  Quattro \t\n Stagioni\u{3000}").as_str(),
            "Quattro Stagioni"
        );
        assert_eq!(name("Jalapen\u{303}o").as_str(), "Jalapeño");
    }

    #[test]
    fn invalid_names_are_rejected() {
        for (text, expected) in [
            ("", InvalidName::Empty),
            (" \u{a0}\u{2003}\n", InvalidName::Empty),
            ("a\0b", InvalidName::Control),
            ("\u{1b}[31m", InvalidName::Control),
            ("abc\u{202e}fdp", InvalidName::Bidirectional),
            ("\u{2066}abc", InvalidName::Bidirectional),
            ("\u{200b}\u{200d}\u{feff}", InvalidName::Invisible),
            ("\u{3164} \u{2800}", InvalidName::Invisible),
            (&"x".repeat(101), InvalidName::TooLong(100)),
            (&"e\u{301}\u{302}".repeat(51), InvalidName::TooLong(100)),
        ] {
            assert_eq!(Name::parse(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn the_length_limit_counts_normalized_characters() {
        assert_eq!(name(&"e\u{301}".repeat(100)).as_str(), "é".repeat(100));
        assert_eq!(name(&"🍕".repeat(100)).as_str().chars().count(), 100);
    }

    #[test]
    fn joined_emoji_and_right_to_left_names_are_kept() {
        for text in [
            "👩\u{200d}👩\u{200d}👧",
            "🏳\u{fe0f}\u{200d}🌈",
            "مارغريتا",
            "\u{200f}פיצה",
        ] {
            assert_eq!(name(text).as_str(), text);
        }
    }

    #[test]
    fn a_kind_is_optional_and_has_up_to_50_characters() {
        assert_eq!(Kind::parse("  "), Ok(None));
        assert_eq!(Kind::parse(&"k".repeat(51)), Err(InvalidName::TooLong(50)));
        assert!(matches!(Kind::parse(" vegan "), Ok(Some(kind)) if kind.as_str() == "vegan"));
    }

    #[test]
    fn a_reason_is_optional_and_has_up_to_200_characters() {
        assert_eq!(Reason::parse(" \n "), Ok(None));
        assert!(
            matches!(Reason::parse("  too \n salty "), Ok(Some(reason)) if reason.as_str() == "too salty")
        );
        assert!(matches!(Reason::parse(&"é".repeat(200)), Ok(Some(_))));
        for (text, expected) in [
            (&*"r".repeat(201), InvalidName::TooLong(200)),
            ("too\0salty", InvalidName::Control),
            ("too \u{202e}salty", InvalidName::Bidirectional),
            ("\u{200b}", InvalidName::Invisible),
        ] {
            assert_eq!(Reason::parse(text), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn joined_and_numbered_names_keep_to_the_limit() {
        let (long, other) = (name(&"a".repeat(100)), name(&"b".repeat(100)));
        let joined = long.joined(&other);
        assert_eq!(joined.as_str().chars().count(), 100);
        assert!(
            joined.as_str().starts_with("aaa")
                && joined.as_str().contains('…')
                && joined.as_str().ends_with("bbb")
        );
        assert_eq!(name("A").joined(&name("B")).as_str(), "A-B");
        assert_eq!(name("A").numbered(2).as_str(), "A-2");
        assert_eq!(long.numbered(12).as_str().chars().count(), 100);
        assert!(long.numbered(12).as_str().ends_with("-12"));
    }

    proptest! {
        #[test]
        fn any_text_is_rejected_or_parses_to_a_name_that_parses_unchanged(text in "\\PC{0,120}|.{0,120}") {
            if let Ok(name) = Name::parse(&text) {
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
                prop_assert!((1..=100).contains(&name.as_str().chars().count()));
            }
        }

        #[test]
        fn reasons_follow_the_rules_of_names_up_to_200_characters(text in "\\PC{0,220}|.{0,220}") {
            match Reason::parse(&text) {
                Ok(Some(reason)) => {
                    prop_assert_eq!(Reason::parse(reason.as_str()), Ok(Some(reason.clone())));
                    prop_assert!((1..=200).contains(&reason.as_str().chars().count()));
                    match Name::parse(&text) {
                        Ok(name) => prop_assert_eq!(name.as_str(), reason.as_str()),
                        Err(bad) => prop_assert_eq!(bad, InvalidName::TooLong(100)),
                    }
                }
                Ok(None) => prop_assert_eq!(Name::parse(&text), Err(InvalidName::Empty)),
                Err(InvalidName::TooLong(200)) => {
                    prop_assert_eq!(Name::parse(&text), Err(InvalidName::TooLong(100)));
                }
                Err(bad) => prop_assert_eq!(Name::parse(&text), Err(bad)),
            }
        }

        #[test]
        fn joined_and_numbered_names_are_valid_names(one in "\\PC{1,110}", other in "\\PC{1,110}", number in 1u64..100_000) {
            if let (Ok(one), Ok(other)) = (Name::parse(&one), Name::parse(&other)) {
                for derived in [one.joined(&other), one.numbered(number)] {
                    prop_assert!(derived.as_str().chars().count() <= 100);
                    prop_assert!(Name::parse(derived.as_str()).is_ok(), "{}", derived);
                }
            }
        }
    }
}
