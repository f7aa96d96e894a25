//! Conditional requests: compares `If-None-Match` with an entity tag.

use poem::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// Whether `If-None-Match` lists this entity tag (given with its quotes) or `*`. Weak and strong tags are equal, as RFC 9110,
/// section 13.1.2 requires for this header. The `headers` crate (0.4) is not used: a debug assertion in it panics on a tag with a
/// space, which any client can send.
pub fn matches(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// 40 bits of the SHA-256 of `parts`, to distinguish inputs that cannot be part of an entity tag.
pub fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..5])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag_matches(if_none_match: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.append(header::IF_NONE_MATCH, if_none_match.parse().unwrap());
        matches(&headers, r#""v7""#)
    }

    #[test]
    fn the_same_tag_matches() {
        assert!(tag_matches(r#""v7""#));
        assert!(tag_matches(r#"W/"v7""#));
        assert!(tag_matches(r#""v6", "v7""#));
        assert!(tag_matches("*"));
    }

    #[test]
    fn another_tag_does_not_match() {
        assert!(!tag_matches(r#""v6""#));
        assert!(!tag_matches("v7"));
        assert!(!tag_matches(r#""v 7""#));
        assert!(!matches(&HeaderMap::new(), r#""v7""#));
    }
}
