//! The events of a board by cursor, and undo.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::program::Program;
use crate::harness::{
    app::Savt,
    client::{Answer, send},
    databases::db_test,
};

fn numbers(events: &Value) -> Vec<i64> {
    let events = events.as_array().unwrap().iter();
    events
        .map(|event| event["number"].as_i64().unwrap())
        .collect()
}

#[track_caller]
fn problem(answer: Answer, status: u16, kind: &str) -> Value {
    let answer = answer.is(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["type"], format!("/api#{kind}"), "{problem}");
    problem
}

db_test!(events_are_read_by_cursor);
async fn events_are_read_by_cursor(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    for number in 1..25 {
        ann.adds(&format!("Pizza {number}")).await;
    }
    for (query, expected, next) in [
        ("", 1..26, None),
        ("?limit=10", 1..11, Some(10)),
        ("?after=10&limit=10", 11..21, Some(20)),
        ("?after=15&limit=10", 16..26, None),
        ("?after=24", 25..26, None),
        ("?after=25", 26..26, None),
        ("?after=9223372036854775807&limit=1000", 1..1, None),
    ] {
        let page = ann.reads(&format!("/events{query}")).await;
        let expected: Vec<i64> = expected.collect();
        assert_eq!(numbers(&page["events"]), expected, "{query}");
        assert_eq!(page["next"], json!(next), "{query}");
    }
    for query in ["after=-1", "after=x", "limit=0", "limit=1001", "limit="] {
        let path = format!("/events?{query}");
        let answer = ann.tries(Method::GET, &path, &Value::Null).await;
        let problem = problem(answer, 422, "invalid-member");
        let (name, _) = query.split_once('=').unwrap();
        assert_eq!(problem["errors"][0]["pointer"], name);
    }
    let unknown = ann.on_board("aaaa-bbbb-cccc-dddd");
    let answer = unknown.tries(Method::GET, "/events", &Value::Null).await;
    problem(answer, 404, "not-found");
    let html = ann.request(Method::GET, "/events");
    let answer = send(html.header("accept", "text/html")).await.unwrap();
    problem(answer, 406, "not-acceptable");
    let answer = ann.tries(Method::POST, "/events", &json!({})).await;
    assert_eq!(answer.is(405).header("allow"), "GET, HEAD, OPTIONS");
}

db_test!(a_page_of_large_events_is_shorter_than_its_limit);
async fn a_page_of_large_events_is_shorter_than_its_limit(savt: Savt) {
    let ann = savt.person_called("Ann").await;
    for round in 0..80 {
        let name = |n| format!("{n:02}{round:02}{}", "🍕".repeat(96));
        let names: Vec<String> = (0..10).map(name).collect();
        let names = names.join("\n");
        let fields = [("names", names.as_str())];
        ann.post("/create/items/", &fields).await.is(303);
    }
    let program = Program::at(savt.address());
    let page = program.reads("/events?limit=1000").await;
    let read = numbers(&page["events"]);
    assert!((1..81).contains(&read.len()), "{read:?}");
    assert_eq!(page["next"].as_i64().as_ref(), read.last());
    let all = program.all_events(1_000).await;
    assert_eq!(numbers(&all.into()), (1..82).collect::<Vec<_>>());
}

db_test!(an_event_says_who_did_what_and_when);
async fn an_event_says_who_did_what_and_when(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    let pizza = ann.adds("Margherita").await;
    let ham = ann.suggests("Ham", pizza).await;
    let veto = format!("/features/{ham}/veto");
    ann.does(Method::PUT, &veto, &json!({"reason": "No meat"}))
        .await;
    ann.does(Method::DELETE, &veto, &Value::Null).await;
    ann.posts("/events/5/undo", Value::Null).await;
    ann.posts("/events/6/undo", Value::Null).await;
    ann.does(Method::PATCH, "/participants/me", &json!({"name": "Anna"}))
        .await;
    let page = ann.reads("/events?after=3").await;
    let events = page["events"].as_array().unwrap();
    let stored = savt.stored().await;
    for event in events {
        let at = event["at"].as_str().unwrap();
        assert!(at.ends_with('Z'), "{at}");
        chrono::DateTime::parse_from_rfc3339(at).unwrap();
    }
    let withdrew = json!({"type": "withdrew_veto", "feature": "Ham", "item": "Margherita"});
    let vetoed =
        json!({"type": "vetoed", "feature": "Ham", "item": "Margherita", "reason": "No meat"});
    let expected = [
        (4, vetoed, None),
        (5, withdrew.clone(), None),
        (
            6,
            json!({"type": "undid", "number": 5, "what": withdrew}),
            Some(5),
        ),
        (
            7,
            json!({"type": "redid", "number": 6, "what": withdrew}),
            Some(6),
        ),
        (
            8,
            json!({"type": "renamed", "from": "Ann", "to": "Anna"}),
            None,
        ),
    ];
    let actor = stored.participants().next().unwrap().id.0;
    let expected: Vec<Value> = expected
        .into_iter()
        .zip(events)
        .map(|((number, action, undoes), event)| {
            let name = if number == 8 { "Anna" } else { "Ann" };
            json!({
                "number": number,
                "at": event["at"],
                "actor": {"id": actor, "name": event["actor"]["name"]},
                "action": action,
                "undoes": undoes,
                "expected_name": name,
            })
        })
        .collect();
    assert_eq!(events.len(), expected.len());
    for (event, mut expected) in events.iter().zip(expected) {
        let name = expected.as_object_mut().unwrap().remove("expected_name");
        // The name in the log is the one before or after a change of the name.
        if event["number"] != 8 {
            assert_eq!(Some(&event["actor"]["name"]), name.as_ref());
        }
        assert_eq!(event, &expected);
    }
}

