//! The history and undo: rule 9, as people meet it.

use crate::harness::{app::Savt, client::Person, databases::on_both};

on_both!(everything_is_told_in_words);
async fn everything_is_told_in_words(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item_of_kind("Capricciosa", "with meat").await;
    let other = alice.create_item("Diavola").await;
    let fish = alice.suggest("Anchovies", 2, pizza).await;
    alice.veto(fish).await;
    alice.take_back(fish).await;
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
            "Alice took back the veto of Anchovies on Capricciosa",
            "Alice changed Capricciosa (with fish)",
            "Alice changed Capricciosa: no kind",
            "Alice renamed Capricciosa to Marinara",
            "Alice changed Anchovies on Marinara (×3)",
            "Alice moved Anchovies from Marinara to Diavola",
            "Alice set Anchovies of Diavola free",
            "Alice suggested Salad",
            "Alice deleted Anchovies",
            "Alice undid 14: the deletion of Anchovies",
            "Alice undid 15, so this holds again: the deletion of Anchovies",
        ]
    );
}

on_both!(a_long_history_comes_in_pages);
async fn a_long_history_comes_in_pages(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    for n in 0..120 {
        alice.create_item(&n.to_string()).await;
    }
    let mut told = Vec::new();
    let mut pages = 0;
    let mut next = Some("/history".to_owned());
    while let Some(path) = next.take() {
        let answer = alice.get(&path).await.is(200);
        told.extend(answer.all("li.event > p"));
        pages += 1;
        if !answer.all("a[rel=next]").is_empty() {
            next = Some(answer.attribute("a[rel=next]", "href"));
        }
    }
    let mut expected: Vec<String> = (0..120).map(|n| format!("Alice added {n}")).collect();
    expected.insert(0, "Alice joined".to_owned());
    expected.reverse();
    assert_eq!(told, expected);
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

/// The board with something of each sort on it.
struct Table {
    alice: Person,
    pizza: i64,
    other: i64,
    ham: i64,
}

impl Table {
    async fn laid(savt: &Savt) -> Table {
        let alice = savt.person_called("Alice").await;
        let pizza = alice.create_item_of_kind("One", "vegan").await;
        let other = alice.create_item("Other").await;
        let ham = alice.suggest("Ham", 2, pizza).await;
        alice.suggest("Olives", 1, pizza).await;
        let more = alice.suggest("Ham", 2, other).await;
        alice.suggest("Salad", 1, None).await;
        alice.veto(ham).await;
        savt.person_called("Bob").await.veto(more).await;
        Table {
            alice,
            pizza,
            other,
            ham,
        }
    }

    /// Undo of the last event brings this back, and undo of that what was done.
    async fn goes_back_to(&self, before: &str) {
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

on_both!(every_event_can_be_undone_and_done_again);
async fn every_event_can_be_undone_and_done_again(savt: Savt) {
    let table = Table::laid(&savt).await;
    let (alice, pizza, other, ham) = (&table.alice, table.pizza, table.other, table.ham);
    let before = alice.sees().await;

    alice.create_item("Third").await;
    table.goes_back_to(&before).await;
    alice.edit_item(pizza, "First", "").await;
    table.goes_back_to(&before).await;
    alice.merge(pizza, other).await;
    table.goes_back_to(&before).await;
    alice.split(pizza).await;
    table.goes_back_to(&before).await;
    alice.delete_item(pizza).await;
    table.goes_back_to(&before).await;
    alice.suggest("Capers", 1, pizza).await;
    table.goes_back_to(&before).await;
    alice.suggest("Salad", 2, None).await;
    table.goes_back_to(&before).await;
    alice.edit_feature(ham, "Speck", 1).await;
    table.goes_back_to(&before).await;
    alice.move_to(ham, None).await;
    table.goes_back_to(&before).await;
    alice.move_to(ham, other).await;
    table.goes_back_to(&before).await;
    alice.delete_feature(ham).await;
    table.goes_back_to(&before).await;
    alice.take_back(ham).await;
    table.goes_back_to(&before).await;
    alice.call("Alicia").await;
    table.goes_back_to(&before).await;
}

on_both!(undo_of_what_has_changed_since_says_what);
async fn undo_of_what_has_changed_since_says_what(savt: Savt) {
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

on_both!(what_was_undone_cannot_be_undone_again);
async fn what_was_undone_cannot_be_undone_again(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.suggest("Salad", 1, None).await;
    let event = alice.last_event().await;
    alice.undo(event).await;
    let answer = alice.post(&format!("/undo/{event}"), &[]).await.is(409);
    assert_eq!(answer.one("main p"), "This was undone already.");
}

on_both!(anyone_may_undo_and_the_answer_says_so);
async fn anyone_may_undo_and_the_answer_says_so(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    alice.suggest("Basil", 1, pizza).await;
    alice.delete_item(pizza).await;
    let event = alice.last_event().await;
    let bob = savt.person_called("Bob").await.with_htmx();
    let answer = bob.post(&format!("/undo/{event}"), &[]).await.is(200);
    assert_eq!(
        answer.toasts(),
        [format!("Bob undid {event}: the deletion of Margherita")]
    );
    assert_eq!(answer.one("form button"), "Veto", "the row is back");
    assert_eq!(bob.sees().await, "Margherita: Basil");
}

on_both!(an_event_that_is_not_there_cannot_be_undone);
async fn an_event_that_is_not_there_cannot_be_undone(savt: Savt) {
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
