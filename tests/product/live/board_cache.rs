//! The board cache and entity tags: a board is loaded once, a watched board stays, and an unchanged page is not sent
//! again.

use futures_util::future::join_all;
use reqwest::RequestBuilder;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
    follower::Follower,
};

db_test!(concurrent_readers_load_a_board_once);
async fn concurrent_readers_load_a_board_once(savt: Savt) {
    savt.person().create_item("Margherita").await;
    let fresh = savt.another().await;
    let boards = join_all((0..1_000).map(|_| fresh.board_in_memory())).await;
    let stored = savt.stored().await;
    assert!(boards.iter().all(|board| *board == stored));
    let state = fresh.cache_state();
    assert_eq!((state.boards, state.hits, state.misses), (1, 999, 1));
}

db_test!(a_watched_board_is_never_evicted);
async fn a_watched_board_is_never_evicted(savt: Savt) {
    let savt = savt.another_with_cache(1).await;
    let alice = savt.person();
    let mut watched = Vec::new();
    for name in ["One", "Other", "Third"] {
        let board = alice.on_board(&alice.create_board(name).await);
        watched.push((Follower::open(&board).await, board));
    }
    for n in 0..10 {
        let evicts = alice.on_board(&alice.create_board("Another").await);
        evicts.create_item("").await;
        let misses = savt.cache_state().misses;
        for (follower, board) in &mut watched {
            board.create_item(&format!("Pizza {n}")).await;
            follower.assert_matches_reload().await;
            assert_eq!(follower.page.shown.items.len(), n + 1);
        }
        assert_eq!(
            savt.cache_state().misses,
            misses,
            "no watched board is reloaded"
        );
    }
    for (follower, _) in &watched {
        assert_eq!(follower.reloads, 0);
    }
}

db_test!(unwatched_boards_are_evicted);
async fn unwatched_boards_are_evicted(savt: Savt) {
    let savt = savt.another_with_cache(1).await;
    let alice = savt.person();
    let mut followers = Vec::new();
    for _ in 0..10 {
        let board = alice.on_board(&alice.create_board("A board").await);
        followers.push(Follower::open(&board).await);
    }
    assert!(savt.cache_state().boards >= 10);
    drop(followers);
    for _ in 0..100 {
        alice.page().await;
        // At most the one cached board and one that is being evicted.
        if savt.cache_state().boards <= 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:?}", savt.cache_state());
}

/// Requests the page with `If-None-Match`.
async fn get_if_none_match(person: &TestClient, etag: &str) -> Answer {
    let request: RequestBuilder = person.get_request("/");
    send(request.header("If-None-Match", etag)).await.unwrap()
}

db_test!(an_unchanged_page_answers_304);
async fn an_unchanged_page_answers_304(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let with_toast = alice.get("").await.is(200);
    assert_eq!(with_toast.toasts().len(), 1);
    assert!(
        !with_toast.headers.contains_key("etag"),
        "a page with a toast has no entity tag"
    );

    let page = alice.get("").await.is(200);
    let etag = page.header("etag").to_owned();
    let same = get_if_none_match(&alice, &etag).await.is(304);
    assert_eq!(same.body, "");
    // Compression may weaken the tag.
    assert_eq!(
        same.header("etag").trim_start_matches("W/"),
        etag.trim_start_matches("W/")
    );
    let bob = savt.person();
    get_if_none_match(&bob, &etag).await.is(200);

    savt.person().veto(ham).await;
    let changed = get_if_none_match(&alice, &etag).await.is(200);
    assert_ne!(changed.header("etag"), etag);
    assert!(changed.page().shown.to_string().contains("vetoed by"));
}

db_test!(claiming_a_name_changes_the_entity_tag);
async fn claiming_a_name_changes_the_entity_tag(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let laptop = savt.person();
    let etag = laptop.get("").await.is(200).header("etag").to_owned();
    laptop.claim("Alice").await;
    let page = get_if_none_match(&laptop, &etag).await.is(200);
    assert_eq!(page.page().me, "You are Alice");
    // Both browsers of a participant get the same page.
    let [one, other] = [alice.page().await, laptop.page().await];
    assert_eq!(one.shown, other.shown);
}
