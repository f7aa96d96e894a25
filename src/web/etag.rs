//! Whether a browser already has what it asks for: `If-None-Match` against our `ETag`.

use poem::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// Whether the request names this entity tag (with its quotes), or any. A weak tag counts as
/// its strong one, as HTTP wants it for this header (RFC 9110, section 13.1.2). Not by the `headers` crate (0.4): a debug
/// assertion in it panics at a tag that contains a space, which any client can send.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// 40 bits of the SHA-256 of these, to tell apart what an entity tag cannot name.
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

    fn known(if_none_match: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.append(header::IF_NONE_MATCH, if_none_match.parse().unwrap());
        is_known(&headers, r#""v7""#)
    }

    #[test]
    fn the_same_tag_is_known() {
        assert!(known(r#""v7""#));
        assert!(known(r#"W/"v7""#));
        assert!(known(r#""v6", "v7""#));
        assert!(known("*"));
    }

    #[test]
    fn another_is_not() {
        assert!(!known(r#""v6""#));
        assert!(!known("v7"));
        assert!(!known(r#""v 7""#));
        assert!(!is_known(&HeaderMap::new(), r#""v7""#));
    }
}
