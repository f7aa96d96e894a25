//! The history and undo: rule 9, through HTTP.

use crate::harness::{app::Savt, client::TestClient, databases::db_test};

db_test!(the_history_describes_every_action);
async fn the_history_describes_every_action(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item_of_kind("Capricciosa", "with meat").await;
    let other = alice.create_item("Diavola").await;
    let fish = alice.suggest("Anchovies", 2, pizza).await;
    alice.veto(fish).await;
    alice.withdraw_veto(fish).await;
    alice.edit_item(pizza, "Capricciosa", "with fish").await;
    alice.edit_item(pizza, "Capricciosa", "").await;
    alice.edit_item(pizza, "Marinara", "").await;
    alice.edit_feature(fish, "Anchovies", 3).await;
    alice.move_to(fish, other).await;
    alice.move_to(fish, None).await;
    alice.suggest("Salad", 1, None).await;
    alice.delete_feature(fish).await;
    alice.undo(alice.last_event().await).await;
    alice.undo(alice.last_event().await).await;
    let mut history = alice.history().await;
    history.reverse();
    assert_eq!(
        history,
        [
            "Alice joined",
            "Alice added Capricciosa (with meat)",
            "Alice added Diavola",
            "Alice suggested Anchovies ×2 for Capricciosa",
            "Alice vetoed Anchovies on Capricciosa",
            "Alice took back the veto on Anchovies on Capricciosa",
            "Alice changed the kind of Capricciosa to with fish",
            "Alice removed the kind of Capricciosa",
            "Alice renamed Capricciosa to Marinara",
            "Alice changed the amount of Anchovies on Marinara to ×3",
            "Alice moved Anchovies from Marinara to Diavola",
            "Alice moved Anchovies from Diavola to all pizzas",
            "Alice suggested Salad",
            "Alice deleted Anchovies",
            "Alice undid event 14: the deletion of Anchovies",
            "Alice undid event 15, which restores the deletion of Anchovies",
        ]
    );
}

db_test!(a_long_history_is_paginated);
async fn a_long_history_is_paginated(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    for n in 0..120 {
        alice.create_item(&n.to_string()).await;
    }
    let mut listed = Vec::new();
    let mut pages = 0;
    let mut next = Some("/history".to_owned());
    while let Some(path) = next.take() {
        let answer = alice.get(&path).await.is(200);
        listed.extend(answer.all("li.event > p"));
        pages += 1;
        if !answer.all("a[rel=next]").is_empty() {
            next = Some(answer.attribute("a[rel=next]", "href"));
        }
    }
    let mut expected: Vec<String> = (0..120).map(|n| format!("Alice added {n}")).collect();
    expected.insert(0, "Alice joined".to_owned());
    expected.reverse();
    assert_eq!(listed, expected);
    assert_eq!(pages, 3);
    for page in ["before=0", "before=-5", "before=1"] {
        let answer = alice.get(&format!("/history?{page}")).await.is(200);
        assert!(answer.all("li.event").is_empty(), "{page}");
    }
    for page in ["before=x", "before=", "before=99999999999999999999", "x"] {
        let answer = alice.get(&format!("/history?{page}")).await.is(200);
        assert_eq!(answer.all("li.event").len(), 50, "{page}");
    }
}

/// A board with one object of each kind.
struct BoardFixture {
    alice: TestClient,
    pizza: i64,
    other: i64,
    ham: i64,
}

impl BoardFixture {
    async fn create(savt: &Savt) -> BoardFixture {
        let alice = savt.person_called("Alice").await;
        let pizza = alice.create_item_of_kind("One", "vegan").await;
        let other = alice.create_item("Other").await;
        let ham = alice.suggest("Ham", 2, pizza).await;
        alice.suggest("Olives", 1, pizza).await;
        let more = alice.suggest("Ham", 2, other).await;
        alice.suggest("Salad", 1, None).await;
        alice.veto(ham).await;
        savt.person_called("Bob").await.veto(more).await;
        BoardFixture {
            alice,
            pizza,
            other,
            ham,
        }
    }

