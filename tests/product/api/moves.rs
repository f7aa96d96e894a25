//! Moving a feature: rule 5, by PATCH of its `item_id`.

use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_feature_moves_to_an_item_and_becomes_free);
async fn a_feature_moves_to_an_item_and_becomes_free(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let (one, two) = (ann.add_item("One").await, ann.add_item("Two").await);
    let ham = ann.suggest("Ham", 2, Some(one)).await;
    ann.veto(ham).await;
    let path = format!("/features/{ham}");
    let moved = ann.patch(&path, json!({"item_id": two})).await.is(200);
    assert_eq!((moved.id(), &moved["item_id"]), (ham, &json!(two)));
    assert_eq!(ann.sees().await, "One: \nTwo: Ham ×2 [Ann]\nfree: ");
    let freed = ann.patch(&path, json!({"item_id": null})).await.is(200);
    assert!(freed["item_id"].is_null());
    assert_eq!(ann.sees().await, "One: \nTwo: \nfree: Ham ×2 [Ann]");
    // To where it is: no error.
    ann.patch(&path, json!({"item_id": null})).await.is(200);
    for (item, status, kind) in [
        (json!(99), 404, "not-found"),
        (json!(0), 422, "invalid-member"),
    ] {
        let answer = ann.patch(&path, json!({"item_id": item})).await;
        answer.problem(status, kind);
    }
    ann.delete(&format!("/items/{two}")).await.is(204);
    let gone = ann.patch(&path, json!({"item_id": two})).await;
    gone.problem(410, "gone");
}

db_test!(amounts_and_vetoes_come_together);
async fn amounts_and_vetoes_come_together(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let one = ann.add_item("One").await;
    let ham = ann.suggest("Ham", 1, Some(one)).await;
    let free = ann.suggest("Ham", 1, None).await;
    bob.veto(ham).await;
    ann.veto(free).await;
    // The answer is the feature where it ended.
    let path = format!("/features/{free}");
    let moved = ann.patch(&path, json!({"item_id": one})).await.is(200);
    assert_eq!((moved.id(), &moved["amount"]), (ham, &json!(2)));
    assert_eq!(ann.sees().await, "One: Ham ×2 [Ann, Bob]\nfree: ");
    ann.get(&path).await.problem(410, "gone");
}

db_test!(what_does_not_fit_stays_with_its_vetoes);
async fn what_does_not_fit_stays_with_its_vetoes(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let one = ann.add_item("One").await;
    ann.suggest("Ham", 2, Some(one)).await;
    let free = ann.suggest("Ham", 3, None).await;
    ann.veto(free).await;
    let path = format!("/features/{free}");
    ann.patch(&path, json!({"item_id": one})).await.is(200);
    assert_eq!(ann.sees().await, "One: Ham ×3 [Ann]\nfree: Ham ×2 [Ann]");
    assert_eq!(ann.get(&path).await.is(200)["amount"], 2);
}

db_test!(one_patch_is_one_change);
async fn one_patch_is_one_change(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let one = ann.add_item("One").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}");
    // The move fails, so nothing happens.
    let patch = json!({"name": "Speck", "amount": 3, "item_id": 99});
    ann.patch(&path, patch).await.problem(404, "not-found");
    assert_eq!(ann.sees().await, "One: \nfree: Ham");
    let patch = json!({"name": "Speck", "amount": 3, "item_id": one});
    let moved = ann.patch(&path, patch).await.is(200);
    assert_eq!(moved["item_id"], one);
    assert_eq!(ann.sees().await, "One: Speck ×3\nfree: ");
}
