//! The event that makes a board agreed or closed is followed by the decision, with the result.

use savt::webhook::{EventFilter, Format};
use serde_json::Value;

use super::{endpoint, settings, start, start_with, types, with_format};
use crate::{
    closing::populated,
    harness::{
        app::Savt,
        databases::db_test,
        receiver::{Receiver, Reply},
    },
};

fn result_of(message: &Value) -> &Value {
    &message["data"]["result"]
}

db_test!(a_decision_follows_its_event_with_the_result);
async fn a_decision_follows_its_event_with_the_result(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    anna.consent().await;
    let first = anna.last_event().await;
    let bob = savt.person();
    bob.claim("Bob").await;
    bob.consent().await;
    let fields = [("chosen", "1"), ("outcome", "At eight")];
    anna.post("/close", &fields).await.is(303);
    let document = anna.get("/result.json").await.is(200);
    let stored: Value = serde_json::from_str(&document.body).unwrap();

    let messages = receiver
        .wait_until(|all| types(all).contains(&"decision.closed".to_owned()))
        .await;
    let all = types(&messages);
    let agreed = all
        .iter()
        .position(|kind| kind == "decision.agreed")
        .unwrap();
    assert_eq!(all[agreed - 1], "consented");
    let ends = ["closed_board", "decision.closed"].map(str::to_owned);
    assert!(all.ends_with(&ends), "{all:?}");
    let (event, decision) = (&messages[agreed - 1], &messages[agreed]);
    assert_eq!(decision.id(), format!("{}-agreed", event.id()));
    let (event, decision) = (event.json(), decision.json());
    assert_eq!(decision["data"]["event"], event["data"]["event"]);
    assert!(decision["data"]["event"]["number"].as_i64().unwrap() > first);
    let result = result_of(&decision);
    assert_eq!(
        (&result["agreed"], &result["state"]),
        (&true.into(), &"open".into())
    );
    assert_eq!(result["acceptable"][0]["name"], "Margherita");
    let closed = messages.last().unwrap().json();
    assert_eq!(result_of(&closed), &stored);
    assert_eq!(result_of(&closed)["outcome"]["text"], "At eight");
}

db_test!(a_late_decision_has_the_result_of_its_time);
async fn a_late_decision_has_the_result_of_its_time(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    receiver.reply_with(|_| Reply::Status(500));
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    anna.post("/close", &[("chosen", "1")]).await.is(303);
    receiver.wait_for(1).await;
    anna.post("/reopen", &[]).await.is(303);
    anna.create_item("Napoli").await;
    receiver.reply_with(|_| Reply::Status(200));
    let messages = receiver.wait_for(4).await;
    let expected = [
        "closed_board",
        "decision.closed",
        "reopened_board",
        "created_item",
    ];
    assert_eq!(types(&messages), expected);
    let decision = messages[1].json();
    let result = result_of(&decision);
    assert_eq!(result["state"], "closed");
    assert_eq!(result["outcome"]["chosen"][0]["name"], "Margherita");
    assert_eq!(
        result["board"]["version"],
        decision["data"]["event"]["number"]
    );
    assert!(!result.to_string().contains("Napoli"));
}

db_test!(closing_again_by_undo_is_a_decision_and_reopening_is_none);
async fn closing_again_by_undo_is_a_decision_and_reopening_is_none(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let filter: EventFilter = "decision.*".parse().unwrap();
    let endpoint = with_format(&receiver.url("/"), Format::Json, filter);
    let _webhooks = start_with(&savt, vec![endpoint], settings()).await;
    anna.post("/close", &[]).await.is(303);
    anna.post("/reopen", &[]).await.is(303);
    let reopened = anna.last_event().await;
    anna.undo(reopened).await;
    let messages = receiver.wait_for(2).await;
    assert_eq!(types(&messages), ["decision.closed"; 2]);
    let undid = messages[1].json();
    assert_eq!(undid["data"]["event"]["undoes"], reopened);
    assert_eq!(result_of(&undid)["state"], "closed");
}

db_test!(chats_get_decisions_in_a_sentence);
async fn chats_get_decisions_in_a_sentence(savt: Savt) {
    let anna = populated(&savt).await;
    let receiver = Receiver::start().await;
    let filter: EventFilter = "decision.*".parse().unwrap();
    let chat = with_format(&receiver.url("/"), Format::Text, filter);
    let other = endpoint(&receiver.url("/json"));
    let _webhooks = start_with(&savt, vec![chat, other], settings()).await;
    let fields = [("chosen", "1"), ("outcome", "At 8:00 at Anna's")];
    anna.post("/close", &fields).await.is(303);
    receiver
        .wait_until(|_| {
            let all = receiver.received();
            let mut chats = all.iter().filter(|message| message.path == "/");
            chats.any(|message| {
                message.json()["text"]
                    == "[main] Decided: Margherita. At 8:00 at Anna's https://savt.example/"
            })
        })
        .await;
}
