//! Rule 1: what a name may be, and when two names are the same name.

use std::{fmt, sync::Arc};

use caseless::Caseless;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The name of an item, a feature or a participant: 1 to 100 characters (Unicode scalar values),
/// trimmed, inner white space folded to one blank, NFC, nothing in it that hides or reorders text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Arc<str>);

/// The kind of an item: as a [`Name`], at most 50 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Arc<str>);

/// Why somebody vetoes: as a [`Name`], at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(Arc<str>);

/// What two spellings of the same name have in common: the name without regard to case
/// (canonical caseless matching, Unicode Standard, D145).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(Arc<str>);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// Nothing but white space.
    Empty,
    /// More characters than the given limit.
    TooLong(usize),
    /// Control characters.
    Control,
    /// Characters that turn the direction of the text around them.
    Bidirectional,
    /// Not one character that can be seen.
    Invisible,
}

impl Name {
    /// The longest name, in characters.
    pub const MAX: usize = 100;

    /// Reads what a person typed.
    pub fn parse(text: &str) -> Result<Name, BadName> {
        tidy(text, Self::MAX).map(Name)
    }

    /// Takes a name that was parsed when it was stored.
    pub fn stored(text: String) -> Name {
        Name(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn key(&self) -> NameKey {
        NameKey(
            self.0
                .nfd()
                .default_case_fold()
                .nfc()
                .collect::<String>()
                .into(),
        )
    }

    /// `Margherita` and 2 make `Margherita-2`; a name too long is shortened in the middle first.
    pub fn numbered(&self, number: u64) -> Name {
        let suffix = format!("-{number}");
        let base = shorten(&self.0, Self::MAX - suffix.chars().count());
        Name(format!("{base}{suffix}").into())
    }

    /// `Margherita` and `Napoli` make `Margherita-Napoli`, shortened in the middle to 100 characters.
    pub fn joined(&self, other: &Name) -> Name {
        Name(shorten(&format!("{self}-{other}"), Self::MAX).into())
    }
}

impl Kind {
    /// The longest kind, in characters.
    pub const MAX: usize = 50;

    /// Reads what a person typed; nothing at all is no kind.
    pub fn parse(text: &str) -> Result<Option<Kind>, BadName> {
        none_if_empty(tidy(text, Self::MAX).map(Kind))
    }

    /// Takes a kind that was parsed when it was stored.
    pub fn stored(text: String) -> Kind {
        Kind(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reason {
    /// The longest reason, in characters.
    pub const MAX: usize = 200;

    /// Reads what a person typed; nothing at all is no reason.
    pub fn parse(text: &str) -> Result<Option<Reason>, BadName> {
        none_if_empty(tidy(text, Self::MAX).map(Reason))
    }

    /// Takes a reason that was parsed when it was stored.
    pub fn stored(text: String) -> Reason {
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

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn none_if_empty<T>(read: Result<T, BadName>) -> Result<Option<T>, BadName> {
    match read {
        Err(BadName::Empty) => Ok(None),
        read => read.map(Some),
    }
}

fn tidy(text: &str, max: usize) -> Result<Arc<str>, BadName> {
    let mut tidy = String::new();
    for (n, word) in text.split_whitespace().enumerate() {
        if n > 0 {
            tidy.push(' ');
        }
        tidy.extend(word.nfc());
    }
    if tidy.is_empty() {
        Err(BadName::Empty)
    } else if tidy.chars().any(char::is_control) {
        Err(BadName::Control)
    } else if tidy.chars().any(turns_direction) {
        Err(BadName::Bidirectional)
    } else if tidy.chars().all(invisible) {
        Err(BadName::Invisible)
    } else if tidy.chars().count() > max {
        Err(BadName::TooLong(max))
    } else {
        Ok(tidy.into())
    }
}

/// Embeddings, overrides and isolates: they reach past the name into the text around it.
/// The plain marks (U+200E, U+200F, U+061C) do not, and right-to-left names need them.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Draws nothing: separators, format characters, and the blanks that Unicode counts as letters, marks or symbols.
fn invisible(c: char) -> bool {
    use GeneralCategory as Category;
    matches!(
        c.general_category(),
        Category::SpaceSeparator
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::Control
            | Category::Format
            | Category::Unassigned
    ) || matches!(c,
        '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
}

/// At most `max` characters of a text, what is too much replaced by `…` in its middle.
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
        Name::parse(text).unwrap_or_else(|bad| panic!("{text:?}: {bad:?}"))
    }

    #[test]
    fn is_trimmed_folded_and_composed() {
        assert_eq!(
            name("  Quattro \t\n Stagioni\u{3000}").as_str(),
            "Quattro Stagioni"
        );
        assert_eq!(name("Jalapen\u{303}o").as_str(), "Jalapeño");
    }

    #[test]
    fn refuses_what_is_no_name() {
        for (text, bad) in [
            ("", BadName::Empty),
            (" \u{a0}\u{2003}\n", BadName::Empty),
            ("a\0b", BadName::Control),
            ("\u{1b}[31m", BadName::Control),
            ("abc\u{202e}fdp", BadName::Bidirectional),
            ("\u{2066}abc", BadName::Bidirectional),
            ("\u{200b}\u{200d}\u{feff}", BadName::Invisible),
            ("\u{3164} \u{2800}", BadName::Invisible),
            (&"x".repeat(101), BadName::TooLong(100)),
            (&"e\u{301}\u{302}".repeat(51), BadName::TooLong(100)),
        ] {
            assert_eq!(Name::parse(text), Err(bad), "{text:?}");
        }
    }

    #[test]
    fn counts_characters_after_tidying() {
        assert_eq!(name(&"e\u{301}".repeat(100)).as_str(), "é".repeat(100));
        assert_eq!(name(&"🍕".repeat(100)).as_str().chars().count(), 100);
    }

    #[test]
    fn keeps_joined_emoji_and_right_to_left() {
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
    fn a_kind_may_be_left_out_and_is_short() {
        assert_eq!(Kind::parse("  "), Ok(None));
        assert_eq!(Kind::parse(&"k".repeat(51)), Err(BadName::TooLong(50)));
        assert!(matches!(Kind::parse(" vegan "), Ok(Some(kind)) if kind.as_str() == "vegan"));
    }

    #[test]
    fn a_reason_may_be_left_out_and_has_room_for_a_sentence() {
        assert_eq!(Reason::parse(" \n "), Ok(None));
        assert!(
            matches!(Reason::parse("  too \n salty "), Ok(Some(reason)) if reason.as_str() == "too salty")
        );
        assert!(matches!(Reason::parse(&"é".repeat(200)), Ok(Some(_))));
        for (text, bad) in [
            (&*"r".repeat(201), BadName::TooLong(200)),
            ("too\0salty", BadName::Control),
            ("too \u{202e}salty", BadName::Bidirectional),
            ("\u{200b}", BadName::Invisible),
        ] {
            assert_eq!(Reason::parse(text), Err(bad), "{text:?}");
        }
    }

    #[test]
    fn case_does_not_make_another_name() {
        for (one, other) in [
            ("Margherita", "mARGHERITA"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("É", "e\u{301}"),
        ] {
            assert_eq!(name(one).key(), name(other).key(), "{one} {other}");
        }
        assert_ne!(name("Pizza 1").key(), name("Pizza-1").key());
    }

    #[test]
    fn joined_and_numbered_names_fit() {
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
        fn whatever_is_typed_is_refused_or_stays_the_same_when_read_again(text in "\\PC{0,120}|.{0,120}") {
            if let Ok(name) = Name::parse(&text) {
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
                prop_assert!((1..=100).contains(&name.as_str().chars().count()));
            }
        }

        #[test]
        fn a_reason_is_what_a_longer_name_could_be(text in "\\PC{0,220}|.{0,220}") {
            match Reason::parse(&text) {
                Ok(Some(reason)) => {
                    prop_assert_eq!(Reason::parse(reason.as_str()), Ok(Some(reason.clone())));
                    prop_assert!((1..=200).contains(&reason.as_str().chars().count()));
                    match Name::parse(&text) {
                        Ok(name) => prop_assert_eq!(name.as_str(), reason.as_str()),
                        Err(bad) => prop_assert_eq!(bad, BadName::TooLong(100)),
                    }
                }
                Ok(None) => prop_assert_eq!(Name::parse(&text), Err(BadName::Empty)),
                Err(BadName::TooLong(200)) => {
                    prop_assert_eq!(Name::parse(&text), Err(BadName::TooLong(100)));
                }
                Err(bad) => prop_assert_eq!(Name::parse(&text), Err(bad)),
            }
        }

        #[test]
        fn a_name_made_of_names_is_a_name(one in "\\PC{1,110}", other in "\\PC{1,110}", number in 1u64..100_000) {
            if let (Ok(one), Ok(other)) = (Name::parse(&one), Name::parse(&other)) {
                for made in [one.joined(&other), one.numbered(number)] {
                    prop_assert!(made.as_str().chars().count() <= 100);
                    prop_assert!(Name::parse(made.as_str()).is_ok(), "{}", made);
                }
            }
        }
    }
}
