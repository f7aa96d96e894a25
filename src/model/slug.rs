//! The part of a board's address that names it.

use std::{fmt, sync::Arc};

/// The name of a board in its address: `main`, or a word nobody can guess.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(Arc<str>);

impl Slug {
    /// The board at `/`.
    pub fn main() -> Slug {
        Slug("main".into())
    }

    pub fn is_main(&self) -> bool {
        &*self.0 == "main"
    }

    /// A slug of 26 letters and digits (base 32) out of 16 random bytes: 128 bits that only the link knows.
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

    /// Reads a slug out of an address; nothing that cannot be one reaches the database.
    pub fn parse(text: &str) -> Option<Slug> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        fits.then(|| Slug(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_slug_reads_back_and_keeps_all_its_bits() {
        let slug = Slug::secret([255; 16]);
        assert_eq!(Slug::parse(slug.as_str()), Some(slug.clone()));
        assert_ne!(slug, Slug::secret([254; 16]));
        let mut low = [255; 16];
        low[0] = 127;
        assert_ne!(slug, Slug::secret(low));
    }

    #[test]
    fn nothing_else_is_a_slug() {
        for text in ["", "Main", "a/b", "a b", "é", "a\0", &"a".repeat(65)] {
            assert_eq!(Slug::parse(text), None, "{text:?}");
        }
    }
}
