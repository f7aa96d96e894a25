//! Each board has a stream of its own, which needs no database and leaves nothing in one.

use std::time::Duration;

use crate::harness::{
    agreement::stored_whole,
    app::Savt,
    databases::{Fresh, on_both},
    follower::Follower,
    postgres::{Cluster, Options},
    process::Process,
    stream::{Refused, Stream},
};

on_both!(nothing_of_a_board_reaches_the_stream_of_another);
async fn nothing_of_a_board_reaches_the_stream_of_another(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let [one, other] = [
        alice.on_board(&alice.create_board("One").await),
        alice.on_board(&alice.create_board("Other").await),
    ];
    let mut main = Stream::open(&alice, "/events", None).await;
    let [mut at_one, mut at_other] = [Follower::of(&one).await, Follower::of(&other).await];
    one.create_item("Only at one").await;
    at_one.is_as_loaded().await;
    assert_eq!(at_one.page.shown.to_string(), "Only at one");
    other.create_item("Only at other").await;
    at_other.is_as_loaded().await;
    assert_eq!(at_other.page.shown.to_string(), "Only at other");
    alice.create_item("Only at main").await;
    let version = savt.stored().await.version();
    for message in main.until(version).await {
        assert!(!message.data.contains("Only at o"), "{}", message.data);
    }
}

on_both!(a_board_nobody_knows_has_no_stream);
async fn a_board_nobody_knows_has_no_stream(savt: Savt) {
    for address in ["/b/nowhere/events", "/b/aaaaaaaaaaaaaaaaaaaaaaaaaa/events"] {
        let refused = Stream::ask(&savt.person(), address, None).await;
        let Err(Refused::Answer(answer)) = refused else {
            panic!("a stream at {address}");
        };
        assert_eq!(answer.status, 404);
    }
}

on_both!(looking_on_writes_nothing);
async fn looking_on_writes_nothing(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let before = stored_whole(savt.database()).await;
    for stranger in savt.people(5) {
        let mut follower = Follower::of(&stranger).await;
        stranger.get("/presence").await.is(200);
        follower.drop_stream();
        follower.resume().await;
        follower.is_as_loaded().await;
    }
    assert_eq!(stored_whole(savt.database()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_needs_no_database() {
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
    let mut follower = Follower::of(&savt.person()).await;
    follower.is_as_loaded().await;
    // The log is away, so nobody can say what was missed.
    let mut back = Stream::open(&alice, "/events", Some(&before.to_string())).await;
    back.event("reload").await;

    cluster.start_again();
    for _ in 0..200 {
        let fields = [("name", "Marinara")];
        if alice.post("/create/item/", &fields).await.status == 303 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    follower.is_as_loaded().await;
    assert_eq!(follower.page.shown.to_string(), "Margherita\nMarinara");
    assert_eq!(follower.reloads, 0);
    assert_eq!(back.step().await.number(), Some(follower.last()));
}

on_both!(told_to_stop_it_ends_its_streams);
async fn told_to_stop_it_ends_its_streams(fresh: Fresh) {
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
    // Sooner than it would give up what is under way, which is 10 s.
    let ended = process.ended_within(Duration::from_secs(9)).await;
    assert!(ended.expect("still there").success());
}