    /// Asserts that undo of the last event restores `before`, and that redo reverts it.
    async fn assert_undo_and_redo(&self, before: &str) {
        let alice = &self.alice;
        let done = alice.sees().await;
        assert_ne!(done, before);
        let event = alice.last_event().await;
        alice.undo(event).await;
        assert_eq!(alice.sees().await, before);
        let history = alice.get("/history").await;
        let undone = history.one(&format!("#event-{event} .undone"));
        assert_eq!(undone, format!("undone by {}", event + 1));
        assert!(history.all(&format!("#event-{event} button")).is_empty());
        alice.undo(event + 1).await;
        assert_eq!(alice.sees().await, done);
        alice.undo(event + 2).await;
        assert_eq!(alice.sees().await, before);
    }
}

db_test!(every_event_can_be_undone_and_redone);
async fn every_event_can_be_undone_and_redone(savt: Savt) {
    let fixture = BoardFixture::create(&savt).await;
    let (alice, pizza, other, ham) = (&fixture.alice, fixture.pizza, fixture.other, fixture.ham);
    let before = alice.sees().await;

    alice.create_item("Third").await;
    fixture.assert_undo_and_redo(&before).await;
    alice.edit_item(pizza, "First", "").await;
    fixture.assert_undo_and_redo(&before).await;
    alice.merge(pizza, other).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.split(pizza).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.delete_item(pizza).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.suggest("Capers", 1, pizza).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.suggest("Salad", 2, None).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.edit_feature(ham, "Speck", 1).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.move_to(ham, None).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.move_to(ham, other).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.delete_feature(ham).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.withdraw_veto(ham).await;
    fixture.assert_undo_and_redo(&before).await;
    alice.set_name("Alicia").await;
    fixture.assert_undo_and_redo(&before).await;
}

db_test!(undo_after_a_later_change_is_refused_with_the_reason);
async fn undo_after_a_later_change_is_refused_with_the_reason(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let created = alice.last_event().await;
    alice.edit_item(pizza, "Regina", "").await;
    let before = alice.sees().await;
    let path = format!("/undo/{created}");
    let answer = alice.post(&path, &[]).await.is(409);
    let reason = "This cannot be undone: Margherita has been renamed to Regina since.";
    assert_eq!(answer.one("main p"), reason);
    let answer = alice.with_htmx().post(&path, &[]).await.is(409);
    assert_eq!(answer.toasts(), [reason]);
    assert_eq!(alice.sees().await, before);
}

db_test!(an_event_can_be_undone_only_once);
async fn an_event_can_be_undone_only_once(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.suggest("Salad", 1, None).await;
    let event = alice.last_event().await;
    alice.undo(event).await;
    let answer = alice.post(&format!("/undo/{event}"), &[]).await.is(409);
    assert_eq!(answer.one("main p"), "This has already been undone.");
}

db_test!(anyone_may_undo_any_event);
async fn anyone_may_undo_any_event(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    alice.suggest("Basil", 1, pizza).await;
    alice.delete_item(pizza).await;
    let event = alice.last_event().await;
    let bob = savt.person_called("Bob").await.with_htmx();
    let answer = bob.post(&format!("/undo/{event}"), &[]).await.is(200);
    assert_eq!(
        answer.toasts(),
        [format!(
            "Bob undid event {event}: the deletion of Margherita"
        )]
    );
    assert_eq!(
        answer.one("form button"),
        "Veto",
        "the restored row is shown"
    );
    assert_eq!(bob.sees().await, "Margherita: Basil");
}

db_test!(undo_of_an_unknown_event_answers_404);
async fn undo_of_an_unknown_event_answers_404(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await;
    for event in ["0", "-1", "2", "9223372036854775807"] {
        let answer = alice.post(&format!("/undo/{event}"), &[]).await;
        assert_eq!(answer.status, 404, "{event}");
    }
    for event in ["x", "9223372036854775808", "1.0", "1%20"] {
        let answer = alice.post(&format!("/undo/{event}"), &[]).await;
        assert_eq!(answer.status, 404, "{event}");
    }
    assert_eq!(savt.stored().await, before);
}
