//! Messages are signed as Standard Webhooks 1.0 says.

use super::start;
use crate::harness::{
    app::Savt,
    databases::db_test,
    receiver::Receiver,
    signature::{SECRET, is_signed},
};

pub(super) use crate::harness::signature::is_verified;

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
