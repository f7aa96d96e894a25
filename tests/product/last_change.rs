//! Undo of one's own last change, again and again, and redo: `POST /undo/last` and `POST /redo/last`.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

const UNDO: &str = "/undo/last";
const REDO: &str = "/redo/last";

const NOTHING_TO_UNDO: &str = "You have no more changes to undo.";
const NOTHING_TO_REDO: &str =
    "There is nothing to redo: you have not undone anything since your last change.";

async fn press(person: &TestClient, path: &str) -> Answer {
    person.post(path, &[]).await.is(303)
}

/// Asserts that the response says that there is nothing more, with and without htmx, and that nothing is stored.
async fn assert_nothing(savt: &Savt, person: &TestClient, path: &str, reason: &str) {
    let before = savt.stored().await;
    let answer = person.post(path, &[]).await.is(409);
    assert_eq!(answer.one(".problem p"), reason);
    let answer = person.with_htmx().post(path, &[]).await.is(409);
    assert_eq!(answer.toasts(), [reason]);
    assert_eq!(savt.stored().await, before);
}

db_test!(ones_changes_are_undone_one_by_one_and_redone);
async fn ones_changes_are_undone_one_by_one_and_redone(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item("One").await;
    let ham = alice.suggest("Ham", 1, pizza).await;
    alice.veto(ham).await;
    // What others do is none of one's own changes.
    let egg = bob.suggest("Egg", 1, pizza).await;
    bob.veto(ham).await;
    bob.delete_feature(egg).await;
    bob.undo(bob.last_event().await).await;

    let steps = [
        "One: Ham [vetoed by Alice, Bob], Egg",
        "One: Ham [vetoed by Bob], Egg",
    ];
    assert_eq!(alice.sees().await, steps[0]);
    press(&alice, UNDO).await;
    assert_eq!(alice.sees().await, steps[1]);
    // Bob's veto stands in the way of the next one, which is not skipped.
    let reason = "This cannot be undone: the vetoes on Ham have changed since.";
    for _ in 0..2 {
        let answer = alice.with_htmx().post(UNDO, &[]).await.is(409);
        assert_eq!(answer.toasts(), [reason]);
    }
    bob.withdraw_veto(ham).await;
    press(&alice, UNDO).await;
    assert_eq!(alice.sees().await, "One: Egg");
    press(&alice, REDO).await;
    press(&alice, REDO).await;
    assert_eq!(alice.sees().await, "One: Ham [vetoed by Alice], Egg");
    assert_nothing(&savt, &alice, REDO, NOTHING_TO_REDO).await;

    // A new change ends what can be redone.
    press(&alice, UNDO).await;
    alice.suggest("Basil", 1, None).await;
    assert_nothing(&savt, &alice, REDO, NOTHING_TO_REDO).await;
    press(&alice, UNDO).await;
    press(&alice, UNDO).await;
    assert_eq!(alice.sees().await, "One: Egg");

    // Bob has his own.
    let answer = bob.with_htmx().post(UNDO, &[]).await.is(409);
    assert_eq!(answer.toasts(), [reason], "the topping is gone");
    assert_nothing(&savt, &savt.person(), UNDO, NOTHING_TO_UNDO).await;
    assert_nothing(&savt, &savt.person(), REDO, NOTHING_TO_REDO).await;
}

db_test!(joining_is_not_undone_by_pressing_once_too_often);
async fn joining_is_not_undone_by_pressing_once_too_often(savt: Savt) {
    let person = savt.person();
    person.create_item("One").await;
    person.set_name("Alice").await;
    press(&person, UNDO).await;
    assert_eq!(person.page().await.me, "You are User-1");
    press(&person, UNDO).await;
    assert_nothing(&savt, &person, UNDO, NOTHING_TO_UNDO).await;
    assert_eq!(person.page().await.me, "You are User-1");
    press(&person, REDO).await;
    press(&person, REDO).await;
    assert_eq!(person.page().await.me, "You are Alice");
    assert_eq!(person.sees().await, "One");
}

db_test!(requests_at_the_same_time_undo_one_change_each);
async fn requests_at_the_same_time_undo_one_change_each(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    for n in 1..=6 {
        alice.create_item(&n.to_string()).await;
    }
    // Two tabs, two processes.
    let other = savt.another().await;
    let elsewhere = alice.moved_to(other.address());
    let (one, two, three, four) = tokio::join!(
        press(&alice, UNDO),
        press(&elsewhere, UNDO),
        press(&alice, UNDO),
        press(&elsewhere, UNDO),
    );
    for answer in [one, two, three, four] {
        assert_eq!(answer.status, 303);
    }
    let remaining = savt.another().await;
    assert_eq!(remaining.person().sees().await, "1\n2");
    tokio::join!(press(&alice, REDO), press(&elsewhere, REDO));
    let remaining = savt.another().await;
    assert_eq!(remaining.person().sees().await, "1\n2\n3\n4");
}

db_test!(the_last_change_is_found_far_back_in_the_log);
async fn the_last_change_is_found_far_back_in_the_log(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("One").await;
    let bob = savt.person_called("Bob").await;
    // More undos, and more own events, than one query loads.
    for n in 0..60 {
        bob.edit_item(pizza, &n.to_string(), "").await;
        bob.undo(bob.last_event().await).await;
        alice.suggest("Ham", 1, None).await;
        press(&alice, UNDO).await;
    }
    press(&alice, UNDO).await;
    assert_eq!(alice.sees().await, "");
    assert_nothing(&savt, &alice, UNDO, NOTHING_TO_UNDO).await;
}

db_test!(the_toast_of_an_undo_offers_to_redo);
async fn the_toast_of_an_undo_offers_to_redo(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("One").await;
    for (path, button) in [(UNDO, "Redo"), (REDO, "Undo"), (UNDO, "Redo")] {
        let answer = alice.with_htmx().post(path, &[]).await.is(200);
        assert_eq!(answer.one(".toast form button"), button);
        let event = alice.last_event().await;
        let action = answer.attribute(".toast form", "action");
        assert_eq!(action, format!("/undo/{event}"));
        let history = alice.get("/history").await.is(200);
        assert_eq!(history.one(&format!("#event-{event} button")), button);
    }
    let german = alice.reading("de");
    let answer = german.with_htmx().post(REDO, &[]).await.is(200);
    assert_eq!(answer.one(".toast form button"), "Rückgängig");
    let answer = german.with_htmx().post(UNDO, &[]).await.is(200);
    assert_eq!(answer.one(".toast form button"), "Wiederherstellen");
}

db_test!(the_history_offers_to_undo_the_last_change);
async fn the_history_offers_to_undo_the_last_change(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("One").await;
    let history = alice.get("/history").await.is(200);
    let forms = ".own-changes form";
    assert_eq!(
        history.all(forms),
        ["Undo my last change", "Redo what I undid"]
    );
    assert_eq!(history.attribute(forms, "action"), UNDO);
    let stranger = savt.person().get("/history").await.is(200);
    assert!(stranger.all(forms).is_empty(), "has not changed anything");
}
