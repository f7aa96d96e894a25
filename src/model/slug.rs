//! The slug: the part of a board's URL that identifies it.

use std::{fmt, sync::Arc};

/// A board's identifier in its URL: `main`, or a secret that cannot be guessed.
///
/// Has no `Display`, and its `Debug` shows only the public slug: a log line must not contain the secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Slug(Arc<str>);

/// The digits of a secret slug, in the alphabet of Crockford's base 32: no two of them look alike when somebody types them.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The number of digits of a secret slug: 80 bits. Few enough to type from a projector.
const SECRET_DIGITS: usize = 16;

/// Digits between two dashes.
const GROUP: usize = 4;

/// The number of digits of a secret slug made by an earlier version: 128 bits, without dashes.
const LONG_SECRET_DIGITS: usize = 26;

impl Slug {
    /// The board at `/`.
    pub fn main() -> Slug {
        Slug("main".into())
    }

    pub fn is_main(&self) -> bool {
        &*self.0 == "main"
    }

    /// Encodes 10 random bytes as a secret slug of 16 base-32 digits (80 bits): `abcd-efgh-jkmn-pqrs`.
    pub fn secret(random: [u8; 10]) -> Slug {
        let bits = random
            .iter()
            .fold(0u128, |bits, byte| bits << 8 | u128::from(*byte));
        let digits = (0..SECRET_DIGITS).map(|n| DIGITS[(bits >> (5 * n) & 31) as usize] as char);
        Slug(in_groups(&digits.collect::<String>()).into())
    }

    /// Parses a slug from a URL; malformed text never reaches the database.
    pub fn parse(text: &str) -> Option<Slug> {
        let valid = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        valid.then(|| Slug(text.into()))
    }

    /// The slug that somebody meant who typed it by hand or pasted it from a chat: in capitals, without dashes or with other
    /// ones, with the letters o, i and l for the digits 0 and 1, or with punctuation around it. There need not be such a board.
    pub fn from_typed(text: &str) -> Option<Slug> {
        let text = text
            .trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_ascii_lowercase();
        let typed = text.chars().filter(|c| !is_separator(*c));
        let digits: String = typed.map(unambiguous).collect();
        let is_secret = digits.bytes().all(|digit| DIGITS.contains(&digit));
        match digits.len() {
            SECRET_DIGITS if is_secret => Some(Slug(in_groups(&digits).into())),
            LONG_SECRET_DIGITS if is_secret => Some(Slug(digits.into())),
            _ => Slug::parse(&text),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `abcdefgh` becomes `abcd-efgh`. The digits are ASCII.
fn in_groups(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / GROUP);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && n % GROUP == 0 {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// Whether a character separates digits or is invisible: a dash that a phone has replaced, a space, a soft hyphen.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_'
                | '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2010}'..='\u{2015}'
                | '\u{2060}'
                | '\u{2212}'
                | '\u{feff}'
        )
}

/// The digit for a letter that looks like it and is none.
fn unambiguous(c: char) -> char {
    match c {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_main() {
            "Slug(main)"
        } else {
            "Slug(…)"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(text: &str) -> Option<String> {
        Slug::from_typed(text).map(|slug| slug.as_str().to_owned())
    }

    #[test]
    fn a_secret_slug_has_sixteen_digits_in_groups_of_four() {
        assert_eq!(Slug::secret([0; 10]).as_str(), "0000-0000-0000-0000");
        assert_eq!(Slug::secret([255; 10]).as_str(), "zzzz-zzzz-zzzz-zzzz");
        let mut one = [0; 10];
        one[9] = 1;
        assert_eq!(Slug::secret(one).as_str(), "1000-0000-0000-0000");
        one[0] = 128;
        assert_eq!(Slug::secret(one).as_str(), "1000-0000-0000-000g");
    }

    #[test]
    fn a_slug_is_found_as_people_type_it() {
        let slug = "ab01-efgh-jkmn-pqrs";
        for text in [
            slug,
            "ab01efghjkmnpqrs",
            "AB01-EFGH-JKMN-PQRS",
            "abO1-efgh-jkmn-pqrs",
            "abol-efgh-jkmn-pqrs",
            "ABOI EFGH JKMN PQRS",
            "ab01–efgh—jkmn\u{2011}pqrs",
            "ab01-efgh-jkmn-pqrs).",
            "(ab01-efgh-jkmn-pqrs,",
            " ab01-efgh\u{200b}-jkmn-pqrs\u{a0}",
            "ab-01ef-ghjk-mnpq-rs",
        ] {
            assert_eq!(typed(text).as_deref(), Some(slug), "{text:?}");
        }
        assert_eq!(typed("Main."), Some("main".to_owned()));
        assert_eq!(typed("Team-3)"), Some("team-3".to_owned()));
    }

    #[test]
    fn a_slug_of_an_earlier_version_is_found_too() {
        let slug = "0123456789abcdefghjkmnpqrs";
        assert_eq!(Slug::parse(slug).unwrap().as_str(), slug);
        for text in [slug, "OL23456789ABCDEFGHJKMNPQRS).", &format!("{slug} ")] {
            assert_eq!(typed(text).as_deref(), Some(slug), "{text:?}");
        }
    }

    #[test]
    fn text_that_is_no_slug_means_none() {
        for text in ["", ".", "a/b", "a b", "é", "a\0b", "ab01-efgh-jkmn-pqru!x"] {
            assert_eq!(typed(text), None, "{text:?}");
        }
        assert_eq!(typed(&"a".repeat(65)), None);
    }

    #[test]
    fn debug_output_hides_a_secret_slug() {
        let secret = Slug::secret([7; 10]);
        assert_eq!(format!("{secret:?}"), "Slug(…)");
        assert_eq!(format!("{:?}", Slug::main()), "Slug(main)");
    }

    #[test]
    fn malformed_slugs_are_rejected() {
        for text in ["", "Main", "a/b", "a b", "é", "a\0", &"a".repeat(65)] {
            assert_eq!(Slug::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn secret_slugs_differ_if_their_bytes_do(one: [u8; 10], other: [u8; 10]) {
            prop_assert_eq!(one == other, Slug::secret(one) == Slug::secret(other));
        }

        #[test]
        fn a_secret_slug_parses_back_however_it_is_typed(random: [u8; 10], capital: bool, dashes: bool) {
            let slug = Slug::secret(random);
            prop_assert_eq!(Slug::parse(slug.as_str()), Some(slug.clone()));
            let mut text = slug.as_str().replace('0', "o").replace('1', "l");
            if capital {
                text = text.to_uppercase();
            }
            if !dashes {
                text = text.replace('-', "");
            }
            prop_assert_eq!(Slug::from_typed(&format!("{text}).")), Some(slug));
        }

        #[test]
        fn the_meaning_of_any_text_is_a_valid_slug_that_means_itself(text in "\\PC{0,80}") {
            if let Some(slug) = Slug::from_typed(&text) {
                prop_assert_eq!(Slug::parse(slug.as_str()), Some(slug.clone()));
                prop_assert_eq!(Slug::from_typed(slug.as_str()), Some(slug));
            }
        }
    }
}
