//! Consent: rule 14.

use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

/// The consent of everybody, in the order in which they joined.
async fn consents(client: &ApiClient) -> Vec<String> {
    let board = client.board().await;
    let people = board["participants"].as_array().unwrap().iter();
    people
        .map(|person| person["consent"].as_str().unwrap().to_owned())
        .collect()
}

db_test!(consent_is_given_outdated_renewed_and_withdrawn);
async fn consent_is_given_outdated_renewed_and_withdrawn(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    ann.add_item("Margherita").await;
    assert_eq!(ann.board().await["agreed"], false);
    let fine = ann.just("PUT", "/consent").await.is(200);
    assert_eq!((fine.id(), &fine["consent"]), (ann.id(), &json!("fine")));
    bob.just("PUT", "/consent").await.is(200);
    assert_eq!(ann.board().await["agreed"], true);
    // What somebody else adds outdates it; what oneself adds does not.
    let ham = bob.suggest("Ham", 1, None).await;
    assert_eq!(consents(&ann).await, ["outdated", "fine"]);
    assert_eq!(ann.board().await["agreed"], false);
    ann.just("PUT", "/consent").await.is(200);
    bob.veto(ham).await;
    bob.delete(&format!("/features/{ham}/veto")).await.is(200);
    assert_eq!(consents(&ann).await, ["fine", "fine"]);
    for _ in 0..2 {
        let withdrawn = ann.delete("/consent").await.is(200);
        assert_eq!(withdrawn["consent"], "none");
    }
    // Who is set aside does not block it.
    assert_eq!(ann.board().await["agreed"], false);
    let aside = format!("/participants/{}/aside", ann.id());
    bob.just("PUT", &aside).await.is(200);
    assert_eq!(ann.board().await["agreed"], true);
}

db_test!(nobody_is_fine_with_what_they_never_saw);
async fn nobody_is_fine_with_what_they_never_saw(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let seen = ann.board().await["version"].clone();
    bob.add_item("Margherita").await;
    let outdated = ann.put("/consent", json!({"version": seen})).await.is(200);
    assert_eq!(outdated["consent"], "outdated");
    let now = ann.board().await["version"].clone();
    let fine = ann.put("/consent", json!({"version": now})).await.is(200);
    assert_eq!(fine["consent"], "fine");
    for (body, pointer) in [
        (json!({"version": "1"}), "/version"),
        (json!({"version": 1.5}), "/version"),
        (json!({"version": -1}), "/version"),
        (json!({"fine": true}), "/fine"),
    ] {
        ann.put("/consent", body).await.rejects(pointer);
    }
}
