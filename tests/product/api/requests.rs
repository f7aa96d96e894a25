//! Bodies and headers that the API refuses before it looks at any rule.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(only_json_is_accepted);
async fn only_json_is_accepted(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
    ] {
        let client = ann.with("Content-Type", content_type);
        let answer = client.post("/items", json!({"name": "Margherita"})).await;
        answer.problem(415, "unsupported-media-type");
    }
    for body in ["{", "", "{\"name\": \"a\"} x", "\u{feff}{}", "name=a"] {
        let answer = ann.send("POST", "/items", Some(body)).await;
        answer.problem(400, "malformed-json");
    }
    let twice = r#"{"name": "a", "name": "b"}"#;
    ann.send("POST", "/items", Some(twice)).await.rejects("");
    assert_eq!(ann.sees().await, "free: ");
}

db_test!(every_error_names_its_member);
async fn every_error_names_its_member(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let deep = json!({"name": "a", "a/b~c": {"d": 1}});
    let reason = ann.post("/items", deep).await.rejects("/a~1b~0c");
    assert!(reason.contains("unknown field"), "{reason}");
    ann.put("/consent", json!([])).await.rejects("");
    ann.post("/items", json!(["Margherita"])).await.rejects("");
    // An operation without members does not ignore what somebody wants to say.
    for path in ["/reopen", "/items/1/split", "/events/1/undo"] {
        ann.post(path, json!({"deadline": null}))
            .await
            .rejects("/deadline");
    }
    for path in ["/consent", "/items/1", "/features/1/veto"] {
        let why = Some(r#"{"reason": "late"}"#);
        ann.send("DELETE", path, why).await.rejects("/reason");
    }
    let aside = format!("/participants/{}/aside", ann.id());
    ann.put(&aside, json!({"aside": true}))
        .await
        .rejects("/aside");
    let long = ann.post("/items", json!({"name": "x".repeat(101)})).await;
    let english = long.rejects("/name");
    assert!(english.contains("100"), "{english}");
    let german = ann.with("Accept-Language", "de");
    let long = german
        .post("/items", json!({"name": "x".repeat(101)}))
        .await;
    let reason = long.rejects("/name");
    assert!(reason.contains("100") && reason != english, "{reason}");
}

db_test!(large_bodies_are_refused);
async fn large_bodies_are_refused(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let body = |length: usize| {
        let rest = length - r#"{"name":""}"#.len();
        format!(r#"{{"name":"{}"}}"#, "x".repeat(rest))
    };
    let largest = ann.send("POST", "/items", Some(&body(64 * 1024))).await;
    largest.rejects("/name");
    let larger = ann.send("POST", "/items", Some(&body(64 * 1024 + 1))).await;
    larger.problem(413, "too-large");
}

db_test!(what_the_client_does_not_accept_is_not_sent);
async fn what_the_client_does_not_accept_is_not_sent(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let version = ann.board().await["version"].clone();
    for accept in [
        "text/html",
        "application/xml;q=0.9, text/*",
        "application/json;q=0",
        "nonsense",
    ] {
        let client = ann.with("Accept", accept);
        client.get("").await.problem(406, "not-acceptable");
        let answer = client.post("/items", json!({"name": "Margherita"})).await;
        answer.problem(406, "not-acceptable");
    }
    assert_eq!(ann.board().await["version"], version, "nothing happened");
    for accept in [
        "*/*",
        "application/*",
        "application/json",
        "text/html, */*;q=0.1",
        "",
    ] {
        let client = ann.with("Accept", accept);
        client.get("").await.is(200);
    }
}

db_test!(a_host_that_is_not_allowed_is_misdirected);
async fn a_host_that_is_not_allowed_is_misdirected(savt: Savt) {
    use savt::http::{allowed_hosts::AllowedHosts, origin::OriginPolicy};
    let policy = OriginPolicy {
        public: Some("https://savt.example/".parse().unwrap()),
        ..OriginPolicy::default()
    };
    let allowed = AllowedHosts::new(policy.public.as_ref(), Vec::new());
    let savt = savt
        .another_with(|app| app.with_addresses(policy, allowed))
        .await;
    let client = ApiClient::of(&savt).await;
    client.with("Host", "savt.example").get("").await.is(200);
    let rebound = client.with("Host", "rebound.example").get("").await;
    rebound.problem(421, "misdirected");
}

db_test!(headers_that_are_too_large_are_refused);
async fn headers_that_are_too_large_are_refused(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let large = client.with("X-Large", &"x".repeat(33 * 1024));
    large.get("").await.problem(431, "headers-too-large");
}

db_test!(a_malformed_address_is_answered_as_json);
async fn a_malformed_address_is_answered_as_json(savt: Savt) {
    let request = "GET /api/v1/boards/main/items/%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut stream = TcpStream::connect(savt.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert!(response.contains("/api#not-found"), "{response}");
}
