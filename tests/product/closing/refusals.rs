//! A closed board refuses every change, and says so where it was asked.

use futures_util::future::join_all;

use super::populated;
use crate::{
    harness::{app::Savt, client::TestClient, consistency::assert_consistent, databases::db_test},
    pinned::routes::OF_A_BOARD,
};

/// The routes that a closed board answers as an open one.
const STILL_POSSIBLE: [&str; 7] = [
    "/",
    "/participant",
    "/personal-link/open",
    "/language",
    "/reopen",
    // What Anna did last is the closing.
    "/undo/last",
    "/redo/last",
];

/// A value for every required field of every form.
const FIELDS: [(&str, &str); 13] = [
    ("name", "Fine"),
    ("names", "Fine"),
    ("amount", "1"),
    ("item_id", ""),
    ("into", "2"),
    ("reason", "too sweet"),
    ("fine", "1"),
    ("aside", "1"),
    ("purpose", "Dinner"),
    ("note", "Via Roma 7"),
    ("reasons", "required"),
    ("participant", "1"),
    ("was_name", ""),
];

db_test!(every_change_is_refused);
async fn every_change_is_refused(savt: Savt) {
    let anna = populated(&savt).await;
    anna.edit_item(1, "Regina", "vegan").await;
    anna.post("/close", &[("chosen", "1")]).await.is(303);
    let before = (anna.sees().await, anna.last_event().await);
    let mut refused = 0;
    for (path, _, post) in OF_A_BOARD {
        if post == 405 || STILL_POSSIBLE.contains(&path) {
            continue;
        }
        for person in [&anna, &anna.with_htmx(), &savt.person()] {
            let answer = person.post(path, &FIELDS).await;
            assert_eq!(answer.status, 423, "{path}: {}", answer.body);
            assert!(answer.body.contains("closed this decision on"), "{path}");
        }
        refused += 1;
    }
    assert!(refused >= 15, "{refused}");
    assert_eq!((anna.sees().await, anna.last_event().await), before);
    // Naming oneself, and undoing the closing.
    anna.set_name("Anne").await;
    savt.person_called("Carla").await;
    anna.post("/redo/last", &[]).await.is(409);
    anna.post("/reopen", &[]).await.is(303);
    anna.veto(2).await;
}

db_test!(a_refusal_keeps_what_was_typed);
async fn a_refusal_keeps_what_was_typed(savt: Savt) {
    let anna = populated(&savt).await;
    savt.person_called("Carla")
        .await
        .post("/close", &[])
        .await
        .is(303);
    for (path, fields, field, reason) in [
        (
            "/create/item/",
            &[("name", "Marinara"), ("kind", "vegan")][..],
            "#create-item [value=Marinara]",
            "#create-item-reason",
        ),
        (
            "/create/feature/",
            &[("name", "Olives"), ("item_id", "1")],
            "#item-1 .suggest [value=Olives]",
            "#suggest-reason-1",
        ),
        (
            "/create/items/",
            &[("names", "A\nB")],
            "textarea[name=names]",
            "#create-items-reason",
        ),
        (
            "/items/1/edit",
            &[("name", "Regina"), ("kind", "")],
            "#edit-form [value=Regina]",
            "#edit-reason",
        ),
        (
            "/features/1/edit",
            &[("name", "Olives"), ("amount", "2")],
            "#edit-form [value=Olives]",
            "#edit-reason",
        ),
        (
            "/features/1/veto",
            &[("reason", "bitter")],
            ".reason-form [value=bitter]",
            "#veto-reason",
        ),
        (
            "/close",
            &[("outcome", "Too late"), ("chosen", "1")],
            "#close-form [checked]",
            "#close-reason",
        ),
        (
            "/close",
            &[("at", "2999-01-01T10:00")],
            "#deadline-form [value='2999-01-01T10:00']",
            "#deadline-reason",
        ),
    ] {
        let page = anna.post(path, fields).await.is(423);
        assert_eq!(page.all(field).len(), 1, "{path}: {}", page.body);
        let told = page.one(reason);
        assert!(
            told.starts_with("Carla closed this decision on"),
            "{path}: {told}"
        );
        // With htmx beside the field, with a time that the script localizes, and the page learns that the board is closed.
        let answer = anna.with_htmx().post(path, fields).await.is(423);
        assert!(answer.targets().contains(&"outerMorph #outcome".to_owned()));
        let time = answer.all(&format!("[hx-target='{reason}'] time")).len()
            + answer.all("#edit-form time").len()
            + answer.all(".toast time").len();
        assert!(time > 0, "{path}: {}", answer.body);
    }
    // A button in a row has no field: a toast says it.
    let answer = anna.with_htmx().post("/features/1/veto", &[]).await.is(423);
    assert_eq!(
        answer.targets(),
        [
            "outerMorph #outcome",
            "outerMorph #consent",
            "beforeend #toasts"
        ]
    );
    assert!(answer.all("#consent button").is_empty());
    let page = anna.post("/features/1/veto", &[]).await.is(423);
    assert!(page.one("main").contains("Carla closed this decision on"));
}

db_test!(a_menu_is_prepared_for_the_closing_and_a_page_is_not);
async fn a_menu_is_prepared_for_the_closing_and_a_page_is_not(savt: Savt) {
    let anna = populated(&savt).await;
    let script = anna.with_htmx();
    for path in ["/items/1", "/features/1", "/settings", "/close"] {
        let menu = script.get(path).await.is(200);
        let note = menu.one("[role=status] > .closed-note");
        assert!(note.contains("reopen it first"), "{path}: {note}");
        assert!(!menu.all("[role=status] + .menu form button").is_empty());
        assert!(anna.get(path).await.all(".closed-note").is_empty());
    }
    anna.post("/close", &[]).await.is(303);
    for path in ["/items/1", "/features/1", "/settings"] {
        for person in [&anna, &script] {
            let menu = person.get(path).await.is(200);
            assert!(menu.all("[role=status] > *").is_empty(), "{path}");
            let note = menu.one(".closed-note");
            assert!(note.contains("reopen it first"), "{path}: {note}");
        }
    }
    // Nobody is set aside either.
    assert!(anna.get("/presence").await.all(".people form").is_empty());
    anna.post("/reopen", &[]).await.is(303);
    assert!(!anna.get("/presence").await.all(".people form").is_empty());
}

db_test!(exactly_the_changes_before_the_closing_remain);
async fn exactly_the_changes_before_the_closing_remain(savt: Savt) {
    let anna = populated(&savt).await;
    let other = savt.another().await;
    let people: Vec<TestClient> = savt.people(6).into_iter().chain(other.people(6)).collect();
    for round in 0..3 {
        join_all(people.iter().map(TestClient::page)).await;
        let before = anna.page().await.shown.items.len();
        let closer = match round {
            1 => other.person(),
            _ => savt.person(),
        };
        let posts = people.iter().enumerate().map(|(n, person)| async move {
            let name = format!("Pizza of {n} in {round}");
            person
                .post("/create/item/", &[("name", &name)])
                .await
                .status
        });
        let (statuses, closed) = tokio::join!(join_all(posts), closer.post("/close", &[]));
        closed.is(303);
        let added = statuses.iter().filter(|status| **status == 303).count();
        assert!(
            statuses.iter().all(|status| [303, 423].contains(status)),
            "{statuses:?}"
        );
        let history = anna.history().await;
        assert!(history[0].ends_with("closed the decision"), "{history:?}");
        assert_consistent(&[&savt, &other]).await;
        let after = anna.page().await.shown.items.len();
        assert_eq!(after, before + added);
        other.person().post("/reopen", &[]).await.is(303);
    }
}