/// The types of all actions.
const TYPES: [&str; 29] = [
    "joined",
    "renamed",
    "claimed",
    "handed_over",
    "created_item",
    "created_items",
    "edited_item",
    "merged_item",
    "split_item",
    "deleted_item",
    "suggested_feature",
    "added_amount",
    "edited_feature",
    "moved_feature",
    "deleted_feature",
    "vetoed",
    "changed_reason",
    "withdrew_veto",
    "edited_board",
    "filled_board",
    "consented",
    "withdrew_consent",
    "set_aside",
    "brought_back",
    "closed_board",
    "set_deadline",
    "reopened_board",
    "undid",
    "redid",
];

db_test!(every_action_has_its_type);
async fn every_action_has_its_type(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    let none = Value::Null;
    let claimed = json!({"name": "Ann", "claim": true});
    ann.joined(&claimed).await;
    let guest = savt.person();
    let pizza = guest.create_item("Margherita").await;
    guest.claim("Ann").await;
    ann.does(Method::PATCH, "/participants/me", &json!({"name": "Anna"}))
        .await;

    guest
        .post("/create/items/", &[("names", "A\nB")])
        .await
        .is(303);
    let ham = ann.suggests("Ham", pizza).await;
    ann.suggests("Egg", pizza).await;
    ann.suggests("Ham", pizza).await;
    let (ham, pizza) = (format!("/features/{ham}"), format!("/items/{pizza}"));
    ann.does(Method::PATCH, &ham, &json!({"name": "Speck"}))
        .await;
    let veto = format!("{ham}/veto");
    ann.does(Method::PUT, &veto, &none).await;
    ann.does(Method::PUT, &veto, &json!({"reason": "Salty"}))
        .await;
    ann.does(Method::DELETE, &veto, &none).await;
    ann.does(Method::PATCH, &pizza, &json!({"note": "Large"}))
        .await;
    ann.posts(&format!("{pizza}/split"), none.clone()).await;
    let left = ann.adds("Left").await;
    ann.suggests("Basil", left).await;
    let right = ann.adds("Right").await;
    ann.posts(&format!("/items/{left}/merge"), json!({"into": right}))
        .await;
    ann.does(Method::PATCH, &ham, &json!({"item_id": null}))
        .await;
    ann.does(Method::DELETE, &ham, &none).await;
    ann.does(Method::DELETE, &format!("/items/{right}"), &none)
        .await;

    let patch = json!({"name": "Friday", "deadline": "2100-01-01T00:00:00Z"});
    ann.does(Method::PATCH, "", &patch).await;
    ann.does(Method::PUT, "/consent", &none).await;
    ann.does(Method::DELETE, "/consent", &none).await;
    let bob = ann.joined(&json!({"name": "Bob"})).await;
    let me = bob.reads("/participants/me").await["id"].clone();
    let aside = format!("/participants/{me}/aside");
    ann.does(Method::PUT, &aside, &none).await;
    ann.does(Method::DELETE, &aside, &none).await;
    ann.posts("/close", json!({"outcome": "Done"})).await;
    ann.posts("/reopen", none.clone()).await;
    let last = ann.reads("").await["version"].as_i64().unwrap();
    ann.posts(&format!("/events/{last}/undo"), none.clone())
        .await;
    ann.posts(&format!("/events/{}/undo", last + 1), none).await;

    let url = format!("http://{}/api/v1/boards", savt.address());
    let copy = reqwest::Client::builder().no_proxy().build().unwrap();
    let copy = copy
        .post(url)
        .json(&json!({"name": "Copy", "from": "main"}));
    let copy: Value = serde_json::from_str(&send(copy).await.unwrap().is(201).body).unwrap();
    let copy = ann.on_board(copy["slug"].as_str().unwrap());

    let mut events = ann.all_events(7).await;
    events.extend(copy.all_events(7).await);
    let types = events.iter().map(|event| event["action"]["type"].as_str());
    let found: BTreeSet<&str> = types.map(Option::unwrap).collect();
    assert_eq!(found, BTreeSet::from(TYPES));
    // Stored tags stay inside.
    let text = serde_json::to_string(&events).unwrap();
    assert!(
        !text.contains("took_back") && !text.contains("\"did\""),
        "{text}"
    );
}

