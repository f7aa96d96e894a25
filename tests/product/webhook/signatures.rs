//! Messages are signed as Standard Webhooks 1.0 says. Verified by an implementation of its own: HMAC as in RFC 2104 and base64 as in
//! RFC 4648, from their definitions.

use sha2::{Digest, Sha256};

use super::{SECRET, start};
use crate::harness::{
    app::Savt,
    databases::db_test,
    receiver::{Received, Receiver},
};

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
fn is_signed(secret: &str, (id, timestamp, body): (&str, &str, &str), signatures: &str) -> bool {
    let key = decode_base64(secret.strip_prefix("whsec_").unwrap());
    let expected = hmac_sha256(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    let mut signatures = signatures.split(' ');
    signatures.any(|signature| {
        let encoded = signature.strip_prefix("v1,");
        encoded.is_some_and(|encoded| decode_base64(encoded) == expected)
    })
}

pub(super) fn is_verified(message: &Received) -> bool {
    let signed = (
        message.id(),
        message.header("webhook-timestamp"),
        &*message.body,
    );
    is_signed(SECRET, signed, message.header("webhook-signature"))
}

#[test]
fn the_verification_accepts_the_published_example_and_nothing_else() {
    let (id, timestamp) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
    let body = r#"{"test": 2432232314}"#;
    let published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    assert!(is_signed(SECRET, (id, timestamp, body), published));
    let several = format!("v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= {published}");
    assert!(is_signed(SECRET, (id, timestamp, body), &several));
    let v2 = published.replace("v1,", "v2,");
    assert!(!is_signed(SECRET, (id, timestamp, body), &v2));
    assert!(!is_signed(SECRET, (id, "1614265331", body), published));
    assert!(!is_signed(SECRET, (id, timestamp, "{}"), published));
    assert!(!is_signed("whsec_AAAA", (id, timestamp, body), published));
}

db_test!(every_message_is_signed_and_fresh);
async fn every_message_is_signed_and_fresh(savt: Savt) {
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/hook")]).await;
    let anna = savt.person_called("Ännä \u{1f355} \"x\"").await;
    anna.create_item("Käse & <b>").await;
    for message in receiver.wait_for(2).await {
        assert!(is_verified(&message), "{message:?}");
        let timestamp: i64 = message.header("webhook-timestamp").parse().unwrap();
        let age = chrono::Utc::now().timestamp() - timestamp;
        assert!((0..300).contains(&age), "{age}");
        assert_eq!(message.header("content-type"), "application/json");
        assert!(message.header("user-agent").starts_with("SAVT/"));
        assert_eq!(message.path, "/hook");
    }
}
