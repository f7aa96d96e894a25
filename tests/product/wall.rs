//! The board on the wall: the same rows, the way to take part, and a page of its own for caches.

use crate::harness::{
    app::Savt,
    client::{Answer, Person, send},
    databases::on_both,
    qr,
};

const WALL: &str = "?view=wall";

/// The wall for a browser that has this already.
async fn wall_if_not(person: &Person, etag: &str) -> Answer {
    let request = person.getting_at("/?view=wall");
    send(request.header("If-None-Match", etag)).await.unwrap()
}

on_both!(the_wall_shows_the_board_and_how_to_join);
async fn the_wall_shows_the_board_and_how_to_join(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to <eat>").await;
    let board = alice.on_board(&base);
    board.call("<b>Alice</b>").await;
    let here = board.create_item("Here & there").await;
    let cheap = board.suggest("Cheap", 2, here).await;
    board.suggest("Quiet", 1, None).await;
    board.veto(cheap).await;

    let page = board.get("").await.is(200);
    let wall = board.get(WALL).await.is(200);
    assert_eq!(wall.one("body.wall h1"), "Where to <eat>");
    for rows in ["#items", "#free-features", "#stats"] {
        assert_eq!(wall.one(rows), page.one(rows));
    }
    let vetoed = wall.one("#items .vetoed .what");
    assert_eq!(vetoed, "Cheap ×2 vetoed by <b>Alice</b>");
    let stream = |answer: &Answer| answer.attribute("#connection", "hx-sse:connect");
    assert!(stream(&wall).starts_with(&format!("{base}/events?since=")));

    let link = board.address_of("");
    assert_eq!(qr::in_page(&wall.body), link);
    let short = link.strip_prefix("http://").unwrap();
    assert_eq!(wall.one(".join .address"), short);
    assert!(wall.one(".join").contains("no other device can open it"));
    let share = board.get("/share").await.is(200);
    assert_eq!(
        share.attribute(".share .hint a", "href"),
        format!("{base}{WALL}")
    );
}

on_both!(nothing_of_the_page_around_the_board_is_on_the_wall);
async fn nothing_of_the_page_around_the_board_is_on_the_wall(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let empty = alice.get("/?view=wall").await.is(200);
    assert!(
        empty
            .one(".empty:not([hidden])")
            .contains("Nothing here yet")
    );
    for control in ["main a", "form", "details", "footer > *"] {
        assert!(empty.all(control).is_empty(), "{control}: {}", empty.body);
    }
    alice.create_item("Margherita").await;
    let wall = alice.get("/?view=wall").await.is(200);
    assert!(wall.all(".empty:not([hidden])").is_empty());
    let other = alice.get("/?view=other").await.is(200);
    assert!(other.all(".wall").is_empty());
}

on_both!(the_wall_has_an_entity_tag_of_its_own);
async fn the_wall_has_an_entity_tag_of_its_own(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.page().await;
    let page = alice.get("").await.is(200).header("etag").to_owned();
    let wall = alice.get("/?view=wall").await.is(200);
    let etag = wall.header("etag");
    assert_ne!(etag, page);
    wall_if_not(&alice, &page).await.is(200);
    wall_if_not(&alice, etag).await.is(304);
    // The link in it is another one there.
    let elsewhere = alice
        .getting_at("/?view=wall")
        .header("Host", "savt.example");
    let elsewhere = elsewhere.header("If-None-Match", etag);
    let elsewhere = send(elsewhere).await.unwrap().is(200);
    assert_eq!(qr::in_page(&elsewhere.body), "http://savt.example/");
    assert!(elsewhere.all(".only-here").is_empty());
    alice.create_item("Margherita").await;
    wall_if_not(&alice, etag).await.is(200);
}

on_both!(the_wall_takes_no_word_from_the_page_and_changes_nothing);
async fn the_wall_takes_no_word_from_the_page_and_changes_nothing(savt: Savt) {
    let alice = savt.person();
    alice.create_item("Margherita").await;
    let before = savt.stored().await;
    let wall = alice.get("/?view=wall").await.is(200);
    assert!(wall.toasts().is_empty());
    assert_eq!(savt.stored().await, before);
    let page = alice.page().await;
    assert_eq!(page.toasts, ["User-1 added Margherita"]);
}