db_test!(an_undo_answers_with_what_it_touched_or_with_the_obstacle);
async fn an_undo_answers_with_what_it_touched_or_with_the_obstacle(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    let undo = |number: i64| format!("/events/{number}/undo");
    let none = Value::Null;
    let pizza = ann.adds("Margherita").await;
    let ham = ann.suggests("Ham", pizza).await;

    let changed = ann.posts(&undo(3), none.clone()).await;
    assert_eq!(changed["deleted_features"], json!([ham]));
    assert_eq!(changed["features"], json!([]));
    assert_eq!(changed["event"]["number"], 4);
    assert_eq!(changed["event"]["undoes"], 3);
    assert_eq!(changed["event"]["action"]["type"], "undid");
    let again = ann.tries(Method::POST, &undo(3), &none).await;
    let again = problem(again, 409, "undo-conflict");
    assert_eq!(again["obstacle"], json!({"type": "already_undone"}));
    let redone = ann.posts(&undo(4), none.clone()).await;
    assert_eq!(redone["features"][0]["id"], ham);
    assert_eq!(redone["event"]["action"]["type"], "redid");

    let item = format!("/items/{pizza}");
    for name in ["Napoli", "Funghi"] {
        ann.does(Method::PATCH, &item, &json!({ "name": name }))
            .await;
    }
    let renamed = ann.tries(Method::POST, &undo(6), &none).await;
    let renamed = problem(renamed, 409, "undo-conflict");
    assert_eq!(
        renamed["obstacle"],
        json!({"type": "renamed", "name": "Napoli", "to": "Funghi"})
    );
    let in_german = ann.request(Method::POST, &undo(6));
    let in_german = in_german.header("accept-language", "de");
    let in_german = problem(send(in_german).await.unwrap(), 409, "undo-conflict");
    assert_ne!(in_german["detail"], renamed["detail"]);
    assert_eq!(in_german["obstacle"], renamed["obstacle"]);

    for number in ["0", "999", "-1", "x", "9223372036854775808"] {
        let path = format!("/events/{number}/undo");
        let answer = ann.tries(Method::POST, &path, &none).await;
        problem(answer, 404, "not-found");
    }
    let reader = Program::at(savt.address());
    for number in [3, 999] {
        let answer = reader.tries(Method::POST, &undo(number), &none).await;
        problem(answer, 401, "token-required");
    }
    let closed = ann.posts("/close", none.clone()).await;
    let version = closed["version"].as_i64().unwrap();
    let answer = ann.tries(Method::POST, &undo(7), &none).await;
    let problem = problem(answer, 423, "closed");
    assert_eq!(problem["closed_by"], "Ann");
    ann.posts(&undo(version), none).await;
    assert_eq!(ann.reads("").await["state"], "open");
}

db_test!(only_its_owner_undoes_a_veto);
async fn only_its_owner_undoes_a_veto(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    let bob = ann.joined(&json!({"name": "Bob"})).await;
    let pizza = ann.adds("Margherita").await;
    let ham = ann.suggests("Ham", pizza).await;
    let veto = format!("/features/{ham}/veto");
    ann.does(Method::PUT, &veto, &Value::Null).await;
    let answer = bob
        .tries(Method::POST, "/events/5/undo", &Value::Null)
        .await;
    problem(answer, 403, "not-yours");
    let changed = ann.posts("/events/5/undo", Value::Null).await;
    assert_eq!(changed["features"][0]["vetoes"], json!([]));
    let answer = bob
        .tries(Method::POST, "/events/6/undo", &Value::Null)
        .await;
    problem(answer, 403, "not-yours");
    // A page would refuse as well.
    let carl = savt.person_called("Carl").await;
    carl.post("/undo/6", &[]).await.is(403);
}
