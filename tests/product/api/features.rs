//! Features: rule 3, and those of rule 10 that concern them.

use futures_util::future::join_all;
use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_feature_is_suggested_read_changed_and_deleted);
async fn a_feature_is_suggested_read_changed_and_deleted(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    let new = json!({"name": "Mozzarella", "item_id": pizza});
    let added = ann.post("/features", new).await.is(201);
    let path = format!("/features/{}", added.id());
    assert_eq!(
        added.header("location"),
        format!("/api/v1/boards/main{path}")
    );
    assert_eq!(added["amount"], 1);
    assert_eq!(added["item_id"], pizza);
    assert_eq!(added["created_by"], ann.id());
    assert_eq!(added["vetoes"], json!([]));
    let read = ann.anonymous().get(&path).await.is(200);
    assert_eq!(read.json(), added.json());
    let listed = ann.anonymous().get("/features").await.is(200);
    assert_eq!(listed["features"], json!([added.json()]));
    let patch = json!({"name": "Burrata", "amount": 3});
    let changed = ann.patch(&path, patch).await.is(200);
    assert_eq!(
        (&changed["name"], &changed["amount"]),
        (&json!("Burrata"), &json!(3))
    );
    assert_eq!(ann.delete(&path).await.is(204).text(), "");
    for answer in [
        ann.get(&path).await,
        ann.delete(&path).await,
        ann.patch(&path, json!({"amount": 1})).await,
        ann.just("PUT", &format!("{path}/veto")).await,
        ann.delete(&format!("{path}/veto")).await,
    ] {
        answer.problem(410, "gone");
    }
}

db_test!(a_suggestion_of_what_is_there_adds_its_amount);
async fn a_suggestion_of_what_is_there_adds_its_amount(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let pizza = ann.add_item("Margherita").await;
    let ham = ann.suggest("Ham", 1, Some(pizza)).await;
    for (sent, amount) in [(1, 2), (3, 3), (1, 3)] {
        let again = json!({"name": " HAM", "amount": sent, "item_id": pizza});
        let answer = bob.post("/features", again).await.is(200);
        assert_eq!(answer.id(), ham);
        assert_eq!(answer["amount"], amount);
        assert_eq!(answer["name"], "Ham");
        assert_eq!(answer["created_by"], ann.id());
        assert!(!answer.has_header("location"));
    }
    // A free one and one of another item are others.
    assert_ne!(ann.suggest("Ham", 2, None).await, ham);
    let other = ann.add_item("Marinara").await;
    assert_ne!(ann.suggest("Ham", 3, Some(other)).await, ham);
    let rows = "Margherita: Ham ×3\nMarinara: Ham ×3\nfree: Ham ×2";
    assert_eq!(ann.sees().await, rows);
}

db_test!(of_33_equal_suggestions_one_is_new);
async fn of_33_equal_suggestions_one_is_new(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let answers = (0..33).map(|_| ann.post("/features", json!({"name": "Olives"})));
    let answers = join_all(answers).await;
    let new = answers.iter().filter(|answer| answer.status() == 201);
    assert_eq!(new.count(), 1);
    let id = answers[0].id();
    assert!(answers.iter().all(|answer| answer.id() == id));
    assert_eq!(ann.sees().await, "free: Olives ×3");
}

db_test!(what_no_feature_can_have_is_refused);
async fn what_no_feature_can_have_is_refused(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}");
    for (member, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(101))),
        ("name", json!(7)),
        ("amount", json!(0)),
        ("amount", json!(4)),
        ("amount", json!(-1)),
        ("amount", json!(1.5)),
        ("amount", json!("1")),
        ("amount", json!(1e30)),
        ("amount", json!(null)),
        ("item_id", json!("1")),
        ("item_id", json!(1.5)),
        ("vetoes", json!([])),
    ] {
        let pointer = format!("/{member}");
        let mut new = json!({"name": "Egg"});
        new[member] = value.clone();
        ann.post("/features", new).await.rejects(&pointer);
        let mut patch = json!({});
        patch[member] = value;
        ann.patch(&path, patch).await.rejects(&pointer);
    }
    let unnamed = ann.patch(&path, json!({"name": null})).await;
    unnamed.rejects("/name");
    let nowhere = json!({"name": "Egg", "item_id": 99});
    ann.post("/features", nowhere)
        .await
        .problem(404, "not-found");
    assert_eq!(ann.sees().await, "free: Ham");
}

db_test!(a_renamed_feature_may_not_take_the_name_of_another);
async fn a_renamed_feature_may_not_take_the_name_of_another(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    ann.suggest("Ham", 1, None).await;
    let ham = ann.suggest("Ham", 1, Some(pizza)).await;
    let egg = ann.suggest("Egg", 1, Some(pizza)).await;
    let path = format!("/features/{egg}");
    let answer = ann.patch(&path, json!({"name": "hAM", "amount": 2})).await;
    let problem = answer.problem(409, "name-taken");
    assert_eq!(problem["existing_id"], ham);
    assert_eq!(ann.get(&path).await["amount"], 1, "all or nothing");
    ann.patch(&path, json!({"name": "EGG"})).await.is(200);
}

db_test!(a_limit_is_named);
async fn a_limit_is_named(savt: Savt) {
    let limits = savt::model::Limits {
        features: 2,
        ..Default::default()
    };
    let limited = savt.another_with_limits(limits).await;
    let ann = ApiClient::called(&limited, "Ann").await;
    ann.suggest("Ham", 1, None).await;
    ann.suggest("Egg", 1, None).await;
    let answer = ann.post("/features", json!({"name": "Olives"})).await;
    assert_eq!(answer.problem(422, "limit-exceeded")["max"], 2);
}
