//! Each board has its own stream, which neither needs the database nor writes to it.

use std::time::Duration;

use crate::harness::{
    app::Savt,
    consistency::load_and_replay,
    databases::{Fresh, db_test},
    follower::Follower,
    postgres::{Cluster, Options},
    process::Process,
    stream::{Stream, StreamError},
};

db_test!(streams_are_isolated_by_board);
async fn streams_are_isolated_by_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let [one, other] = [
        alice.on_board(&alice.create_board("One").await),
        alice.on_board(&alice.create_board("Other").await),
    ];
    let mut main = Stream::open(&alice, "/events", None).await;
    let [mut at_one, mut at_other] = [Follower::open(&one).await, Follower::open(&other).await];
    one.create_item("Only at one").await;
    at_one.assert_matches_reload().await;
    assert_eq!(at_one.page.shown.to_string(), "Only at one");
    other.create_item("Only at other").await;
    at_other.assert_matches_reload().await;
    assert_eq!(at_other.page.shown.to_string(), "Only at other");
    alice.create_item("Only at main").await;
    let version = savt.stored().await.version();
    for message in main.collect_until(version).await {
        assert!(!message.data.contains("Only at o"), "{}", message.data);
    }
}

db_test!(an_unknown_board_has_no_stream);
async fn an_unknown_board_has_no_stream(savt: Savt) {
    for address in ["/b/nowhere/events", "/b/aaaaaaaaaaaaaaaaaaaaaaaaaa/events"] {
        let refused = Stream::try_open(&savt.person(), address, None).await;
        let Err(StreamError::Answer(answer)) = refused else {
            panic!("an unknown board has a stream at {address}");
        };
        assert_eq!(answer.status, 404);
    }
}

db_test!(following_a_board_writes_nothing);
async fn following_a_board_writes_nothing(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let before = load_and_replay(savt.database()).await;
    for stranger in savt.people(5) {
        let mut follower = Follower::open(&stranger).await;
        stranger.get("/presence").await.is(200);
        follower.drop_stream();
        follower.resume().await;
        follower.assert_matches_reload().await;
    }
    assert_eq!(load_and_replay(savt.database()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_works_without_the_database() {
    let mut cluster = Cluster::start(&Options {
        durable: true,
        ..Options::default()
    });
    let url = cluster.url("postgres");
    let settings = savt::db::Settings::new(url.parse().unwrap());
    let database = savt::db::Database::open(&settings).await.unwrap();
    database.migrate().await.unwrap();
    let savt = Savt::at(&url).await;
    let alice = savt.person_called("Alice").await;
    let before = alice.page().await.version;
    alice.create_item("Margherita").await;

    cluster.stop();
    let mut follower = Follower::open(&savt.person()).await;
    follower.assert_matches_reload().await;
    // Without the log the missed events are unknown.
    let mut back = Stream::open(&alice, "/events", Some(&before.to_string())).await;
    back.next_named("reload").await;

    cluster.start_again();
    for _ in 0..200 {
        let fields = [("name", "Marinara")];
        if alice.post("/create/item/", &fields).await.status == 303 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    follower.assert_matches_reload().await;
    assert_eq!(follower.page.shown.to_string(), "Margherita\nMarinara");
    assert_eq!(follower.reloads, 0);
    assert_eq!(back.next_event().await.number(), Some(follower.last()));
}

db_test!(shutdown_ends_all_streams);
async fn shutdown_ends_all_streams(fresh: Fresh) {
    let mut process = Process::serve(fresh.url());
    let alice = process.person();
    alice.create_item("Margherita").await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(Stream::open(&process.person(), "/events", None).await);
    }
    process.terminate();
    for stream in &mut streams {
        while stream.next_or_end().await.is_some() {}
    }
    // Before the shutdown grace period of 10 s ends.
    let ended = process.ended_within(Duration::from_secs(9)).await;
    assert!(ended.expect("the process did not stop in time").success());
}
