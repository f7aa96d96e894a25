//! Verifies the signatures of webhooks by an implementation of its own: HMAC as in RFC 2104 and base64 as in RFC 4648, from their
//! definitions.

use sha2::{Digest, Sha256};

use super::receiver::Received;

/// The secret of all endpoints of the tests, that of the published example.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn decode_base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter(|digit| *digit != b'=');
    let bits = digits.flat_map(|digit| {
        let value = ALPHABET.iter().position(|known| *known == digit).unwrap();
        (0..6).rev().map(move |bit| (value >> bit) & 1 == 1)
    });
    let bits: Vec<bool> = bits.collect();
    let bytes = bits.chunks_exact(8);
    bytes
        .map(|bits| {
            bits.iter()
                .fold(0, |byte, bit| (byte << 1) | u8::from(*bit))
        })
        .collect()
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let padded = |pad: u8| {
        let mut block = [pad; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    let outer = Sha256::new().chain_update(padded(0x5c)).chain_update(inner);
    outer.finalize().to_vec()
}

/// Whether one of the signatures is that of the message.
pub fn is_signed(
    secret: &str,
    (id, timestamp, body): (&str, &str, &str),
    signatures: &str,
) -> bool {
    let key = decode_base64(secret.strip_prefix("whsec_").unwrap());
    let expected = hmac_sha256(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    let mut signatures = signatures.split(' ');
    signatures.any(|signature| {
        let encoded = signature.strip_prefix("v1,");
        encoded.is_some_and(|encoded| decode_base64(encoded) == expected)
    })
}

/// Whether a message is signed with [`SECRET`].
pub fn is_verified(message: &Received) -> bool {
    let signed = (
        message.id(),
        message.header("webhook-timestamp"),
        &*message.body,
    );
    is_signed(SECRET, signed, message.header("webhook-signature"))
}
