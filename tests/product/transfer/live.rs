//! A board that people look at is replaced: their pages load the other one, on every process, and go on.

use std::time::Duration;

use super::{Files, number, refusal};
use crate::harness::{
    app::Savt,
    consistency::assert_consistent,
    databases::{Fresh, db_test},
    stream::Stream,
};

db_test!(open_pages_load_the_board_that_replaces_theirs);
async fn open_pages_load_the_board_that_replaces_theirs(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let second = savt.another().await;
    let anna = savt.person_called("Anna").await;
    anna.create_item("Old").await;
    files.export(fresh.url(), &["main"], "old").expect_success();
    anna.create_item("Gone").await;
    let before = anna.page().await;
    let there = anna.moved_to(second.address());
    let mut here_stream = Stream::open(&anna, &before.stream, None).await;
    let mut there_stream = Stream::open(&there, &there.page().await.stream, None).await;

    let line = refusal(&files.import(fresh.url(), "old", &[]));
    assert!(line.contains("there is a board main already"), "{line}");
    let said = files
        .import(fresh.url(), "old", &["--replace"])
        .expect_success();
    assert!(
        said.ends_with(" events, in place of the one that was there\n"),
        "{said}"
    );
    here_stream.next_named("reload").await;
    there_stream.next_named("reload").await;
    for person in [&anna, &there] {
        let page = person.page().await;
        assert_eq!(page.shown.to_string(), "Old");
        assert_ne!(page.stream, before.stream, "another epoch");
    }
    // Nothing is left of the other one.
    let database = fresh.open().await;
    assert_eq!(
        number(&database, "SELECT count(*) AS number FROM boards").await,
        1
    );
    assert_eq!(
        number(&database, "SELECT count(*) AS number FROM items").await,
        1
    );

    // Both processes write to it, and show each other's changes.
    let mut stream = Stream::open(&anna, &anna.page().await.stream, None).await;
    there.create_item("There").await;
    let message = stream.next_event().await;
    assert!(message.data.contains("There"), "{message:?}");
    anna.create_item("Here").await;
    while there.sees().await != "Old\nThere\nHere" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_consistent(&[&savt, &second]).await;
}

db_test!(a_write_to_a_board_that_was_just_replaced_is_refused_once);
async fn a_write_to_a_board_that_was_just_replaced_is_refused_once(fresh: Fresh) {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    let anna = savt.person_called("Anna").await;
    anna.create_item("Old").await;
    files.export(fresh.url(), &["main"], "old").expect_success();
    anna.create_item("Gone").await;
    files
        .import(fresh.url(), "old", &["--replace"])
        .expect_success();
    // The page that sent it showed other rows, unless this process has noticed by itself.
    let answer = anna.post("/create/item/", &[("name", "New")]).await;
    assert!([303, 410].contains(&answer.status), "{}", answer.status);
    if answer.status == 410 {
        anna.create_item("New").await;
    }
    assert_eq!(anna.sees().await, "Old\nNew");
    assert_consistent(&[&savt]).await;
}

db_test!(the_untouched_main_board_is_replaced_while_a_server_shows_it);
async fn the_untouched_main_board_is_replaced_while_a_server_shows_it(fresh: Fresh) {
    let files = Files::new();
    let source = Savt::at(fresh.url()).await;
    let anna = source.person_called("Anna").await;
    anna.create_item("Moved").await;
    files
        .export(fresh.url(), &["main"], "main")
        .expect_success();
    let target = Fresh::migrated(fresh.open().await.backend()).await;
    let savt = Savt::at(target.url()).await;
    let page = savt.person().page().await;
    let mut stream = Stream::open(&savt.person(), &page.stream, None).await;
    // Boards that programs created are remembered with the board `main`.
    let key = [("Idempotency-Key", "a-key-of-a-program")];
    let create = || {
        let body = "{\"name\":\"Trip\"}";
        crate::harness::program::request(savt.address(), ("POST", "/boards"), &key, body)
    };
    let created = create().await.is(201);
    files.import(target.url(), "main", &[]).expect_success();
    stream.next_named("reload").await;
    let anna = anna.moved_to(savt.address());
    assert_eq!(anna.sees().await, "Moved");
    assert_eq!(create().await.is(201).body, created.body);
    assert_consistent(&[&savt]).await;
}
