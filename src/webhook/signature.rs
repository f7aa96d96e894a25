//! Signatures of Standard Webhooks 1.0, scheme `v1`: HMAC-SHA256 over id, time and body.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// The lengths of a key that the specification allows, in bytes.
const KEY_LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that sender and receiver share.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Parses `whsec_` and the key in base64.
    ///
    /// # Errors
    /// The reason, which does not contain the secret.
    pub fn parse(text: &str) -> Result<Secret, &'static str> {
        let encoded = text
            .strip_prefix(PREFIX)
            .ok_or("a secret must start with whsec_")?;
        let key = STANDARD.decode(encoded);
        let key = key.map_err(|_| "what follows whsec_ must be base64")?;
        match KEY_LENGTHS.contains(&key.len()) {
            true => Ok(Secret(key)),
            false => Err("what follows whsec_ must be 24 to 64 bytes in base64"),
        }
    }

    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        // HMAC takes a key of any length.
        let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return String::new();
        };
        hmac.update(format!("{id}.{timestamp}.").as_bytes());
        hmac.update(body);
        format!("v1,{}", STANDARD.encode(hmac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The value of `webhook-signature`: one signature for each secret, so that a receiver accepts either while a secret is replaced. None
/// without a secret.
pub(super) fn sign(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let signatures = secrets
        .iter()
        .map(|secret| secret.sign(id, timestamp, body));
    let signatures: Vec<String> = signatures.collect();
    (!signatures.is_empty()).then(|| signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_has_the_published_signature() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let signature = sign(
            &[secret],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            body,
        );
        let published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature.as_deref(), Some(published));
        assert_eq!(sign(&[], "id", 0, body), None);
    }

    #[test]
    fn an_invalid_secret_is_refused_without_being_repeated() {
        for text in [
            "",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_",
            "whsec_not base64",
            "whsec_c2hvcnQ=",
        ] {
            let error = Secret::parse(text).unwrap_err();
            let key = text.trim_start_matches(PREFIX);
            assert!(key.is_empty() || !error.contains(key), "{error}");
        }
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(format!("{:?}", secret.unwrap()), "Secret(…)");
    }
}
