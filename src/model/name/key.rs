//! Rule 1: when two names are the same.

use std::sync::Arc;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_security::skeleton;

use super::ignorable::is_ignorable;

/// A name for comparison: equal for all spellings that differ only in case (canonical caseless matching, Unicode Standard, D145),
/// in invisible characters, or in which apostrophes and dashes they have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameKey(Arc<str>);

/// The name of a participant for comparison: two names look alike if one of their keys is equal. Based on the skeleton of UTS #39,
/// which is equal for texts that are hard to tell apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookAlikeKey {
    /// The skeleton of the name as it is written: a small L looks like a capital I.
    AsWritten(Arc<str>),
    /// The skeleton of the [`NameKey`], which is equal if the keys are: a small Cyrillic А is a small A, however both are written.
    AnyCase(Arc<str>),
}

impl NameKey {
    pub(super) fn of(name: &str) -> NameKey {
        let folded = name.nfd().default_case_fold();
        NameKey(comparable(folded).nfc().collect::<String>().into())
    }
}

impl LookAlikeKey {
    pub(super) fn both(name: &str) -> [LookAlikeKey; 2] {
        let as_written: String = comparable(name.nfd()).collect();
        let NameKey(any_case) = NameKey::of(name);
        let skeleton = |text: &str| skeleton(text).collect::<String>().into();
        [
            LookAlikeKey::AsWritten(skeleton(&as_written)),
            LookAlikeKey::AnyCase(skeleton(&any_case)),
        ]
    }
}

/// The characters that count in a comparison: no invisible ones, one kind of apostrophe, and one of dash. Keyboards type different
/// ones by themselves.
fn comparable(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    chars.filter(|c| !is_ignorable(*c)).map(|c| match c {
        '\u{2019}' | '\u{02BC}' | '\u{2018}' | '\u{FF07}' => '\'',
        '\u{2212}' => '-',
        c if c.general_category() == GeneralCategory::DashPunctuation => '-',
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn look_alike(one: &str, other: &str) -> bool {
        let (one, other) = (LookAlikeKey::both(one), LookAlikeKey::both(other));
        one.iter().any(|key| other.contains(key))
    }

    #[test]
    fn names_that_differ_in_case_apostrophes_dashes_or_invisible_characters_have_the_same_key() {
        for (one, other) in [
            ("Margherita", "mARGHERITA"),
            ("STRASSE", "straße"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("É", "e\u{301}"),
            ("Ann", "Ann\u{200b}"),
            ("Ann", "A\u{ad}NN"),
            ("é", "e\u{200b}\u{301}"),
            ("Mum's", "Mum’s"),
            ("Mum's", "MUMʼS"),
            ("rock 'n' roll", "rock ‘n’ roll"),
            ("BBQ -", "BBQ –"),
            ("BBQ -", "BBQ \u{2212}"),
            ("BBQ -", "bbq —"),
            ("❤", "❤\u{fe0f}"),
            ("می\u{200c}خواهم", "میخواهم"),
        ] {
            assert_eq!(NameKey::of(one), NameKey::of(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_have_different_keys() {
        for (one, other) in [
            ("Pizza 1", "Pizza-1"),
            ("Mums", "Mum's"),
            ("BBQ", "BBQ -"),
            ("Ann", "\u{410}nn"),
            ("a", "á"),
        ] {
            assert_ne!(NameKey::of(one), NameKey::of(other), "{one} {other}");
        }
    }

    #[test]
    fn names_that_are_hard_to_tell_apart_look_alike() {
        for (one, other) in [
            ("Ann", "\u{410}nn"),
            ("ann", "\u{410}nn"),
            ("ANN", "\u{430}nn"),
            ("Ida", "lda"),
            ("Ann", "ANN\u{200b}"),
            ("O'Hara", "0’Hara"),
        ] {
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("Ann", "Anne"),
            ("Ian", "Lan"),
            ("Zoe", "Zoë"),
            ("User-1", "User-2"),
        ] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn names_with_the_same_key_look_alike(name in "\\PC{1,20}") {
            let upper = name.to_uppercase();
            if NameKey::of(&upper) == NameKey::of(&name) {
                prop_assert!(look_alike(&upper, &name));
            }
            let quoted = name.replace('\'', "’").replace('-', "–");
            prop_assert_eq!(NameKey::of(&quoted), NameKey::of(&name));
            prop_assert!(look_alike(&quoted, &name));
        }

        #[test]
        fn invisible_characters_do_not_count(name in "[a-zé ]{1,10}", at in 0usize..10, c in "[\u{200b}\u{ad}\u{feff}\u{2060}\u{fe0f}\u{e0041}]") {
            let mut chars: Vec<char> = name.chars().collect();
            let at = at.min(chars.len());
            c.chars().for_each(|c| chars.insert(at, c));
            let hidden: String = chars.into_iter().collect();
            prop_assert_eq!(NameKey::of(&hidden), NameKey::of(&name));
            prop_assert_eq!(LookAlikeKey::both(&hidden), LookAlikeKey::both(&name));
        }
    }
}
