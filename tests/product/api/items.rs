//! Items: rules 2, 6, 7 and 8.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(an_item_is_added_read_changed_and_deleted);
async fn an_item_is_added_read_changed_and_deleted(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let new = json!({"name": " Margherita ", "kind": "vegetarian", "note": "two\nlines"});
    let added = ann.post("/items", new).await.is(201);
    let path = format!("/items/{}", added.id());
    assert_eq!(
        added.header("location"),
        format!("/api/v1/boards/main{path}")
    );
    assert_eq!(added["name"], "Margherita");
    assert_eq!(added["kind"], "vegetarian");
    assert_eq!(added["note"], "two\nlines");
    assert_eq!(added["created_by"], ann.id());
    assert_eq!(added["features"], json!([]));
    // Reading needs no token.
    let read = ann.anonymous().get(&path).await.is(200);
    assert_eq!(read.json(), added.json());
    let listed = ann.anonymous().get("/items").await.is(200);
    assert_eq!(listed["items"], json!([added.json()]));
    let renamed = ann.patch(&path, json!({"name": "Marinara"})).await.is(200);
    assert_eq!(renamed["name"], "Marinara");
    assert_eq!(renamed["kind"], "vegetarian");
    assert_ne!(renamed["etag"], added["etag"]);
    assert_eq!(ann.delete(&path).await.is(204).text(), "");
    for answer in [
        ann.get(&path).await,
        ann.delete(&path).await,
        ann.patch(&path, json!({"name": "Napoli"})).await,
        ann.just("POST", &format!("{path}/split")).await,
        ann.post("/features", json!({"name": "Ham", "item_id": added.id()}))
            .await,
    ] {
        answer.problem(410, "gone");
    }
    assert_eq!(ann.get("/items").await["items"], json!([]));
    // The history of the pages has each of it.
    let history = savt.person().history().await;
    assert!(
        history.iter().any(|event| event.contains("Marinara")),
        "{history:?}"
    );
}

db_test!(a_taken_name_is_a_conflict_that_says_who_has_it);
async fn a_taken_name_is_a_conflict_that_says_who_has_it(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let margherita = ann.add_item("Margherita").await;
    let marinara = ann.add_item("Marinara").await;
    let rename = format!("/items/{marinara}");
    for answer in [
        ann.post("/items", json!({"name": "MARGHERITA"})).await,
        ann.post("/items", json!({"name": " margherita\u{200b}"}))
            .await,
        ann.patch(&rename, json!({"name": "margherita"})).await,
    ] {
        let problem = answer.problem(409, "name-taken");
        assert_eq!(problem["existing_id"], margherita);
    }
    // Its own name in another way is no conflict.
    ann.patch(&rename, json!({"name": "MARINARA"}))
        .await
        .is(200);
    ann.delete(&format!("/items/{margherita}")).await.is(204);
    ann.add_item("Margherita").await;
}

db_test!(of_33_equal_names_one_is_added_and_32_know_it);
async fn of_33_equal_names_one_is_added_and_32_know_it(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let answers = (0..33).map(|_| ann.post("/items", json!({"name": "Diavola"})));
    let answers = join_all(answers).await;
    let (added, refused): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status() == 201);
    assert_eq!((added.len(), refused.len()), (1, 32));
    for answer in refused {
        let problem = answer.problem(409, "name-taken");
        assert_eq!(problem["existing_id"], added[0].id());
    }
}

db_test!(what_no_item_can_have_is_refused);
async fn what_no_item_can_have_is_refused(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let version = ann.board().await["version"].clone();
    for (new, pointer) in [
        (json!({}), ""),
        (json!({"name": ""}), "/name"),
        (json!({"name": "\u{200b}"}), "/name"),
        (json!({"name": "a\u{7}"}), "/name"),
        (json!({"name": ["a"]}), "/name"),
        (json!({"name": "a", "kind": "x".repeat(51)}), "/kind"),
        (json!({"name": "a", "kind": true}), "/kind"),
        (json!({"name": "a", "note": "x".repeat(501)}), "/note"),
        (json!({"name": "a", "id": 7}), "/id"),
        (json!({"name": "a", "features": []}), "/features"),
    ] {
        ann.post("/items", new).await.rejects(pointer);
    }
    assert_eq!(ann.board().await["version"], version);
}

db_test!(ids_that_are_none_are_not_found);
async fn ids_that_are_none_are_not_found(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let made = ann
        .post("/api/v1/boards", json!({"name": "Other"}))
        .await
        .is(201);
    let bob = ann.on(made["slug"].as_str().unwrap()).join("Bob").await;
    // A foreign one is one that this board does not have.
    let foreign = bob.add_item("Hawaii").await.to_string();
    for id in [
        "0",
        "-1",
        "7",
        "x",
        "1.0",
        "9223372036854775807",
        "9223372036854775808",
        "%31x",
        foreign.as_str(),
    ] {
        let path = format!("/items/{id}");
        for answer in [
            ann.get(&path).await,
            ann.patch(&path, json!({"name": "Mine"})).await,
            ann.delete(&path).await,
            ann.post(&format!("{path}/merge"), json!({"into": 1})).await,
            ann.just("POST", &format!("{path}/split")).await,
        ] {
            answer.problem(404, "not-found");
        }
    }
    assert_eq!(bob.sees().await, "Hawaii: \nfree: ");
}

/// The names of items or features.
fn names(rows: &Value) -> BTreeSet<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

