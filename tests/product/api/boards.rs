//! Boards: made, copied, read, changed.

use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_program_makes_a_board);
async fn a_program_makes_a_board(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let new = json!({"name": "  Friday\u{a0} night ", "purpose": "Where?\nhttps://menu.example"});
    let made = client.post("/api/v1/boards", new).await.is(201);
    let slug = made["slug"].as_str().unwrap();
    assert_eq!(slug.len(), 19, "{slug}");
    assert_eq!(made.header("location"), format!("/api/v1/boards/{slug}"));
    assert_eq!(made.header("cache-control"), "no-store");
    assert_eq!(made["name"], "Friday night");
    assert_eq!(made["purpose"], "Where?\nhttps://menu.example");
    assert_eq!(made["state"], "open");
    assert_eq!(made["terminology"]["items"], "pizzas");
    let read = client.get(made.header("location")).await.is(200);
    assert_eq!(read["name"], "Friday night");
    // Pages show the same board.
    let page = savt.person().get(&format!("/b/{slug}")).await.is(200);
    assert_eq!(page.one("h1"), "Friday night");
    // The purpose is an event, and its author can go on with the token.
    let author = client.on(slug).with_token(made["token"].as_str().unwrap());
    author.get("/participants/me").await.is(200);
    let plain = client
        .post("/api/v1/boards", json!({"name": "Plain"}))
        .await;
    assert!(plain.is(201)["token"].is_null());
}

db_test!(a_board_starts_with_words_or_as_a_copy);
async fn a_board_starts_with_words_or_as_a_copy(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let margherita = ann.add_item("Margherita").await;
    let ham = ann.suggest("Ham", 2, Some(margherita)).await;
    ann.veto(ham).await;
    let words = json!({"item": "venue", "items": "venues", "feature": "date", "features": "dates"});
    let new = json!({"name": "Trip", "terminology": words, "from": "main"});
    let copy = ann.post("/api/v1/boards", new).await.is(201);
    assert_eq!(copy["terminology"], words);
    let copied = ann.on(copy["slug"].as_str().unwrap());
    assert_eq!(copied.sees().await, "Margherita: Ham ×2\nfree: ");
    let people = copy["participants"].as_array().unwrap();
    assert!(people.iter().all(|person| person["name"] != "Ann"));
    let unknown = json!({"name": "Trip", "from": "no-such-board"});
    let answer = ann.post("/api/v1/boards", unknown).await;
    answer.problem(404, "not-found");
}

db_test!(what_no_board_can_have_is_refused);
async fn what_no_board_can_have_is_refused(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let word = |word: &str| json!({"item": word, "items": "a", "feature": "b", "features": "c"});
    for (new, pointer) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(101)}), "/name"),
        (json!({"name": "a\u{202e}b"}), "/name"),
        (json!({"name": 7}), "/name"),
        (json!({"name": null}), "/name"),
        (json!({}), ""),
        (json!([]), ""),
        (
            json!({"name": "a", "purpose": "x".repeat(1_001)}),
            "/purpose",
        ),
        (
            json!({"name": "a", "terminology": word("")}),
            "/terminology/item",
        ),
        (
            json!({"name": "a", "terminology": word(&"x".repeat(31))}),
            "/terminology/item",
        ),
        (
            json!({"name": "a", "terminology": {"item": "a"}}),
            "/terminology",
        ),
        (json!({"name": "a", "colour": "red"}), "/colour"),
        (
            json!({"name": "a", "terminology": {"color": "a"}}),
            "/terminology/color",
        ),
    ] {
        let context = new.to_string();
        let reason = client.post("/api/v1/boards", new).await.rejects(pointer);
        assert!(!reason.is_empty(), "{context}");
    }
}

db_test!(settings_change_by_merge_patch);
async fn settings_change_by_merge_patch(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let words = json!({"item": "venue", "items": "venues", "feature": "date", "features": "dates"});
    let patch = json!({
        "name": "Trip", "purpose": "Where?", "terminology": words, "reasons": "required",
        "deadline": "2999-12-31T23:30:00+02:00",
    });
    let changed = ann.patch("", patch).await.is(200);
    assert_eq!(changed["name"], "Trip");
    assert_eq!(changed["purpose"], "Where?");
    assert_eq!(changed["terminology"], words);
    assert_eq!(changed["reasons"], "required");
    assert_eq!(changed["deadline"], "2999-12-31T21:30:00Z");
    // What is absent stays.
    let renamed = ann.patch("", json!({"name": "Journey"})).await.is(200);
    assert_eq!(renamed["purpose"], "Where?");
    assert_eq!(renamed["deadline"], "2999-12-31T21:30:00Z");
    // Null takes away.
    let patch = json!({"purpose": null, "terminology": null, "deadline": null});
    let bare = ann.patch("", patch).await.is(200);
    assert!(bare["purpose"].is_null() && bare["deadline"].is_null());
    assert_eq!(bare["terminology"]["item"], "pizza");
    assert_eq!(bare["name"], "Journey");
    // Nothing at all changes nothing.
    let same = ann.patch("", json!({})).await.is(200);
    assert_eq!(same["version"], bare["version"]);
    for (patch, pointer) in [
        (json!({"name": null}), "/name"),
        (json!({"reasons": null}), "/reasons"),
        (json!({"reasons": "sometimes"}), "/reasons"),
        (json!({"deadline": "tomorrow"}), "/deadline"),
        (json!({"deadline": 7}), "/deadline"),
        (json!({"state": "closed"}), "/state"),
    ] {
        ann.patch("", patch).await.rejects(pointer);
    }
    let past = json!({"name": "Late", "deadline": "2001-01-01T00:00:00Z"});
    ann.patch("", past).await.problem(422, "deadline-passed");
    assert_eq!(ann.board().await["name"], "Journey", "all or nothing");
}

db_test!(texts_may_be_as_long_as_in_forms);
async fn texts_may_be_as_long_as_in_forms(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let name = "ä".repeat(100);
    let patch = json!({"name": name, "purpose": "ü".repeat(1_000)});
    assert_eq!(ann.patch("", patch).await.is(200)["name"], *name);
    let item = json!({"name": name, "kind": "ö".repeat(50), "note": "é".repeat(500)});
    let item = ann.post("/items", item).await.is(201).id();
    let feature = ann.suggest(&name, 3, Some(item)).await;
    let path = format!("/features/{feature}/veto");
    ann.put(&path, json!({"reason": "è".repeat(200)}))
        .await
        .is(200);
    let too_long = ann.put(&path, json!({"reason": "è".repeat(201)})).await;
    too_long.rejects("/reason");
}

db_test!(an_unknown_board_is_not_found);
async fn an_unknown_board_is_not_found(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for slug in ["no-such-board", "MAIN", "%00", "a%2Fb", &"x".repeat(65)] {
        let elsewhere = ann.on(slug);
        elsewhere.get("").await.problem(404, "not-found");
        elsewhere.get("/items").await.problem(404, "not-found");
        let answer = elsewhere.patch("", json!({"name": "Mine"})).await;
        answer.problem(404, "not-found");
    }
}
