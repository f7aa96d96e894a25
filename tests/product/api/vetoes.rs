//! Vetoes: rule 4, and the reasons that a board requires.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_veto_is_given_once_and_withdrawn);
async fn a_veto_is_given_once_and_withdrawn(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}/veto");
    let expected =
        json!([{"participant_id": ann.id(), "name": "Ann", "reason": null, "given_to": null}]);
    for _ in 0..2 {
        let vetoed = ann.just("PUT", &path).await.is(200);
        assert_eq!(vetoed["vetoes"], expected);
    }
    for _ in 0..2 {
        let withdrawn = ann.delete(&path).await.is(200);
        assert_eq!(withdrawn["vetoes"], json!([]));
    }
    for missing in ["/features/99/veto", "/features/x/veto"] {
        ann.just("PUT", missing).await.problem(404, "not-found");
        ann.delete(missing).await.problem(404, "not-found");
    }
}

db_test!(a_veto_is_ones_own);
async fn a_veto_is_ones_own(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let ham = ann.suggest("Ham", 1, None).await;
    ann.veto(ham).await;
    let path = format!("/features/{ham}/veto");
    let after = bob.delete(&path).await.is(200);
    assert_eq!(after["vetoes"][0]["name"], "Ann");
    assert_eq!(ann.sees().await, "free: Ham [Ann]");
}

db_test!(a_reason_stays_changes_and_goes);
async fn a_reason_stays_changes_and_goes(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}/veto");
    for (body, reason) in [
        (json!({"reason": " I am allergic "}), json!("I am allergic")),
        (json!({}), json!("I am allergic")),
        (json!({"reason": "No"}), json!("No")),
        (json!({"reason": null}), json!(null)),
        (json!({"reason": "Again"}), json!("Again")),
        (json!({"reason": ""}), json!(null)),
    ] {
        let context = body.to_string();
        let vetoed = ann.put(&path, body).await.is(200);
        assert_eq!(vetoed["vetoes"][0]["reason"], reason, "{context}");
    }
    ann.put(&path, json!({"reason": 7}))
        .await
        .rejects("/reason");
    ann.put(&path, json!({"why": "No"})).await.rejects("/why");
}

db_test!(a_board_can_require_reasons);
async fn a_board_can_require_reasons(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    ann.patch("", json!({"reasons": "required"})).await.is(200);
    let path = format!("/features/{ham}/veto");
    ann.just("PUT", &path).await.problem(422, "reason-required");
    let empty = ann.put(&path, json!({"reason": " "})).await;
    empty.problem(422, "reason-required");
    ann.put(&path, json!({"reason": "No"})).await.is(200);
    // It has one already.
    ann.just("PUT", &path).await.is(200);
}

db_test!(a_veto_says_what_it_was_given_to);
async fn a_veto_says_what_it_was_given_to(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    ann.veto(ham).await;
    let feature = format!("/features/{ham}");
    let renamed = ann.patch(&feature, json!({"name": "Speck"})).await.is(200);
    assert_eq!(renamed["vetoes"][0]["given_to"], "Ham");
    let again = ann.veto(ham).await;
    assert!(again["vetoes"][0]["given_to"].is_null());
}

db_test!(one_hundred_vetoes_in_one_instant_are_one_hundred_in_order);
async fn one_hundred_vetoes_in_one_instant_are_one_hundred_in_order(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let mut people = Vec::new();
    for n in 1..=100 {
        people.push(ann.join(&format!("Guest {n}")).await);
    }
    let vetoes = people.iter().rev().map(|person| person.veto(ham));
    let answers = join_all(vetoes).await;
    // Everybody's answer has their own veto.
    for (person, answer) in people.iter().rev().zip(&answers) {
        assert!(vetoers(&answer["vetoes"]).contains(&person.id()));
    }
    let feature = ann.get(&format!("/features/{ham}")).await.is(200);
    let ids: Vec<i64> = people.iter().map(ApiClient::id).collect();
    assert_eq!(vetoers(&feature["vetoes"]), ids, "as they joined");
}

fn vetoers(vetoes: &Value) -> Vec<i64> {
    let vetoes = vetoes.as_array().unwrap().iter();
    vetoes
        .map(|veto| veto["participant_id"].as_i64().unwrap())
        .collect()
}
