//! Closing a board, its deadline, and reopening it: rule 15, through HTTP.

mod deadline;
mod refusals;

use crate::harness::{
    app::Savt, client::TestClient, databases::db_test, follower::Follower, stream::Stream,
};

/// Anna's board with Margherita, which everybody can live with, and Hawaii, whose Pineapple Bob has vetoed.
pub async fn populated(savt: &Savt) -> TestClient {
    let anna = savt.person_called("Anna").await;
    let margherita = anna.create_item("Margherita").await;
    anna.suggest("Basil", 1, margherita).await;
    let hawaii = anna.create_item("Hawaii").await;
    let pineapple = anna.suggest("Pineapple", 1, hawaii).await;
    savt.person_called("Bob").await.veto(pineapple).await;
    anna
}

db_test!(a_board_is_closed_with_an_outcome_and_reopened);
async fn a_board_is_closed_with_an_outcome_and_reopened(savt: Savt) {
    let anna = populated(&savt).await;
    let open = anna.get("").await.is(200);
    assert_eq!(open.one("#outcome"), "");
    assert_eq!(open.attribute(".closing-link a", "href"), "/close");

    let form = anna.get("/close").await.is(200);
    assert_eq!(form.all("#close-form > fieldset .choice"), ["Margherita"]);
    assert_eq!(form.all("#close-form > details .choice"), ["Hawaii"]);
    let fields = [("chosen", "1"), ("outcome", "At  8,\r\nat Anna's")];
    let answer = anna.post("/close", &fields).await.is(303);
    assert_eq!(answer.header("location"), "/");

    for path in ["", "?view=wall", "/items/1"] {
        let page = anna.get(path).await.is(200);
        assert_eq!(page.one("#outcome h2"), "Decided: Margherita", "{path}");
        assert_eq!(page.all("#outcome[data-closed]").len(), 1, "{path}");
        assert_eq!(page.one("#outcome .sentence"), "At 8, at Anna's", "{path}");
        let by = page.one("#outcome .hint");
        assert!(by.starts_with("Closed by Anna on "), "{by}");
        assert_eq!(page.all("#outcome time").len(), 1, "{path}");
    }
    let page = anna.get("").await.is(200);
    assert_eq!(page.attribute("#outcome a", "href"), "/result");
    assert_eq!(page.all("#item-1 .chosen"), ["Chosen"]);
    assert!(page.all("#item-2 .chosen").is_empty());
    // Nothing but the closing can be undone.
    let history = anna.get("/history").await.is(200);
    assert_eq!(
        history.one("li.event > p"),
        "Anna closed the decision with Margherita"
    );
    assert_eq!(history.all("li.event form"), ["Undo"]);
    assert!(history.all(".own-changes").is_empty());

    savt.person().post("/reopen", &[]).await.is(303);
    let page = anna.get("").await.is(200);
    assert_eq!(page.one("#outcome"), "");
    assert!(page.all(".chosen").is_empty());
    anna.create_item("Marinara").await;
    // Undoing the reopening gives back what was decided.
    let history = anna.get("/history").await.is(200);
    assert!(history.all("li.event form").len() > 5);
    let reopened = history.all("li.event > p");
    let at = reopened
        .iter()
        .position(|text| text.ends_with("reopened the decision"));
    let number = reopened.len() - at.unwrap();
    anna.undo(number as i64).await;
    let page = anna.get("").await.is(200);
    assert_eq!(page.one("#outcome h2"), "Decided: Margherita");
}

db_test!(an_outcome_is_optional);
async fn an_outcome_is_optional(savt: Savt) {
    let anna = populated(&savt).await;
    let board = anna.on_board(&anna.create_board("Venues").await);
    board.post("/close", &[]).await.is(303);
    let page = board.get("").await.is(200);
    assert_eq!(page.one("#outcome h2"), "The decision is closed");
    assert!(page.all("#outcome .sentence").is_empty());
    // Only that board.
    assert_eq!(anna.get("").await.one("#outcome"), "");
    // The form of a closed board only reopens it.
    let form = board.get("/close").await.is(200);
    assert!(form.all("#close-form, #deadline-form").is_empty());
    let german = board.reading("de").get("").await.is(200);
    assert_eq!(
        german.one("#outcome h2"),
        "Die Entscheidung ist geschlossen"
    );
}

