//! The projector view: the same rows, the link to join, and its own entity tag.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
    qr,
};

const PROJECTOR_VIEW: &str = "?view=wall";

/// Requests the projector view with `If-None-Match`.
async fn get_if_none_match(person: &TestClient, etag: &str) -> Answer {
    let request = person.get_request("/?view=wall");
    send(request.header("If-None-Match", etag)).await.unwrap()
}

db_test!(the_projector_view_shows_the_board_and_its_link);
async fn the_projector_view_shows_the_board_and_its_link(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to <eat>").await;
    let board = alice.on_board(&base);
    board.set_name("<b>Alice</b>").await;
    let here = board.create_item("Here & there").await;
    let cheap = board.suggest("Cheap", 2, here).await;
    board.suggest("Quiet", 1, None).await;
    board.veto(cheap).await;

    let page = board.get("").await.is(200);
    let view = board.get(PROJECTOR_VIEW).await.is(200);
    assert_eq!(view.one("body.projector h1"), "Where to <eat>");
    for rows in ["#items", "#free-features", "#stats"] {
        assert_eq!(view.one(rows), page.one(rows));
    }
    let vetoed = view.one("#items .vetoed .feature-body");
    assert_eq!(vetoed, "Cheap ×2 vetoed by <b>Alice</b>");
    let stream = |answer: &Answer| answer.attribute("#connection", "hx-sse:connect");
    assert!(stream(&view).starts_with(&format!("{base}/events?since=")));

    let link = board.address_of("");
    assert_eq!(qr::in_page(&view.body), link);
    let short = link.strip_prefix("http://").unwrap();
    assert_eq!(view.one(".join .address"), short);
    assert!(view.one(".join").contains("works only on this machine"));
    let share = board.get("/share").await.is(200);
    assert_eq!(
        share.attribute(".share .hint a", "href"),
        format!("{base}{PROJECTOR_VIEW}")
    );
}

db_test!(the_projector_view_has_no_controls);
async fn the_projector_view_has_no_controls(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let empty = alice.get("/?view=wall").await.is(200);
    assert!(
        empty
            .one(".empty:not([hidden])")
            .contains("Nothing here yet")
    );
    for control in ["main a", "main form", "details", "footer > *"] {
        assert!(empty.all(control).is_empty(), "{control}: {}", empty.body);
    }
    alice.create_item("Margherita").await;
    let view = alice.get("/?view=wall").await.is(200);
    assert!(view.all(".empty:not([hidden])").is_empty());
    let other = alice.get("/?view=other").await.is(200);
    assert!(other.all(".projector").is_empty());
}

db_test!(the_projector_view_has_its_own_entity_tag);
async fn the_projector_view_has_its_own_entity_tag(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.page().await;
    let page = alice.get("").await.is(200).header("etag").to_owned();
    let view = alice.get("/?view=wall").await.is(200);
    let etag = view.header("etag");
    assert_ne!(etag, page);
    get_if_none_match(&alice, &page).await.is(200);
    get_if_none_match(&alice, etag).await.is(304);
    // With another host the link differs.
    let elsewhere = alice
        .get_request("/?view=wall")
        .header("Host", "savt.example");
    let elsewhere = elsewhere.header("If-None-Match", etag);
    let elsewhere = send(elsewhere).await.unwrap().is(200);
    assert_eq!(qr::in_page(&elsewhere.body), "http://savt.example/");
    assert!(elsewhere.all(".local-only").is_empty());
    alice.create_item("Margherita").await;
    get_if_none_match(&alice, etag).await.is(200);
}

db_test!(the_projector_view_leaves_the_flash_message_to_the_page);
async fn the_projector_view_leaves_the_flash_message_to_the_page(savt: Savt) {
    let alice = savt.person();
    alice.create_item("Margherita").await;
    let before = savt.stored().await;
    let view = alice.get("/?view=wall").await.is(200);
    assert!(view.toasts().is_empty());
    assert_eq!(savt.stored().await, before);
    let page = alice.page().await;
    assert_eq!(page.toasts, ["User-1 added Margherita"]);
}
