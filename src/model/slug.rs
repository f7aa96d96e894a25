//! The slug: the part of a board's URL that identifies it.

use std::{fmt, sync::Arc};

/// A board's identifier in its URL: `main`, or a secret that cannot be guessed.
///
/// Has no `Display`, and its `Debug` shows only the public slug: a log line must not contain the secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The board at `/`.
    pub fn main() -> Slug {
        Slug("main".into())
    }

    pub fn is_main(&self) -> bool {
        &*self.0 == "main"
    }

    /// Encodes 16 random bytes as a secret slug of 26 base-32 digits (128 bits).
    pub fn secret(random: [u8; 16]) -> Slug {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut number = u128::from_be_bytes(random);
        let mut text = String::with_capacity(26);
        for _ in 0..26 {
            text.push(DIGITS[(number % 32) as usize] as char);
            number /= 32;
        }
        Slug(text.into())
    }

    /// Parses a slug from a URL; malformed text never reaches the database.
    pub fn parse(text: &str) -> Option<Slug> {
        let valid = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        valid.then(|| Slug(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
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
    use super::*;

    #[test]
    fn a_secret_slug_parses_back_and_keeps_all_128_bits() {
        let slug = Slug::secret([255; 16]);
        assert_eq!(Slug::parse(slug.as_str()), Some(slug.clone()));
        assert_ne!(slug, Slug::secret([254; 16]));
        let mut low = [255; 16];
        low[0] = 127;
        assert_ne!(slug, Slug::secret(low));
    }

    #[test]
    fn debug_output_hides_a_secret_slug() {
        let secret = Slug::secret([7; 16]);
        assert_eq!(format!("{secret:?}"), "Slug(…)");
        assert_eq!(format!("{:?}", Slug::main()), "Slug(main)");
    }

    #[test]
    fn malformed_slugs_are_rejected() {
        for text in ["", "Main", "a/b", "a b", "é", "a\0", &"a".repeat(65)] {
            assert_eq!(Slug::parse(text), None, "{text:?}");
        }
    }
}
