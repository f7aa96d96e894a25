//! The commands `savt webhook test`, `status` and `enable`.

use std::time::Duration;

use savt::store::webhooks;
use serde_json::Value;

use super::{SECRET, signatures::is_verified, start};
use crate::harness::{
    app::Savt,
    databases::db_test,
    process::{CommandOutput, program},
    receiver::{Receiver, Reply},
};

/// Runs a command beside the receivers of this test.
pub(super) async fn run(arguments: &[&str]) -> CommandOutput {
    let mut command = program(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    CommandOutput::from(output.await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_is_sent_to_each_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    // While a receiver changes to the first secret, the second one signs too.
    std::fs::write(&file, format!("whsec_{}\n{SECRET}\n", "QUJD".repeat(8))).unwrap();
    let (one, other) = (Receiver::start().await, Receiver::start().await);
    let (first, second) = (one.url("/hooks/Zk9pW"), other.url("/Zk9pW"));
    let file = file.display().to_string();
    let arguments = [
        &["webhook", "test", "--webhook", &first, "--webhook", &second][..],
        &["--webhook-format", "json", "--webhook-format", "text"],
        &["--webhook-secret-file", &file, "--webhook-allow-private"],
    ]
    .concat();
    let output = run(&arguments).await.expect_success();
    let lines: Vec<_> = output.lines().collect();
    assert_eq!(lines.len(), 2, "{output}");
    assert!(
        lines[0].ends_with("  127.0.0.1  json  accepted"),
        "{output}"
    );
    assert!(
        lines[1].ends_with("  127.0.0.1  text  accepted"),
        "{output}"
    );
    let signed = &one.received()[0];
    assert_eq!(signed.json()["type"], "savt.test");
    assert!(is_verified(signed));
    let signatures = signed.header("webhook-signature");
    assert_eq!(signatures.split(' ').count(), 2);
    assert_eq!(other.received()[0].json()["text"], "[SAVT] This is a test.");

    other.reply_with(|_| Reply::Status(404));
    let output = run(&arguments).await;
    assert_eq!(output.code, Some(1));
    assert!(
        output.out.contains("failed: the receiver answered 404"),
        "{output:?}"
    );
    assert!(!format!("{output:?}").contains("Zk9pW"));
}

db_test!(status_shows_what_is_not_delivered_and_enable_continues);
async fn status_shows_what_is_not_delivered_and_enable_continues(savt: Savt) {
    let url = savt.url().to_owned();
    let status = async |option: &[&str]| {
        let arguments = [&["webhook", "status", "--database-url", &url], option].concat();
        run(&arguments).await.expect_success()
    };
    assert_eq!(status(&[]).await, "no endpoint is known\n");
    let receiver = Receiver::start().await;
    let running = start(&savt, &[&receiver.url("/hooks/Zk9pW")]).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    receiver.reply_with(|_| Reply::Status(500));
    anna.create_item("Funghi").await;
    let json = async || -> Value {
        let found: Value = serde_json::from_str(&status(&["--json"]).await).unwrap();
        found[0].clone()
    };
    let failing = loop {
        let found = json().await;
        if found["failing_boards"] == 1 && found["delivered_at"].is_string() {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        (&failing["backlog"], &failing["boards"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&failing["host"], &failing["format"]),
        (&"127.0.0.1".into(), &"json".into())
    );
    assert_eq!(failing["state"], "in use");
    assert_eq!(failing["last_error"], "the receiver answered 500");
    assert!(failing["oldest_at"].is_string());
    let text = status(&[]).await;
    assert!(
        text.contains("not delivered: 1 events of 1 boards"),
        "{text}"
    );
    assert!(!text.contains("Zk9pW"));

    let id = failing["id"].as_str().unwrap().to_owned();
    running.stop().await;
    let now = "2030-01-02T18:00:00".parse().unwrap();
    webhooks::disable(savt.database(), &id, "a test", now)
        .await
        .unwrap();
    let text = status(&[]).await;
    assert!(text.contains("switched off: a test"), "{text}");
    let unknown = run(&["webhook", "enable", "x", "--database-url", &url]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.err.contains("not the id of an endpoint"),
        "{unknown:?}"
    );
    let enable = ["webhook", "enable", &id, "--database-url", &url];
    assert_eq!(run(&enable).await.expect_success(), "switched on\n");
    receiver.reply_with(|_| Reply::Status(200));
    let _running = start(&savt, &[&receiver.url("/hooks/Zk9pW")]).await;
    receiver.wait_for(2).await;
    while json().await["backlog"] != 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
