//! The note of an item: two lines on its card, whole in its menu and on paper, with its links.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    consistency::assert_consistent,
    databases::db_test,
    stream::Stream,
};

const NOTE: &str = "Via Roma 7\r\nMenu: https://example.com/menu?a=1&b=2.";

async fn set_note(person: &TestClient, item: i64, note: &str, was: Option<&str>) -> Answer {
    let mut fields = vec![("name", "Margherita"), ("was_name", "Margherita")];
    fields.push(("note", note));
    fields.extend(was.map(|was| ("was_note", was)));
    person.post(&format!("/items/{item}/edit"), &fields).await
}

db_test!(a_note_is_shown_on_the_card_in_the_menu_and_on_paper);
async fn a_note_is_shown_on_the_card_in_the_menu_and_on_paper(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    let empty = alice.get(&format!("/items/{item}")).await.is(200);
    assert_eq!(empty.attribute("textarea[name=note]", "maxlength"), "500");
    assert!(alice.get("").await.all(".note").is_empty());
    set_note(&alice, item, NOTE, Some("")).await.is(303);
    assert_eq!(
        alice.history().await[0],
        "Alice changed the note of Margherita"
    );
    let path = format!("/items/{item}");
    for (page, place) in [
        ("", ".head > .note"),
        ("/?view=wall", ".head > .note"),
        ("/?view=print", ".head > .note"),
        (&*path, ".menu > .note"),
    ] {
        let page = savt.person().get(page).await.is(200);
        assert_eq!(
            page.one(place),
            "Via Roma 7Menu: https://example.com/menu?a=1&b=2."
        );
        let link = format!("{place} a");
        assert_eq!(
            page.attribute(&link, "href"),
            "https://example.com/menu?a=1&b=2"
        );
        assert_eq!(
            page.attribute(&link, "rel"),
            "nofollow noopener noreferrer ugc"
        );
    }
    let board = alice.get("").await;
    assert_eq!(board.attribute(".head > .note", "data-lines"), "2");

    // Merging keeps the note of the item that stays.
    let other = alice.create_item("Napoli").await;
    alice.merge(other, item).await;
    assert!(alice.get("").await.one(".note").starts_with("Via Roma 7"));
    alice.undo(alice.last_event().await).await;
    let fields = [("name", "Margherita"), ("note", "")];
    alice.post(&format!("{path}/edit"), &fields).await.is(303);
    assert!(alice.get("").await.all(".note").is_empty());
    alice.undo(alice.last_event().await).await;
    assert!(alice.get("").await.one(".note").starts_with("Via Roma 7"));
}

db_test!(each_part_of_a_split_item_keeps_the_note);
async fn each_part_of_a_split_item_keeps_the_note(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    set_note(&alice, item, "At eight", None).await.is(303);
    alice.suggest("Basil", 1, item).await;
    alice.suggest("Ham", 1, item).await;
    alice.split(item).await;
    let split = alice.last_event().await;
    assert_eq!(alice.get("").await.all(".note"), ["At eight", "At eight"]);
    // They are notes of their own.
    let fields = [("name", "Margherita-Ham"), ("note", "At nine")];
    let path = format!("/items/{}/edit", item + 2);
    alice.post(&path, &fields).await.is(303);
    assert_eq!(alice.get("").await.all(".note"), ["At eight", "At nine"]);
    alice.undo(split + 1).await;
    alice.undo(split).await;
    assert_eq!(alice.get("").await.all(".note"), ["At eight"]);
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.get("").await.all(".note"), ["At eight", "At eight"]);
    assert_consistent(&[&savt]).await;
}

db_test!(a_note_arrives_live_as_the_head_of_the_card);
async fn a_note_arrives_live_as_the_head_of_the_card(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    let mut stream = Stream::open(&alice, &alice.page().await.stream, None).await;
    let answer = set_note(&alice.with_htmx(), item, "<b>At eight</b>", None).await;
    let head = format!("outerMorph #item-{item}-head");
    assert!(answer.is(200).targets().contains(&head));
    let message = stream.next_event().await;
    assert!(message.data.contains("&lt;b&gt;At eight&lt;/b&gt;"));
}

db_test!(a_form_without_the_field_keeps_the_note);
async fn a_form_without_the_field_keeps_the_note(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    set_note(&alice, item, "At eight", None).await.is(303);
    alice.edit_item(item, "Regina", "vegan").await;
    assert_eq!(alice.get("").await.one(".note"), "At eight");
}

db_test!(a_conflict_stands_beside_the_field_and_the_same_text_is_none);
async fn a_conflict_stands_beside_the_field_and_the_same_text_is_none(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    set_note(&alice, item, "one\r\ntwo", None).await.is(303);
    let version = alice.last_event().await;
    let bob = savt.person_called("Bob").await;
    let joined = bob.last_event().await;
    // Scripts send line breaks as LF, forms as CR LF.
    for was in ["one\r\ntwo", "one\ntwo"] {
        set_note(&bob, item, "one\ntwo ", Some(was)).await.is(303);
        set_note(&bob, item, "one\r\ntwo", Some(was)).await.is(303);
    }
    assert_eq!(bob.last_event().await, joined, "after {version}");

    let page = set_note(&bob, item, "three\r\nfour", Some("")).await;
    let page = page.is(409);
    assert_eq!(
        page.one("#edit-note-reason"),
        "Somebody has changed the note in the meantime. Save again to replace their change."
    );
    assert!(page.one("#edit-reason").is_empty());
    assert_eq!(page.one("textarea[name=note]"), "three four");
    assert_eq!(page.attribute("input[name=was_note]", "value"), "one\ntwo");
    let fragments = set_note(&bob.with_htmx(), item, "three", Some("")).await;
    assert_eq!(
        fragments.is(409).targets(),
        ["outerMorph #edit-form", "beforeend #toasts"]
    );
    // The person has seen the other note, and replaces it.
    set_note(&bob, item, "three\r\nfour", Some("one\r\ntwo"))
        .await
        .is(303);
    assert_eq!(bob.get("").await.one(".note"), "threefour");
}

db_test!(an_invalid_note_is_rejected_beside_the_field);
async fn an_invalid_note_is_rejected_beside_the_field(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let item = alice.create_item("Margherita").await;
    set_note(&alice, item, &"x".repeat(500), None).await.is(303);
    let long = "x".repeat(501);
    for (note, reason) in [(&*long, "500"), ("a\u{202e}b", "direction")] {
        let page = set_note(&alice, item, note, None).await.is(422);
        let shown = page.one("#edit-note-reason");
        assert!(shown.contains(reason), "{shown}");
        assert_eq!(page.one("textarea[name=note]"), note);
    }
    let fields = [("name", ""), ("kind", &*long), ("note", &*long)];
    let path = format!("/items/{item}/edit");
    let page = alice.post(&path, &fields).await.is(422);
    for id in ["#edit-reason", "#edit-kind-reason", "#edit-note-reason"] {
        assert!(!page.one(id).is_empty(), "{id}");
    }
}
