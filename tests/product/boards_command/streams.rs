//! Open streams of a board that is deleted end with a clear word, on all servers.

use super::{boards, slug_of};
use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    stream::{Stream, StreamError},
};

async fn follow(person: &TestClient, base: &str) -> [Stream; 2] {
    let page = person.on_board(base).page().await;
    let api = format!("/api/v1/boards/{}/events", slug_of(base));
    let accept = person.on_board("");
    [
        Stream::open(&accept, &page.stream, None).await,
        Stream::open(&accept, &api, None).await,
    ]
}

db_test!(open_streams_say_that_the_board_was_deleted_and_end);
async fn open_streams_say_that_the_board_was_deleted_and_end(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let another = savt.another().await;
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    alice.on_board(&base).create_item("Margherita").await;
    let mut open = Vec::new();
    for server in [&savt, &another] {
        let person = alice.moved_to(server.address());
        let [mut page, mut api] = follow(&person, &base).await;
        page.next_named("hello").await;
        api.next().await;
        open.push((person, page, api));
    }
    boards(fresh.url(), &["delete", slug_of(&base), "--yes"]).expect_success();
    for (person, mut page, mut api) in open {
        // The page that it then loads says why.
        page.next_named("reload").await;
        assert_eq!(page.next_or_end().await, None);
        let deleted = api.next_named("deleted").await;
        assert_eq!(deleted.data, "{}");
        assert_eq!(api.next_or_end().await, None);
        let address = format!("{base}/events");
        let again = Stream::try_open(&person.on_board(""), &address, Some("1")).await;
        let Err(StreamError::Answer(answer)) = again else {
            panic!("a deleted board has a stream");
        };
        assert_eq!(answer.status, 410);
    }
}