db_test!(several_items_are_chosen);
async fn several_items_are_chosen(savt: Savt) {
    let anna = populated(&savt).await;
    let fields = [("chosen", "2"), ("chosen", "1"), ("chosen", "2")];
    anna.post("/close", &fields).await.is(303);
    let page = anna.get("").await.is(200);
    assert_eq!(page.one("#outcome h2"), "Decided: Margherita, Hawaii");
    assert_eq!(page.all("#items .chosen").len(), 2);
}

db_test!(a_rejected_outcome_is_shown_again);
async fn a_rejected_outcome_is_shown_again(savt: Savt) {
    let anna = populated(&savt).await;
    let long = "x".repeat(501);
    let gone = anna.create_item("Marinara").await;
    anna.delete_item(gone).await;
    let gone = gone.to_string();
    for (fields, status, reason) in [
        ([("chosen", "2"), ("outcome", &long)], 422, "at most 500"),
        ([("chosen", "two"), ("outcome", "Yes")], 422, ""),
        ([("chosen", "77"), ("outcome", "Yes")], 404, ""),
        ([("chosen", &gone), ("outcome", "Yes")], 410, "Marinara"),
    ] {
        let page = anna.post("/close", &fields).await.is(status);
        let found = page.one("#close-reason");
        assert!(!found.is_empty() && found.contains(reason), "{found}");
        assert_eq!(page.one("#close-form textarea"), fields[1].1);
        let checked = page.all("#close-form [checked]").len();
        assert_eq!(checked, usize::from(fields[0].1 == "2"));
        let answer = anna.with_htmx().post("/close", &fields).await.is(status);
        let targets = answer.targets();
        assert!(
            targets.contains(&"innerHTML #close-reason".to_owned()),
            "{targets:?}"
        );
    }
    assert_eq!(anna.get("").await.one("#outcome"), "");
}

db_test!(closing_reaches_every_open_page);
async fn closing_reaches_every_open_page(savt: Savt) {
    let anna = populated(&savt).await;
    let other = savt.another().await;
    let page = anna.page().await;
    let mut here = Stream::open(&anna, &page.stream, None).await;
    let watcher = other.person();
    let mut there = Stream::open(&watcher, &page.stream, None).await;
    let answer = anna.with_htmx();
    let answer = answer.post("/close", &[("chosen", "1")]).await.is(200);
    let toast = "beforeend #toasts".to_owned();
    let fragments = [
        "outerMorph #consent",
        "outerMorph #item-1-head",
        "outerMorph #outcome",
        "outerMorph #stats",
    ];
    let mut targets = answer.targets();
    targets.retain(|target| *target != toast && target != "innerHTML #close-reason");
    targets.sort();
    assert_eq!(targets, fragments);
    for stream in [&mut here, &mut there] {
        let message = stream.next_event().await;
        let mut targets = message.targets();
        targets.sort();
        assert_eq!(targets, fragments);
        assert!(message.data.contains("Decided: <bdi>Margherita</bdi>"));
        assert!(message.data.contains("class=\"chosen\""));
    }
    watcher.post("/reopen", &[]).await.is(303);
    for stream in [&mut here, &mut there] {
        let message = stream.next_event().await;
        assert!(message.data.contains("<section id=\"outcome\"></section>"));
        assert!(!message.data.contains("class=\"chosen\""));
    }
    // The fragments lead to the page that is loaded.
    let mut follower = Follower::open(&watcher).await;
    anna.post("/close", &[("chosen", "2")]).await.is(303);
    follower.assert_matches_reload().await;
    assert_eq!(follower.reloads, 0);
    // Who closed the board is told with the name of today.
    anna.set_name("Anne").await;
    let message = here.collect_until(anna.last_event().await).await;
    assert!(message.last().unwrap().data.contains("<bdi>Anne</bdi>"));
}
