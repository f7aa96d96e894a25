//! The epoch of a board: pages and streams do not take a restored history for the one they know.

use std::time::{Duration, Instant};

use diesel::sql_query;
use savt::{
    board::{Boards, CacheSize, renew_epochs},
    db::{Backend, Database},
    model::Slug,
    view::Languages,
};
use tokio::time::timeout;

use crate::harness::{
    app::Savt,
    consistency::assert_consistent,
    databases::{Fresh, FromDatabase, db_test},
    stream::Stream,
};

/// Takes the last event of the board `main`, which created an item, out of the database, as a restored backup does.
pub async fn lose_last_item(database: &Database) {
    run(
        database,
        &[
            "DELETE FROM events WHERE board_id = 1 AND number = (SELECT version FROM boards WHERE id = 1)",
            "DELETE FROM items WHERE board_id = 1 AND id = (SELECT last_item FROM boards WHERE id = 1)",
            "UPDATE boards SET version = version - 1, last_item = last_item - 1 WHERE id = 1",
        ],
    )
    .await;
}

async fn run(database: &Database, statements: &[&str]) {
    let mut transaction = database.write().await.unwrap();
    for statement in statements {
        let changed = transaction.execute(sql_query(*statement)).await;
        assert_eq!(changed.unwrap(), 1, "{statement}");
    }
    transaction.commit().await.unwrap();
}

db_test!(a_restored_history_has_another_etag_and_its_streams_reload);
async fn a_restored_history_has_another_etag_and_its_streams_reload(fresh: Fresh) {
    let before = Savt::at(fresh.url()).await;
    let alice = before.person_called("Alice").await;
    alice.create_item("Kept").await;
    alice.create_item("Lost").await;
    // The first page after an action has a message and no entity tag.
    alice.page().await;
    let page = alice.get("").await.is(200);
    let (etag, old) = (page.header("etag").to_owned(), page.page());
    drop(before);

    let database = fresh.open().await;
    lose_last_item(&database).await;
    assert_eq!(renew_epochs(&database).await.unwrap(), 1);

    let after = Savt::at(fresh.url()).await;
    let alice = alice.moved_to(after.address());
    alice.create_item("Other").await;
    let page = alice.page().await;
    assert_eq!(page.version, old.version, "the same number, another event");
    let request = alice.get_request("").header("If-None-Match", &etag);
    assert_eq!(request.send().await.unwrap().status(), 200);

    let known = old.version.to_string();
    for last in [None, Some("1"), Some(known.as_str())] {
        let mut stream = Stream::open(&alice, &old.stream, last).await;
        assert_eq!(stream.next().await.id, None, "{last:?}");
        let reload = stream.next().await;
        assert_eq!(reload.event.as_deref(), Some("reload"), "{last:?}");
    }
    let invalid = format!("/events?since={known}&epoch=none");
    Stream::open(&alice, &invalid, None)
        .await
        .next_named("reload")
        .await;
    // The new page, and a page of a version without epochs, are up to date.
    for address in [page.stream, format!("/events?since={known}")] {
        let mut stream = Stream::open(&alice, &address, None).await;
        assert_eq!(stream.next().await.number(), Some(old.version), "{address}");
    }
}

db_test!(every_board_has_an_epoch_of_its_own);
async fn every_board_has_an_epoch_of_its_own(savt: Savt) {
    let alice = savt.person();
    let other = alice.on_board(&alice.create_board("Where to eat").await);
    let epoch = async || {
        let [main, other] = [&alice, &other].map(|board| board.get(""));
        let pages = [main.await.is(200), other.await.is(200)];
        pages.map(|page| page.attribute("#connection", "data-epoch"))
    };
    let [main, other] = epoch().await;
    assert!(
        main != "0" && other != "0" && main != other,
        "{main} {other}"
    );
}

db_test!(a_board_that_lost_events_under_a_running_server_gets_a_new_epoch);
async fn a_board_that_lost_events_under_a_running_server_gets_a_new_epoch(savt: Savt) {
    let another = savt.another().await;
    let alice = savt.person_called("Alice").await;
    alice.create_item("Kept").await;
    alice.create_item("Lost").await;
    let epoch = savt.stored().await.epoch;
    let page = alice.page().await;
    let mut stream = Stream::open(&alice, &page.stream, None).await;
    let bob = another.person();
    let mut at_another = Stream::open(&bob, &bob.page().await.stream, None).await;

    lose_last_item(savt.database()).await;
    // The first change finds out.
    alice.create_item("New").await;
    stream.next_named("reload").await;
    at_another.next_named("reload").await;
    assert_ne!(savt.stored().await.epoch, epoch);
    wait_until_current(&another).await;
    assert_consistent(&[&savt, &another]).await;
    assert_eq!(bob.sees().await, "Kept\nNew");
}

db_test!(another_event_at_the_known_number_is_another_history);
async fn another_event_at_the_known_number_is_another_history(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("One").await;
    let mut stream = Stream::open(&alice, &alice.page().await.stream, None).await;
    run(
        savt.database(),
        &["UPDATE events SET at = '2026-01-31 12:00:00.123456' WHERE board_id = 1 AND number = (SELECT version FROM boards WHERE id = 1)"],
    )
    .await;
    let another = savt.another().await;
    another.person().create_item("Two").await;
    stream.next_named("reload").await;
    wait_until_current(&another).await;
    assert_consistent(&[&savt, &another]).await;
}

/// Without notifications, a process only compares its boards with the database every 30 s.
#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_that_began_before_a_process_had_a_connection_is_announced() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savt = Savt::from_database(fresh).await;
    let alice = savt.person_called("Alice").await;
    alice.create_item("Kept").await;
    alice.create_item("Lost").await;
    let mut stream = Stream::open(&alice, &alice.page().await.stream, None).await;
    stream.next_named("hello").await;

    // Another process, whose connection for notifications is not up yet.
    let boards = Boards::new(
        savt.database().clone(),
        Languages::default(),
        CacheSize::default(),
    );
    let main = boards.open(&Slug::main()).await.unwrap();
    assert_eq!(
        main.read().await.board.version(),
        savt.stored().await.version()
    );
    lose_last_item(savt.database()).await;
    let epoch = savt.stored().await.epoch;
    let until = Instant::now() + Duration::from_secs(15);
    while savt.stored().await.epoch == epoch {
        assert!(Instant::now() < until, "the loss was not noticed");
        main.read().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    boards.start_peer_sync();
    let reload = timeout(Duration::from_secs(15), stream.next_named("reload"));
    reload.await.expect("the epoch was not announced");
}

/// Waits until a server has the stored board in memory.
async fn wait_until_current(savt: &Savt) {
    let stored = savt.stored().await;
    let started = Instant::now();
    loop {
        let board = savt.board_in_memory().await;
        if (board.epoch, board.version()) == (stored.epoch, stored.version()) {
            return;
        }
        // Longer than the interval at which processes compare their boards with the database, 30 s.
        assert!(started.elapsed() < Duration::from_secs(60), "an old board");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
