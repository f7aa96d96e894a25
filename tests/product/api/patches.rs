//! PATCH is a JSON merge patch (RFC 7396): absent members stay, null takes away.

use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(absent_members_stay_and_null_takes_away);
async fn absent_members_stay_and_null_takes_away(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let new = json!({"name": "Margherita", "kind": "vegan", "note": "Thin"});
    let path = format!("/items/{}", ann.post("/items", new).await.is(201).id());
    for (patch, expected) in [
        (json!({}), json!(["Margherita", "vegan", "Thin"])),
        (
            json!({"kind": "vegetarian"}),
            json!(["Margherita", "vegetarian", "Thin"]),
        ),
        (
            json!({"note": null}),
            json!(["Margherita", "vegetarian", null]),
        ),
        (
            json!({"note": "Thick", "kind": null}),
            json!(["Margherita", null, "Thick"]),
        ),
        (
            json!({"kind": "", "note": ""}),
            json!(["Margherita", null, null]),
        ),
        (json!({"name": "Napoli"}), json!(["Napoli", null, null])),
    ] {
        let context = patch.to_string();
        let item = ann.patch(&path, patch).await.is(200);
        let found = json!([item["name"], item["kind"], item["note"]]);
        assert_eq!(found, expected, "{context}");
    }
    ann.patch(&path, json!({"name": null}))
        .await
        .rejects("/name");
    ann.patch(&path, json!("Napoli")).await.rejects("");
    let feature = ann.suggest("Ham", 2, None).await;
    let path = format!("/features/{feature}");
    ann.patch(&path, json!({"name": "Speck"})).await.is(200);
    ann.patch(&path, json!({"amount": 3})).await.is(200);
    assert_eq!(ann.sees().await, "Napoli: \nfree: Speck ×3");
}

db_test!(people_who_change_different_members_do_not_overwrite_each_other);
async fn people_who_change_different_members_do_not_overwrite_each_other(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let path = format!("/items/{}", ann.add_item("Margherita").await);
    let (one, other) = tokio::join!(
        ann.patch(&path, json!({"kind": "vegan"})),
        bob.patch(&path, json!({"note": "Thin"})),
    );
    one.is(200);
    other.is(200);
    let item = ann.get(&path).await;
    assert_eq!(
        (&item["kind"], &item["note"]),
        (&json!("vegan"), &json!("Thin"))
    );
}

db_test!(a_patch_that_changes_nothing_is_no_event);
async fn a_patch_that_changes_nothing_is_no_event(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let item = format!("/items/{}", ann.add_item("Margherita").await);
    let feature = format!("/features/{}", ann.suggest("Ham", 1, None).await);
    let version = ann.board().await["version"].clone();
    ann.patch(&item, json!({})).await.is(200);
    ann.patch(&feature, json!({})).await.is(200);
    ann.patch(&item, json!({"name": "Margherita"}))
        .await
        .is(200);
    ann.patch(&feature, json!({"amount": 1})).await.is(200);
    assert_eq!(ann.board().await["version"], version);
}

db_test!(the_media_type_of_patches_is_understood);
async fn the_media_type_of_patches_is_understood(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let path = format!("/items/{}", ann.add_item("Margherita").await);
    for content_type in [
        "application/merge-patch+json",
        "Application/JSON; charset=utf-8",
    ] {
        let client = ann.with("Content-Type", content_type);
        client.patch(&path, json!({"kind": "vegan"})).await.is(200);
    }
    for other in [
        "application/json-patch+json",
        "text/json",
        "application/x-www-form-urlencoded",
    ] {
        let client = ann.with("Content-Type", other);
        let answer = client.patch(&path, json!({"kind": "vegan"})).await;
        answer.problem(415, "unsupported-media-type");
    }
}
