//! Boards in memory: loaded once however many ask, one of each however few are kept, and sent only to those who lack them.

use futures_util::future::join_all;
use reqwest::RequestBuilder;

use crate::harness::{
    app::Savt,
    client::{Answer, Person, send},
    databases::on_both,
    follower::Follower,
};

on_both!(a_thousand_readers_load_a_board_once);
async fn a_thousand_readers_load_a_board_once(savt: Savt) {
    savt.person().create_item("Margherita").await;
    let fresh = savt.another().await;
    let boards = join_all((0..1_000).map(|_| fresh.remembered())).await;
    let stored = savt.stored().await;
    assert!(boards.iter().all(|board| *board == stored));
    let state = fresh.cache_state();
    assert_eq!((state.boards, state.hits, state.misses), (1, 999, 1));
}

on_both!(a_board_that_is_watched_is_there_once_though_there_is_no_room);
async fn a_board_that_is_watched_is_there_once_though_there_is_no_room(savt: Savt) {
    let savt = savt.another_that_keeps(1).await;
    let alice = savt.person();
    let mut watched = Vec::new();
    for name in ["One", "Other", "Third"] {
        let board = alice.on_board(&alice.create_board(name).await);
        watched.push((Follower::of(&board).await, board));
    }
    for n in 0..10 {
        let crowds_out = alice.on_board(&alice.create_board("Another").await);
        crowds_out.create_item("").await;
        let misses = savt.cache_state().misses;
        for (follower, board) in &mut watched {
            board.create_item(&format!("Pizza {n}")).await;
            follower.is_as_loaded().await;
            assert_eq!(follower.page.shown.items.len(), n + 1);
        }
        assert_eq!(savt.cache_state().misses, misses, "none was loaded again");
    }
    for (follower, _) in &watched {
        assert_eq!(follower.reloads, 0);
    }
}

on_both!(a_board_nobody_watches_makes_room);
async fn a_board_nobody_watches_makes_room(savt: Savt) {
    let savt = savt.another_that_keeps(1).await;
    let alice = savt.person();
    let mut followers = Vec::new();
    for _ in 0..10 {
        let board = alice.on_board(&alice.create_board("A board").await);
        followers.push(Follower::of(&board).await);
    }
    assert!(savt.cache_state().boards >= 10);
    drop(followers);
    for _ in 0..100 {
        alice.page().await;
        // What is there is at most what is kept, and what is just going.
        if savt.cache_state().boards <= 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:?}", savt.cache_state());
}

/// The page, for a browser that has it as it was under this tag.
async fn page_if_not(person: &Person, etag: &str) -> Answer {
    let request: RequestBuilder = person.getting_at("/");
    send(request.header("If-None-Match", etag)).await.unwrap()
}

on_both!(a_page_that_has_not_changed_is_not_sent_again);
async fn a_page_that_has_not_changed_is_not_sent_again(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let told = alice.get("").await.is(200);
    assert_eq!(told.toasts().len(), 1);
    assert!(!told.headers.contains_key("etag"), "a toast shows once");

    let page = alice.get("").await.is(200);
    let etag = page.header("etag").to_owned();
    let same = page_if_not(&alice, &etag).await.is(304);
    assert_eq!(same.body, "");
    // Compressed or not, it is the same page.
    assert_eq!(
        same.header("etag").trim_start_matches("W/"),
        etag.trim_start_matches("W/")
    );
    let bob = savt.person();
    page_if_not(&bob, &etag).await.is(200);

    savt.person().veto(ham).await;
    let changed = page_if_not(&alice, &etag).await.is(200);
    assert_ne!(changed.header("etag"), etag);
    assert!(changed.page().shown.to_string().contains("vetoed by"));
}

on_both!(whoever_becomes_somebody_else_gets_another_page);
async fn whoever_becomes_somebody_else_gets_another_page(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let laptop = savt.person();
    let etag = laptop.get("").await.is(200).header("etag").to_owned();
    laptop.claim("Alice").await;
    let page = page_if_not(&laptop, &etag).await.is(200);
    assert_eq!(page.page().me, "You are Alice");
    // A person has the same page on each browser.
    let [one, other] = [alice.page().await, laptop.page().await];
    assert_eq!(one.shown, other.shown);
}
