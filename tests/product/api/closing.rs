//! Closing, deadlines, reopening and the result: rules 15 and 16.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_closed_board_refuses_every_change);
async fn a_closed_board_refuses_every_change(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    let other = ann.add_item("Marinara").await;
    let ham = ann.suggest("Ham", 1, Some(pizza)).await;
    let close = json!({"outcome": "Margherita it is", "chosen": [pizza]});
    let closed = ann.post("/close", close).await.is(200);
    assert_eq!(closed["state"], "closed");
    assert_eq!(
        closed["outcome"],
        json!({"text": "Margherita it is", "chosen": [pizza]})
    );
    assert_eq!(closed.header("etag"), ann.board().await.header("etag"));
    let item = format!("/items/{pizza}");
    let feature = format!("/features/{ham}");
    let before = ann.board().await;
    for answer in [
        ann.patch("", json!({"name": "Mine"})).await,
        ann.post("/items", json!({"name": "Napoli"})).await,
        ann.patch(&item, json!({"name": "Napoli"})).await,
        ann.delete(&item).await,
        ann.post(&format!("{item}/merge"), json!({"into": other}))
            .await,
        ann.just("POST", &format!("{item}/split")).await,
        ann.post("/features", json!({"name": "Egg"})).await,
        ann.patch(&feature, json!({"amount": 2})).await,
        ann.patch(&feature, json!({"item_id": null})).await,
        ann.delete(&feature).await,
        ann.just("PUT", &format!("{feature}/veto")).await,
        ann.delete(&format!("{feature}/veto")).await,
        ann.just("PUT", "/consent").await,
        ann.delete("/consent").await,
        ann.just("PUT", &format!("/participants/{}/aside", ann.id()))
            .await,
        ann.delete(&format!("/participants/{}/aside", ann.id()))
            .await,
        ann.just("POST", "/close").await,
    ] {
        let problem = answer.problem(423, "closed");
        assert_eq!(problem["closed_by"], "Ann");
        assert_eq!(problem["by_deadline"], false);
        assert!(problem["closed_at"].is_string());
    }
    assert_eq!(ann.board().await.json(), before.json());
    // One can still say who one is.
    ann.patch("/participants/me", json!({"name": "Anna"}))
        .await
        .is(200);
    ann.join("Bob").await;
    let open = ann.just("POST", "/reopen").await.is(200);
    assert_eq!(open["state"], "open");
    assert!(open["outcome"].is_null());
    ann.add_item("Napoli").await;
}

db_test!(an_outcome_is_checked);
async fn an_outcome_is_checked(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    let gone = ann.add_item("Marinara").await;
    ann.delete(&format!("/items/{gone}")).await.is(204);
    for (body, pointer) in [
        (json!({"outcome": "x".repeat(501)}), "/outcome"),
        (json!({"outcome": 7}), "/outcome"),
        (json!({"chosen": 7}), "/chosen"),
        (json!({"chosen": [pizza, "x"]}), "/chosen/1"),
        (json!({"at": "2999-01-01T00:00:00Z"}), "/at"),
    ] {
        ann.post("/close", body).await.rejects(pointer);
    }
    ann.post("/close", json!({"chosen": [99]}))
        .await
        .problem(404, "not-found");
    ann.post("/close", json!({"chosen": [pizza, gone]}))
        .await
        .problem(410, "gone");
    // Also if all are the same.
    let many = ann
        .post("/close", json!({"chosen": vec![pizza; 101]}))
        .await;
    assert_eq!(many.problem(422, "limit-exceeded")["max"], 100);
    assert_eq!(ann.board().await["state"], "open");
    // Both are optional.
    let closed = ann.just("POST", "/close").await.is(200);
    assert_eq!(closed["outcome"], json!({"text": null, "chosen": []}));
}

db_test!(a_deadline_closes_the_board_without_an_event);
async fn a_deadline_closes_the_board_without_an_event(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    ann.add_item("Margherita").await;
    let at = Utc::now() + TimeDelta::milliseconds(1_500);
    let patch = json!({"deadline": at.to_rfc3339()});
    let open = ann.patch("", patch).await.is(200);
    assert_eq!(open["state"], "open");
    let tag = open.header("etag").to_owned();
    let known = ann.with("If-None-Match", &tag);
    while Utc::now() < at {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The tag changes, although no event was added.
    let closed = known.get("").await.is(200);
    assert_ne!(closed.header("etag"), tag);
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["version"], open["version"]);
    let late = ann.post("/items", json!({"name": "Marinara"})).await;
    let problem = late.problem(423, "closed");
    assert_eq!(problem["by_deadline"], true);
    assert_eq!(problem["closed_by"], "Ann");
    let reopened = ann.just("POST", "/reopen").await.is(200);
    assert_eq!(reopened["state"], "open");
    assert!(reopened["deadline"].is_null());
    ann.add_item("Marinara").await;
}

db_test!(the_result_is_readable_open_and_closed);
async fn the_result_is_readable_open_and_closed(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let margherita = ann.add_item("Margherita").await;
    let hawaii = ann.add_item("Hawaii").await;
    let pineapple = ann.suggest("Pineapple", 1, Some(hawaii)).await;
    let veto = format!("/features/{pineapple}/veto");
    bob.put(&veto, json!({"reason": "Fruit"})).await.is(200);
    ann.just("PUT", "/consent").await.is(200);
    let result = ann.anonymous().get("/result").await.is(200);
    assert_eq!(result["state"], "open");
    assert!(result["outcome"].is_null() && result["closed"].is_null());
    assert_eq!(result["acceptable"][0]["name"], "Margherita");
    assert_eq!(result["others"][0]["name"], "Hawaii");
    assert_eq!(
        result["others"][0]["features"][0]["vetoes"][0]["reason"],
        "Fruit"
    );
    assert_eq!(result["consent"], json!({"fine": 1, "of": 2}));
    assert_eq!(result["people"]["fine"], json!(["Ann"]));
    assert_eq!(result["people"]["none"], json!(["Bob"]));
    ann.post("/close", json!({"outcome": "Yes", "chosen": [margherita]}))
        .await
        .is(200);
    let result = ann.get("/result").await.is(200);
    assert_eq!(result["state"], "closed");
    assert_eq!(result["closed"]["by"], "Ann");
    assert_eq!(result["outcome"]["chosen"][0]["id"], margherita);
    assert_eq!(result["acceptable"][0]["chosen"], true);
    // It is what the page offers as a file.
    let file = savt.person().get("/result.json").await.is(200);
    let file: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(*result.json(), file);
}
