//! The board cache and entity tags: a board is loaded once, a watched board stays, and an unchanged page is not sent
//! again.

use futures_util::future::join_all;
use reqwest::RequestBuilder;
use savt::board::CacheSize;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
    follower::Follower,
};

/// A board that is larger than the cache has it for itself.
const ONE_BOARD: CacheSize = CacheSize::kib(1);

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
    let savt = savt.another_with_cache(ONE_BOARD).await;
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
    let savt = savt.another_with_cache(ONE_BOARD).await;
    let alice = savt.person();
    let mut followers = Vec::new();
    for _ in 0..10 {
        let board = alice.on_board(&alice.create_board("A board").await);
        followers.push(Follower::open(&board).await);
    }
    assert!(savt.cache_state().boards >= 10);
    drop(followers);
    // At most the one cached board and one that is being evicted.
    wait_for_boards(&savt, &alice, 2).await;
}

/// Waits until at most this many boards are in memory: the cache drops evicted boards a little later.
async fn wait_for_boards(savt: &Savt, alice: &TestClient, most: usize) {
    for _ in 0..300 {
        alice.page().await;
        if savt.cache_state().boards <= most {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{:?}", savt.cache_state());
}

db_test!(boards_are_evicted_by_size);
async fn boards_are_evicted_by_size(savt: Savt) {
    savt.fill(20, 5).await;
    let savt = savt.another_with_cache(CacheSize::kib(2 * 1_024)).await;
    let alice = savt.person();
    let mut small = Vec::new();
    for _ in 0..10 {
        let board = alice.on_board(&alice.create_board("Small").await);
        board.page().await;
        small.push(board);
    }
    alice.page().await;
    let before = savt.cache_state();
    assert_eq!(before.boards, 11, "{before:?}");
    assert!(before.bytes < 1_024 * 1_024, "{before:?}");

    // A board in memory grows beyond the cache. It stays, because it is in use, and all others go.
    savt.fill(400, 5).await;
    alice.page().await;
    let grown = savt.cache_state();
    assert_eq!(grown.bytes, 2 * 1_024 * 1_024);
    wait_for_boards(&savt, &alice, 2).await;
    assert_eq!(savt.cache_state().misses, grown.misses);

    // The boards that are opened last stay.
    for board in &small {
        board.page().await;
    }
    let evicted = savt.cache_state();
    // One of them may not have been dropped yet.
    assert!(evicted.misses >= grown.misses + 9, "{evicted:?}");
    assert!(evicted.bytes < 1_024 * 1_024, "{evicted:?}");
}

db_test!(the_first_page_in_a_language_counts);
async fn the_first_page_in_a_language_counts(savt: Savt) {
    savt.fill(50, 5).await;
    let savt = savt.another().await;
    let alice = savt.person();
    alice.get("/healthz").await.is(200);
    savt.board_in_memory().await;
    let loaded = savt.cache_state().bytes;
    alice.page().await;
    let english = savt.cache_state().bytes;
    send(alice.get_request("/").header("Accept-Language", "de"))
        .await
        .unwrap()
        .is(200);
    let german = savt.cache_state().bytes;
    assert!(english > 2 * loaded, "{loaded}, {english}");
    assert!(
        german - english > (english - loaded) / 2,
        "{english}, {german}"
    );
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