db_test!(a_merge_says_what_it_touched);
async fn a_merge_says_what_it_touched(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let (one, two) = (ann.add_item("One").await, ann.add_item("Two").await);
    let ham = ann.suggest("Ham", 1, Some(one)).await;
    ann.veto(ham).await;
    let other = ann.suggest("Ham", 1, Some(two)).await;
    ann.suggest("Egg", 1, Some(one)).await;
    let path = format!("/items/{one}/merge");
    let changed = ann.post(&path, json!({"into": two})).await.is(200);
    assert_eq!(names(&changed["items"]), set(&["One-Two"]));
    assert_eq!(changed["deleted_items"], json!([one]));
    assert_eq!(names(&changed["features"]), set(&["Ham", "Egg"]));
    assert_eq!(changed["deleted_features"], json!([ham]));
    assert_eq!(changed["items"][0]["id"], two);
    let features = changed["features"].as_array().unwrap();
    let merged = features
        .iter()
        .find(|feature| feature["id"] == other)
        .unwrap();
    assert_eq!(merged["amount"], 2);
    assert_eq!(merged["vetoes"][0]["participant_id"], ann.id());
    ann.post(&path, json!({"into": two}))
        .await
        .problem(410, "gone");
}

db_test!(what_does_not_fit_into_a_merge_stays);
async fn what_does_not_fit_into_a_merge_stays(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let (one, two) = (ann.add_item("One").await, ann.add_item("Two").await);
    let ham = ann.suggest("Ham", 3, Some(one)).await;
    ann.suggest("Ham", 2, Some(two)).await;
    ann.veto(ham).await;
    let path = format!("/items/{one}/merge");
    let changed = ann.post(&path, json!({"into": two})).await.is(200);
    assert_eq!(changed["deleted_items"], json!([]));
    assert_eq!(changed["deleted_features"], json!([]));
    let rows = "One: Ham ×2 [Ann]\nOne-Two: Ham ×3 [Ann]\nfree: ";
    assert_eq!(ann.sees().await, rows);
}

db_test!(a_merge_needs_another_item);
async fn a_merge_needs_another_item(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let (one, two) = (ann.add_item("One").await, ann.add_item("Two").await);
    let path = format!("/items/{one}/merge");
    let into_itself = ann.post(&path, json!({"into": one})).await;
    into_itself.problem(422, "merge-into-itself");
    ann.post(&path, json!({"into": 99}))
        .await
        .problem(404, "not-found");
    ann.delete(&format!("/items/{two}")).await.is(204);
    ann.post(&path, json!({"into": two}))
        .await
        .problem(410, "gone");
    ann.post(&path, json!({"into": "Two"}))
        .await
        .rejects("/into");
    ann.post(&path, json!({})).await.rejects("");
    ann.just("POST", &path).await.problem(400, "malformed-json");
}

db_test!(a_split_makes_an_item_of_each_feature);
async fn a_split_makes_an_item_of_each_feature(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let kind = json!({"name": "Deluxe", "kind": "vegan"});
    let deluxe = ann.post("/items", kind).await.is(201).id();
    let ham = ann.suggest("Ham", 2, Some(deluxe)).await;
    ann.suggest("Egg", 1, Some(deluxe)).await;
    ann.veto(ham).await;
    let split = format!("/items/{deluxe}/split");
    let changed = ann.just("POST", &split).await.is(200);
    assert_eq!(changed["deleted_items"], json!([deluxe]));
    assert_eq!(names(&changed["items"]), set(&["Deluxe-Ham", "Deluxe-Egg"]));
    let items = changed["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["kind"] == "vegan"));
    let rows = "Deluxe-Ham: Ham ×2 [Ann]\nDeluxe-Egg: Egg\nfree: ";
    assert_eq!(ann.sees().await, rows);
    let of_two = items
        .iter()
        .find(|item| item["name"] == "Deluxe-Ham")
        .unwrap();
    let units = ann
        .just("POST", &format!("/items/{}/split", of_two["id"]))
        .await
        .is(200);
    assert_eq!(units["items"].as_array().unwrap().len(), 2);
    let of_one = items
        .iter()
        .find(|item| item["name"] == "Deluxe-Egg")
        .unwrap();
    let nothing = ann
        .just("POST", &format!("/items/{}/split", of_one["id"]))
        .await;
    nothing.problem(422, "nothing-to-split");
}

db_test!(a_deleted_item_sets_its_features_free);
async fn a_deleted_item_sets_its_features_free(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let one = ann.add_item("One").await;
    let ham = ann.suggest("Ham", 2, Some(one)).await;
    let egg = ann.suggest("Egg", 1, Some(one)).await;
    ann.veto(egg).await;
    ann.suggest("Ham", 2, None).await;
    ann.delete(&format!("/items/{one}")).await.is(204);
    assert_eq!(ann.sees().await, "free: Egg [Ann]; Ham ×3");
    assert!(ann.get(&format!("/features/{egg}")).await.is(200)["item_id"].is_null());
    let gone = ann.get(&format!("/features/{ham}")).await;
    gone.problem(410, "gone");
}

db_test!(the_event_of_a_change_is_not_that_its_actor_takes_part_again);
async fn the_event_of_a_change_is_not_that_its_actor_takes_part_again(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let deluxe = ann.add_item("Deluxe").await;
    ann.suggest("Ham", 2, Some(deluxe)).await;
    let aside = format!("/participants/{}/aside", bob.id());
    let set_aside = ann.just("PUT", &aside).await.is(200);
    assert_eq!(set_aside["taking_part"], false);
    let split = format!("/items/{deluxe}/split");
    let changed = bob.just("POST", &split).await.is(200);
    assert_eq!(changed["event"]["action"]["type"], "split_item");
    assert_eq!(bob.get("/participants/me").await["taking_part"], true);
}
