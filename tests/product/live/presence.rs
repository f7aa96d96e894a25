//! Presence: the number of participants with an open page, live, and their names on request.

use std::time::Duration;

use futures_util::future::join_all;
use savt::{
    board::{Boards, CacheSize},
    db::Backend,
    model::{BrowserId, Slug},
    view::{Language, Languages},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
};

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    follower::Follower,
    process::Process,
    stream::Stream,
};

/// Longer than the batching delay of presence updates.
const SILENCE: Duration = Duration::from_secs(2);

async fn open_stream(person: &TestClient) -> Stream {
    Stream::open(person, "/events", None).await
}

db_test!(presence_lasts_while_the_stream_is_open);
async fn presence_lasts_while_the_stream_is_open(savt: Savt) {
    let mut alice = open_stream(&savt.person()).await;
    alice.wait_for_presence(1).await;
    let mut bob = open_stream(&savt.person()).await;
    bob.wait_for_presence(2).await;
    alice.wait_for_presence(2).await;
    drop(bob);
    alice.wait_for_presence(1).await;
}

db_test!(the_page_shows_the_presence_count);
async fn the_page_shows_the_presence_count(savt: Savt) {
    let alice = savt.person();
    let page = alice.get("").await.is(200);
    assert_eq!(page.one("#presence > span"), "… here");
    assert_eq!(page.one("#presence > noscript"), "Who is here?");
    let mut page = Follower::open(&alice).await;
    let _bob = open_stream(&savt.person()).await;
    while page.page.presence.as_deref() != Some("2 here") {
        page.receive().await;
    }
}

db_test!(a_half_closed_connection_leaves_presence);
async fn a_half_closed_connection_leaves_presence(savt: Savt) {
    let mut alice = open_stream(&savt.person()).await;
    let mut bob = TcpStream::connect(savt.address()).await.unwrap();
    let ask = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    bob.write_all(ask).await.unwrap();
    alice.wait_for_presence(2).await;
    bob.shutdown().await.unwrap();
    alice.wait_for_presence(1).await;
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), bob.read_to_end(&mut rest));
    let _ = read.await.expect("the stream did not end");
}

db_test!(two_tabs_of_one_browser_count_once);
async fn two_tabs_of_one_browser_count_once(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let mut tab = open_stream(&alice).await;
    tab.wait_for_presence(1).await;
    let mut other = open_stream(&alice).await;
    // Only the new tab gets a message, because the count is unchanged.
    other.wait_for_presence(1).await;
    let messages = tab.collect_until_silent(SILENCE).await;
    assert!(
        messages
            .iter()
            .all(|message| message.presence_text().is_none())
    );
    drop(other);
    let messages = tab.collect_until_silent(SILENCE).await;
    assert!(
        messages
            .iter()
            .all(|message| message.presence_text().is_none())
    );
    open_stream(&savt.person()).await.wait_for_presence(2).await;
}

db_test!(two_browsers_of_one_participant_count_once);
async fn two_browsers_of_one_participant_count_once(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person();
    let mut stream = open_stream(&phone).await;
    let _other = open_stream(&laptop).await;
    stream.wait_for_presence(2).await;
    laptop.claim("Alice").await;
    stream.wait_for_presence(1).await;
}

db_test!(presence_messages_have_no_event_number);
async fn presence_messages_have_no_event_number(savt: Savt) {
    let mut alice = open_stream(&savt.person()).await;
    loop {
        let message = alice.next().await;
        if message.presence_text().is_some() {
            assert_eq!(message.id, None);
            assert_eq!(message.targets(), ["outerMorph #presence"]);
            break;
        }
    }
}

