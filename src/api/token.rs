//! The bearer token by which a board recognizes a program. Only its hash leaves this file, except in the one answer that shows it.

use hmac::{Hmac, KeyInit, Mac};
use poem::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use crate::model::{BrowserId, RequestSalt};

/// Precedes the random part, so that tools that look for leaked secrets can recognize a token. No cookie has it.
const PREFIX: &str = "savt_";

/// A token of 128 random bits, as strong as that of a browser.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    pub(super) fn new() -> Token {
        Token(format!("{PREFIX}{:032x}", rand::random::<u128>()))
    }

    /// The token of a request that takes effect once: the same each time. Neither the database, which has the salt, nor the client,
    /// which chose the key, can make it alone. None never happens: a key of any length is valid.
    pub(super) fn of_request(key: &str, salt: &RequestSalt) -> Option<Token> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        mac.update(b"participant");
        mac.update(salt);
        let bytes = mac.finalize().into_bytes();
        Some(Token(format!("{PREFIX}{}", hex::encode(&bytes[..16]))))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub(super) fn hashed(&self) -> BrowserId {
        hashed(&self.0)
    }
}

/// The hash of the token in `Authorization: Bearer`; none without one that could be a token.
pub(super) fn of(headers: &HeaderMap) -> Option<BrowserId> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let is_token = scheme.eq_ignore_ascii_case("Bearer") && is_valid(token);
    is_token.then(|| hashed(token))
}

fn is_valid(token: &str) -> bool {
    token.strip_prefix(PREFIX).is_some_and(|digits| {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        digits.len() == 32 && digits.bytes().all(is_digit)
    })
}

fn hashed(token: &str) -> BrowserId {
    BrowserId::from_hash(hex::encode(Sha256::digest(token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_values(values: &[&str]) -> Option<BrowserId> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        of(&headers)
    }

    #[test]
    fn a_new_token_is_recognized_by_its_hash() {
        let token = Token::new();
        let bearer = format!("bearer  {}", token.as_str());
        assert_eq!(of_values(&[&bearer]), Some(token.hashed()));
        assert!(!token.hashed().as_str().contains(token.as_str()));
    }

    #[test]
    fn a_repeated_request_gets_the_same_token() {
        let token = |key: &str, salt: u8| Token::of_request(key, &[salt; 16]).unwrap().0;
        assert_eq!(token("a", 1), token("a", 1));
        assert_ne!(token("a", 1), token("a", 2));
        assert_ne!(token("a", 1), token("b", 1));
        assert!(is_valid(&token("a", 1)));
    }

    #[test]
    fn nothing_else_is_a_token() {
        let digits = "0123456789abcdef0123456789abcdef";
        for value in [
            "",
            "Bearer",
            "Bearer savt_",
            &format!("Bearer {digits}"),
            &format!("Basic savt_{digits}"),
            &format!("Bearer savt_{digits}0"),
            &format!("Bearer savt_{}", digits.to_uppercase()),
        ] {
            assert_eq!(of_values(&[value]), None, "{value}");
        }
        let token = format!("Bearer savt_{digits}");
        assert_eq!(of_values(&[]), None);
        assert_eq!(of_values(&[&token, &token]), None);
    }
}
