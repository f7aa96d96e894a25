//! What the messages say.

use savt::view::Language;
use savt::webhook::{EventFilter, Format, Settings};
use serde_json::{Value, json};

use super::{endpoint, numbers_by_board, settings, start, start_with, types, with_format};
use crate::harness::{
    app::Savt,
    databases::db_test,
    program::{json_of, request},
    receiver::Receiver,
};

async fn events_of(savt: &Savt, slug: &str, after: i64) -> Vec<Value> {
    let path = format!("/boards/{slug}/events?after={after}");
    let answer = request(savt.address(), ("GET", &path), &[], "")
        .await
        .is(200);
    json_of(&answer)["events"].as_array().unwrap().clone()
}

db_test!(an_endpoint_gets_the_events_of_all_boards_from_its_start_on);
async fn an_endpoint_gets_the_events_of_all_boards_from_its_start_on(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let ham = anna.suggest("Ham", 1, None).await;
    let before = anna.last_event().await;
    let receiver = Receiver::start().await;
    let _webhooks = start(&savt, &[&receiver.url("/")]).await;
    anna.veto_because(ham, "salty").await;
    anna.undo(before + 1).await;
    let address = anna.create_board("Friday").await;
    let friday = anna.on_board(&address);
    friday.create_item("Funghi").await;
    let slug = address.strip_prefix("/b/").unwrap();

    let main = events_of(&savt, "main", before).await;
    let others = events_of(&savt, slug, 0).await;
    assert_eq!((main.len(), others.is_empty()), (2, false));
    let messages = receiver.wait_for(main.len() + others.len()).await;
    let boards = [("main", "main", "https://savt.example/".to_owned(), main)];
    let other = (
        slug,
        "Friday",
        format!("https://savt.example/b/{slug}"),
        others,
    );
    for (slug, name, url, events) in boards.into_iter().chain([other]) {
        let sent = messages.iter().map(|message| message.json());
        let sent = sent.filter(|message| message["data"]["board"]["slug"] == slug);
        let expected = events.into_iter().map(|event| {
            json!({
                "type": event["action"]["type"],
                "timestamp": event["at"],
                "data": {"board": {"slug": slug, "name": name, "url": url}, "event": event},
            })
        });
        assert_eq!(sent.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
    // Messages of other boards may have come between.
    let messages = messages.iter().map(|message| message.json());
    let mut of_main = messages.filter(|message| message["data"]["board"]["slug"] == "main");
    assert_eq!(
        of_main.nth(1).unwrap()["data"]["event"]["undoes"],
        before + 1
    );
}

db_test!(a_new_endpoint_does_not_change_what_others_get);
async fn a_new_endpoint_does_not_change_what_others_get(savt: Savt) {
    let (one, other) = (Receiver::start().await, Receiver::start().await);
    let webhooks = start(&savt, &[&one.url("/")]).await;
    let anna = savt.person_called("Anna").await;
    one.wait_for(1).await;
    webhooks.stop().await;
    // Happens while nobody delivers.
    anna.create_item("Funghi").await;
    let _webhooks = start(&savt, &[&one.url("/"), &other.url("/")]).await;
    anna.create_item("Napoli").await;
    assert_eq!(numbers_by_board(&one.wait_for(3).await)["main"], [1, 2, 3]);
    assert_eq!(numbers_by_board(&other.wait_for(1).await)["main"], [3]);
    assert_eq!(
        one.received().len(),
        3,
        "nothing is repeated after an orderly end"
    );
}

db_test!(a_filter_selects_types);
async fn a_filter_selects_types(savt: Savt) {
    let receiver = Receiver::start().await;
    let filter: EventFilter = "vetoed,withdrew_*".parse().unwrap();
    let endpoint = with_format(&receiver.url("/"), Format::Json, filter);
    let _webhooks = start_with(&savt, vec![endpoint], settings()).await;
    let anna = savt.person_called("Anna").await;
    let ham = anna.suggest("Ham", 1, None).await;
    for _ in 0..3 {
        anna.veto(ham).await;
        anna.withdraw_veto(ham).await;
    }
    let messages = receiver.wait_for(6).await;
    assert_eq!(types(&messages), ["vetoed", "withdrew_veto"].repeat(3));
}

db_test!(chats_get_one_harmless_line);
async fn chats_get_one_harmless_line(savt: Savt) {
    let receiver = Receiver::start().await;
    let chat = with_format(&receiver.url("/"), Format::Text, EventFilter::default());
    let _webhooks = start_with(&savt, vec![chat], settings()).await;
    let anna = savt.person_called("Anna").await;
    let ham = anna.suggest("@everyone <!channel> *Ham*", 1, None).await;
    anna.veto_because(ham, "[see](https://evil.example)").await;
    let messages = receiver.wait_for(3).await;
    let lines: Vec<Value> = messages.iter().map(|message| message.json()).collect();
    assert_eq!(
        lines[0],
        json!({"text": "[main] Anna joined https://savt.example/"})
    );
    let text = lines[2]["text"].as_str().unwrap();
    assert!(
        text.starts_with("[main] Anna vetoed ＠everyone ‹!channel› ∗Ham∗"),
        "{text}"
    );
    assert!(text.contains("［see］(https：//evil․example)"), "{text}");
    assert!(text.ends_with(" https://savt.example/"), "{text}");
}

db_test!(chats_get_the_language_and_the_words_of_the_board);
async fn chats_get_the_language_and_the_words_of_the_board(savt: Savt) {
    let receiver = Receiver::start().await;
    let chat = with_format(&receiver.url("/"), Format::Text, EventFilter::default());
    let settings = Settings {
        language: Language::German,
        public_url: None,
        ..settings()
    };
    let _webhooks = start_with(&savt, vec![chat], settings).await;
    let anna = savt.person_called("Anna").await;
    let words = [
        ("item_word", "Ort"),
        ("item_words", "Orte"),
        ("feature_word", "Termin"),
        ("feature_words", "Termine"),
    ];
    anna.post("/settings", &words).await.is(303);
    let berlin = anna.create_item("Berlin").await;
    anna.suggest("Montag", 1, berlin).await;
    anna.delete_item(berlin).await;
    let messages = receiver.wait_for(5).await;
    let text = messages[4].json()["text"].as_str().unwrap().to_owned();
    let expected = "[main] Anna hat Berlin gelöscht; Termine davon gelten jetzt für alle Orte";
    assert_eq!(text, expected);
}

db_test!(one_endpoint_can_have_both_formats);
async fn one_endpoint_can_have_both_formats(savt: Savt) {
    let receiver = Receiver::start().await;
    let url = receiver.url("/");
    let chat = with_format(&url, Format::Text, EventFilter::default());
    let _webhooks = start_with(&savt, vec![endpoint(&url), chat], settings()).await;
    savt.person_called("Anna").await;
    receiver
        .wait_until(|_| {
            let all = receiver.received();
            let texts = all
                .iter()
                .filter(|message| message.json()["text"].is_string());
            (texts.count(), all.len()) == (1, 2)
        })
        .await;
}
