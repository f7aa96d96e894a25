//! What operators see of webhooks.

use super::start;
use crate::harness::{
    app::{Monitor, Savt},
    client::TestClient,
    databases::db_test,
    receiver::{Receiver, Reply},
};

/// Every metric of webhooks: dashboards and alerts depend on them. Each has the labels `endpoint` and `host`.
const METRICS: [(&str, &str); 5] = [
    ("savt_webhook_backlog_events", "gauge"),
    ("savt_webhook_deliveries_total", "counter"),
    ("savt_webhook_disabled", "gauge"),
    ("savt_webhook_failures_total", "counter"),
    ("savt_webhook_oldest_seconds", "gauge"),
];

db_test!(the_monitor_shows_what_is_delivered_and_what_is_not);
async fn the_monitor_shows_what_is_delivered_and_what_is_not(savt: Savt) {
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/hooks/Zk9pW")]).await;
    let monitor = Monitor::start_with(&savt, Some(webhooks.clone())).await;
    let anna = savt.person_called("Anna").await;
    receiver.wait_for(1).await;
    receiver.reply_with(|_| Reply::Status(503));
    anna.create_item("Funghi").await;
    let status = loop {
        let status = webhooks.statuses().remove(0);
        if status.failures > 0 && status.backlog.failing == 1 {
            break status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let client = TestClient::at(monitor.address);
    let text = client.get("/metrics").await.is(200).body;
    let types = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE savt_webhook_"));
    let expected = METRICS.map(|(name, kind)| format!("{name} {kind}"));
    let found: Vec<_> = types.map(|line| format!("savt_webhook_{line}")).collect();
    assert_eq!(found, expected);
    let metrics = monitor.metrics().await;
    let labels = [("endpoint", status.id.as_str()), ("host", "127.0.0.1")];
    for (name, value) in [
        ("savt_webhook_backlog_events", 1.0),
        ("savt_webhook_deliveries_total", 1.0),
        ("savt_webhook_disabled", 0.0),
    ] {
        assert_eq!(metrics.get(name, &labels), Some(value), "{name}");
    }
    let page = client.get("/").await.is(200);
    let row = page.one("[aria-labelledby=webhooks] tbody tr");
    for part in [
        "127.0.0.1",
        &status.id,
        "json",
        "delivers",
        "1 boards fail",
        "answered 503",
    ] {
        assert!(row.contains(part), "{part}: {row}");
    }
    assert!(!page.body.contains("Zk9pW") && !text.contains("Zk9pW"));

    receiver.reply_with(|_| Reply::Status(410));
    anna.on_board(&anna.create_board("Friday").await)
        .create_item("Napoli")
        .await;
    while monitor
        .metrics()
        .await
        .get("savt_webhook_disabled", &labels)
        != Some(1.0)
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let page = client.get("/").await.is(200);
    let row = page.one("[aria-labelledby=webhooks] tbody tr");
    assert!(
        row.contains("switched off: the receiver answered 410"),
        "{row}"
    );
}

db_test!(without_endpoints_the_monitor_says_nothing_of_webhooks);
async fn without_endpoints_the_monitor_says_nothing_of_webhooks(savt: Savt) {
    let webhooks = start(&savt, &[]).await;
    let monitor = Monitor::start_with(&savt, Some(webhooks)).await;
    let client = TestClient::at(monitor.address);
    for path in ["/", "/metrics"] {
        let answer = client.get(path).await.is(200);
        assert!(!answer.body.contains("ebhook"), "{path}");
    }
}