db_test!(the_presence_page_lists_names);
async fn the_presence_page_lists_names(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    // Without a stream the reader is here, too.
    let alone = alice.get("/presence").await.is(200);
    assert_eq!(alone.one("h2"), "1 here");
    assert_eq!(alone.all(".people .is-here"), ["here"]);

    let [bob, guest] = [savt.person_called("Bob").await, savt.person()];
    let streams = join_all([&alice, &bob, &guest].map(open_stream)).await;
    let page = alice.get("/presence").await.is(200);
    assert_eq!(page.one("h2"), "3 here");
    assert_eq!(page.all(".people bdi"), ["Alice", "Bob"]);
    assert_eq!(
        page.one("section > .hint:last-child"),
        "1 guest without a name"
    );
    let sheet = alice.with_htmx().get("/presence").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(sheet.all(".people bdi"), page.all(".people bdi"));

    guest.create_item("").await;
    bob.set_name("Robert").await;
    let page = alice.get("/presence").await.is(200);
    assert_eq!(page.all(".people bdi"), ["Alice", "Robert", "User-3"]);
    drop(streams);
}

db_test!(presence_is_counted_per_board);
async fn presence_is_counted_per_board(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let board = alice.on_board(&alice.create_board("Another").await);
    let mut main = open_stream(&savt.person()).await;
    let mut other = Follower::open(&board).await;
    while other.page.presence.is_none() {
        other.receive().await;
    }
    assert_eq!(other.page.presence.as_deref(), Some("1 here"));
    main.wait_for_presence(1).await;
    let page = board.get("/presence").await.is(200);
    assert_eq!(page.one("h2"), "1 here");
}

db_test!(concurrent_arrivals_are_batched);
async fn concurrent_arrivals_are_batched(savt: Savt) {
    let mut alice = open_stream(&savt.person()).await;
    alice.wait_for_presence(1).await;
    let people = savt.people(33);
    let streams = join_all(people.iter().map(open_stream)).await;
    let messages = alice.wait_for_presence(34).await;
    assert!(messages < 17, "{messages} messages");
    drop(streams);
    let messages = alice.wait_for_presence(1).await;
    assert!(messages < 17, "{messages} messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_shared_between_processes() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    let alice = savts[0].person_called("Alice").await;
    let bob = savts[1].person_called("Bob").await;
    let mut at_one = open_stream(&alice).await;
    at_one.wait_for_presence(1).await;
    let mut at_other = open_stream(&bob).await;
    let guest = open_stream(&savts[1].person()).await;
    at_one.wait_for_presence(3).await;
    at_other.wait_for_presence(3).await;
    for savt in &savts {
        let page = savt.person().get("/presence").await.is(200);
        assert_eq!(page.all(".people bdi"), ["Alice", "Bob"]);
        // The second one is the reader.
        assert_eq!(
            page.one("section > .hint:last-child"),
            "2 guests without a name"
        );
    }
    // A participant on both servers counts once.
    let also = open_stream(&alice.moved_to(savts[1].address())).await;
    let again = open_stream(&savts[0].person()).await;
    at_one.wait_for_presence(4).await;
    at_other.wait_for_presence(4).await;
    drop((also, again, guest));
    at_one.wait_for_presence(2).await;
    at_other.wait_for_presence(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn participants_of_a_stopped_process_leave_presence() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let process = Process::serve(fresh.url());
    let [killed, mut stopped] = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let mut alice = open_stream(&process.person()).await;
    let _bob = open_stream(&killed.person()).await;
    let _chiara = open_stream(&stopped.person()).await;
    alice.wait_for_presence(3).await;
    stopped.terminate();
    alice.wait_for_presence(2).await;
    assert!(
        stopped
            .ended_within(Duration::from_secs(10))
            .await
            .is_some()
    );
    // A killed process sends no message; its presence expires after 15 s.
    killed.kill();
    alice.wait_for_presence_eventually(1).await;
}

#[test]
fn a_stream_may_be_dropped_after_its_runtime() {
    let runtime = Runtime::new().unwrap();
    let (_fresh, subscription) = runtime.block_on(async {
        let fresh = Fresh::migrated(Backend::Sqlite).await;
        let database = fresh.open().await;
        let boards = Boards::new(database, Languages::default(), CacheSize::default());
        let main = boards.open(&Slug::main()).await.unwrap();
        let browser = BrowserId::from_hash("0a1b".to_owned());
        let subscription = boards.subscribe(main, browser, Language::English, None);
        (fresh, subscription.await)
    });
    drop(runtime);
    drop(subscription);
}
