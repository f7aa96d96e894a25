//! A deadline that passes closes a board without an event, and is a decision.

use std::{collections::BTreeMap, time::Duration};

use chrono::{TimeDelta, Utc};
use savt::{
    board::now,
    model::{Slug, Timestamp},
    store::webhooks::{self, Backlog},
    view::Language,
    webhook::{EventFilter, Format, Settings, Webhooks},
};
use serde_json::Value;

use super::{settings, start, start_with, types, with_format};
use crate::{
    closing::populated,
    harness::{
        app::Savt,
        client::TestClient,
        databases::db_test,
        process::run,
        receiver::{Received, Receiver, Reply},
    },
};

/// Time for another change before a deadline, in seconds: longer than a request may take.
const SOON: i64 = 4;

/// Sets a deadline this long from now.
async fn set_deadline(person: &TestClient, seconds: i64) -> Timestamp {
    let at = Utc::now() + TimeDelta::seconds(seconds);
    let text = at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    person.post("/close", &[("at", &text)]).await.is(303);
    text.trim_end_matches('Z').parse().unwrap()
}

/// Waits until the time has come.
async fn wait_for(at: Timestamp) {
    while now() <= at {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The messages that a deadline has passed, as they first came.
fn deadlines(messages: &[Received]) -> Vec<Received> {
    let mut deadlines = messages.to_vec();
    deadlines.retain(|message| message.id().ends_with("-deadline"));
    deadlines
}

/// Waits for the message about this event, which comes after that of a deadline from before it.
async fn wait_for_event(receiver: &Receiver, number: i64) -> Vec<Received> {
    let is_there = |message: &Received| message.json()["data"]["event"]["number"] == number;
    receiver.wait_until(|all| all.iter().any(is_there)).await
}

async fn stored_result(person: &TestClient) -> Value {
    let document = person.get("/result.json").await.is(200);
    serde_json::from_str(&document.body).unwrap()
}

db_test!(a_deadline_that_passes_is_a_decision);
async fn a_deadline_that_passes_is_a_decision(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    let at = set_deadline(&anna, 2).await;
    let number = anna.last_event().await;
    let messages = receiver.wait_for(2).await;
    assert_eq!(types(&messages), ["set_deadline", "decision.closed"]);
    let [event, decision] = [&messages[0], &messages[1]];
    assert_eq!(decision.id(), format!("{}-deadline", event.id()));
    assert!(event.id().ends_with(&format!("-{number}")));
    let decision = decision.json();
    assert!(decision["data"]["event"].is_null());
    let sent: chrono::DateTime<Utc> = decision["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(sent.naive_utc(), at);
    assert!(now() >= at);
    let result = &decision["data"]["result"];
    assert_eq!(result, &stored_result(&anna).await);
    assert_eq!(
        (&result["state"], &result["closed"]["by"]),
        (&"closed".into(), &"Anna".into())
    );
    assert_eq!(result["closed"]["by_deadline"], true);
    assert_eq!(result["acceptable"][0]["name"], "Margherita");
    // People may still name themselves; the board is not closed again.
    anna.set_name("Ann").await;
    let renamed = anna.last_event().await;
    let messages = wait_for_event(&receiver, renamed).await;
    assert_eq!(deadlines(&messages).len(), 1);
    assert_eq!(types(&messages).last().unwrap(), "renamed");
}

db_test!(each_deadline_is_sent_once_however_late);
async fn each_deadline_is_sent_once_however_late(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    // The first one is moved before it comes.
    set_deadline(&anna, 3_600).await;
    let moved = set_deadline(&anna, 1).await;
    let first = anna.last_event().await;
    wait_for_event(&receiver, first).await;
    webhooks.stop().await;
    wait_for(moved).await;
    anna.post("/reopen", &[]).await.is(303);
    anna.create_item("Napoli").await;
    let again = set_deadline(&anna, 1).await;
    let second = anna.last_event().await;
    wait_for(again).await;
    // Refused at first, and sent by another process.
    receiver.reply_with(|message| match message.json()["data"]["event"].is_null() {
        true => Reply::Status(500),
        false => Reply::Status(200),
    });
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let refused = receiver.wait_until(|all| !deadlines(all).is_empty()).await;
    let id = webhooks.statuses()[0].id.clone();
    webhooks.stop().await;
    assert!(webhooks::enable(savt.database(), &id).await.unwrap());
    receiver.reply_with(|_| Reply::Status(200));
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    let messages = receiver.wait_until(|all| deadlines(all).len() == 2).await;
    assert_eq!(deadlines(&messages)[0].id(), deadlines(&refused)[0].id());
    let expected = [
        "set_deadline",
        "set_deadline",
        "decision.closed",
        "reopened_board",
        "created_item",
        "set_deadline",
        "decision.closed",
    ];
    assert_eq!(types(&messages), expected);
    for (message, number) in deadlines(&messages).iter().zip([first, second]) {
        assert!(message.id().ends_with(&format!("-{number}-deadline")));
        let result = &message.json()["data"]["result"];
        assert_eq!(result["board"]["version"], number);
        assert_eq!(result["closed"]["by_deadline"], true);
        let has_napoli = result.to_string().contains("Napoli");
        assert_eq!(has_napoli, number == second);
    }
}

db_test!(a_deadline_that_waits_is_in_the_backlog);
async fn a_deadline_that_waits_is_in_the_backlog(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    receiver.reply_with(|message| match message.json()["data"]["event"].is_null() {
        true => Reply::Status(500),
        false => Reply::Status(200),
    });
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let id = webhooks.statuses()[0].id.clone();
    let at = set_deadline(&anna, 1).await;
    receiver.wait_until(|all| !deadlines(all).is_empty()).await;
    webhooks.stop().await;
    let backlog = || async {
        let backlog = webhooks::backlog(savt.database(), &id, now()).await;
        let Backlog {
            events,
            boards,
            failing,
            oldest_at,
            last_error,
        } = backlog.unwrap();
        (events, boards, failing, oldest_at, last_error.is_some())
    };
    assert_eq!(backlog().await, (1, 1, 1, Some(at), true));
    // The events after it wait as well.
    anna.set_name("Ann").await;
    assert_eq!(backlog().await, (2, 1, 1, Some(at), true));
    let renamed = anna.last_event().await;
    receiver.reply_with(|_| Reply::Status(200));
    assert!(webhooks::enable(savt.database(), &id).await.unwrap());
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    wait_for_event(&receiver, renamed).await;
    webhooks.stop().await;
    assert_eq!(backlog().await, (0, 0, 0, None, false));
}

db_test!(a_board_that_was_closed_by_hand_is_not_closed_again);
async fn a_board_that_was_closed_by_hand_is_not_closed_again(savt: Savt) {
    let anna = populated(&savt).await;
    let venues = anna.on_board(&anna.create_board("Venues").await);
    venues.create_item("Casa Mia").await;
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    let removed = set_deadline(&anna, SOON).await;
    anna.post("/reopen", &[("deadline", "none")]).await.is(303);
    let closed = set_deadline(&venues, SOON).await;
    venues.post("/close", &[("chosen", "1")]).await.is(303);
    wait_for(removed.max(closed)).await;
    anna.create_item("Napoli").await;
    venues.post("/reopen", &[]).await.is(303);
    let last = ["created_item", "reopened_board"].map(str::to_owned);
    let messages = receiver
        .wait_until(|all| last.iter().all(|kind| types(all).contains(kind)))
        .await;
    assert_eq!(deadlines(&messages).len(), 0);
    let decisions = types(&messages);
    let decisions = decisions.iter().filter(|kind| *kind == "decision.closed");
    assert_eq!(decisions.count(), 1);
}

db_test!(an_undo_can_bring_a_passed_deadline_back);
async fn an_undo_can_bring_a_passed_deadline_back(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    let at = set_deadline(&anna, SOON).await;
    anna.post("/reopen", &[("deadline", "none")]).await.is(303);
    let removal = anna.last_event().await;
    wait_for(at).await;
    anna.undo(removal).await;
    let undone = removal + 1;
    let messages = receiver.wait_until(|all| !deadlines(all).is_empty()).await;
    assert!(
        deadlines(&messages)[0]
            .id()
            .ends_with(&format!("-{undone}-deadline"))
    );
    // Reopening and undoing that closes the board again, by an event that says so itself.
    anna.post("/reopen", &[]).await.is(303);
    anna.undo(undone + 1).await;
    anna.set_name("Ann").await;
    let messages = wait_for_event(&receiver, undone + 3).await;
    assert_eq!(deadlines(&messages).len(), 1);
    let closed = format!("-{}-closed", undone + 2);
    assert!(
        messages
            .iter()
            .any(|message| message.id().ends_with(&closed))
    );
}

/// The deadline of which an endpoint is to be told, on the board at this address.
async fn pending(savt: &Savt, webhooks: &Webhooks, base: &str) -> Option<Timestamp> {
    let slug = Slug::parse(base.rsplit('/').next().unwrap()).unwrap();
    let board = savt.boards().open(&slug).await.unwrap().id();
    let endpoint = webhooks.statuses()[0].id.clone();
    let state = webhooks::board_state(savt.database(), board, &endpoint).await;
    state.unwrap().unwrap().cursor.unwrap().deadline
}

/// Anna, a board of hers with a deadline that is to come, and that deadline. That of the board `main` has passed.
async fn with_two_deadlines(savt: &Savt) -> (TestClient, String, Timestamp) {
    let anna = populated(savt).await;
    let base = anna.create_board("Venues").await;
    let venues = anna.on_board(&base);
    venues.create_item("Casa Mia").await;
    let to_come = set_deadline(&venues, 3_600).await;
    let passed = set_deadline(&anna, 1).await;
    wait_for(passed).await;
    (anna, base, to_come)
}

db_test!(only_deadlines_to_come_are_sent_to_a_new_endpoint);
async fn only_deadlines_to_come_are_sent_to_a_new_endpoint(savt: Savt) {
    let (anna, base, to_come) = with_two_deadlines(&savt).await;
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    assert_eq!(pending(&savt, &webhooks, &base).await, Some(to_come));
    assert_eq!(pending(&savt, &webhooks, "/b/main").await, None);
    anna.set_name("Ann").await;
    let messages = receiver.wait_for(1).await;
    assert_eq!(types(&messages), ["renamed"]);
}

db_test!(only_deadlines_to_come_are_sent_of_an_imported_board);
async fn only_deadlines_to_come_are_sent_of_an_imported_board(savt: Savt) {
    let (anna, base, to_come) = with_two_deadlines(&savt).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("boards");
    let (file, database) = (file.to_str().unwrap(), ["--database-url", savt.url()]);
    run(&[&["export", "--all", file], &database[..]].concat()).expect_success();
    let receiver = Receiver::start().await;
    let webhooks = start(&savt, &[&receiver.url("/")]).await;
    let import = ["import", "--new-address", file];
    let imported = run(&[&import[..], &database[..]].concat()).expect_success();
    let mut copies = BTreeMap::new();
    for line in imported.lines() {
        let words: Vec<_> = line.split([' ', ',']).collect();
        let (_, copy) = line.split_once(", at ").unwrap();
        copies.insert(words[1], copy.split(';').next().unwrap());
    }
    assert_eq!(copies.len(), 2, "{imported}");
    let copy = copies[base.rsplit('/').next().unwrap()];
    assert_eq!(pending(&savt, &webhooks, copy).await, Some(to_come));
    assert_eq!(pending(&savt, &webhooks, copies["main"]).await, None);
    anna.on_board(copies["main"]).set_name("Ann").await;
    let messages = receiver.wait_for(1).await;
    assert_eq!(types(&messages), ["renamed"]);
}

async fn start_chat(savt: &Savt, url: &str, language: Language) -> Webhooks {
    let filter: EventFilter = "decision.*".parse().unwrap();
    let settings = Settings {
        language,
        ..settings()
    };
    start_with(savt, vec![with_format(url, Format::Text, filter)], settings).await
}

db_test!(chats_are_told_in_a_sentence);
async fn chats_are_told_in_a_sentence(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let _english = start_chat(&savt, &receiver.url("/en"), Language::English).await;
    let _german = start_chat(&savt, &receiver.url("/de"), Language::German).await;
    let at = set_deadline(&anna, 1).await;
    receiver
        .wait_until(|_| receiver.received().len() == 2)
        .await;
    let text = |path: &str| {
        let all = receiver.received();
        let message = all.iter().find(|message| message.path == path).unwrap();
        message.json()["text"].as_str().unwrap().to_owned()
    };
    let (english, german) = (text("/en"), text("/de"));
    let time = at.format("%H:%M");
    assert!(english.starts_with("[main] Closed on "), "{english}");
    let end = format!(
        "{time} UTC, the deadline that Anna set. Pizzas everyone can live with: Margherita https://savt.example/"
    );
    assert!(english.ends_with(&end), "{english}");
    assert!(german.starts_with("[main] Am "), "{german}");
    let end = "geschlossen, mit der Frist von Anna. Womit alle leben können (Pizzen): Margherita https://savt.example/";
    assert!(german.ends_with(end), "{german}");
}
