//! Who is here: everybody with an open page, told in numbers as they come and go, and by name to those who ask.

use std::time::Duration;

use futures_util::future::join_all;
use savt::db::Backend;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{
    app::Savt,
    client::Person,
    databases::{Fresh, on_both},
    follower::Follower,
    process::Process,
    stream::Stream,
};

/// Longer than an update ever waits.
const SILENCE: Duration = Duration::from_secs(2);

async fn comes(person: &Person) -> Stream {
    Stream::open(person, "/events", None).await
}

on_both!(whoever_opens_the_page_is_here_until_it_is_closed);
async fn whoever_opens_the_page_is_here_until_it_is_closed(savt: Savt) {
    let mut alice = comes(&savt.person()).await;
    alice.here(1).await;
    let mut bob = comes(&savt.person()).await;
    bob.here(2).await;
    alice.here(2).await;
    drop(bob);
    alice.here(1).await;
}

on_both!(the_page_shows_how_many_are_here);
async fn the_page_shows_how_many_are_here(savt: Savt) {
    let alice = savt.person();
    assert_eq!(alice.get("").await.is(200).one("#presence"), "Who is here?");
    let mut page = Follower::of(&alice).await;
    let _bob = comes(&savt.person()).await;
    while page.page.here.as_deref() != Some("2 here") {
        page.hear().await;
    }
}

on_both!(a_browser_that_has_said_all_it_will_is_gone);
async fn a_browser_that_has_said_all_it_will_is_gone(savt: Savt) {
    let mut alice = comes(&savt.person()).await;
    let mut bob = TcpStream::connect(savt.address()).await.unwrap();
    let ask = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    bob.write_all(ask).await.unwrap();
    alice.here(2).await;
    bob.shutdown().await.unwrap();
    alice.here(1).await;
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), bob.read_to_end(&mut rest));
    let _ = read.await.expect("its stream has ended");
}

on_both!(two_tabs_are_one_person);
async fn two_tabs_are_one_person(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let mut tab = comes(&alice).await;
    tab.here(1).await;
    let mut other = comes(&alice).await;
    // The new tab is told, the others know.
    other.here(1).await;
    let told = tab.until_silent_for(SILENCE).await;
    assert!(told.iter().all(|message| message.here().is_none()));
    drop(other);
    let told = tab.until_silent_for(SILENCE).await;
    assert!(told.iter().all(|message| message.here().is_none()));
    comes(&savt.person()).await.here(2).await;
}

on_both!(two_browsers_of_one_person_are_one);
async fn two_browsers_of_one_person_are_one(savt: Savt) {
    let phone = savt.person_called("Alice").await;
    let laptop = savt.person();
    let mut stream = comes(&phone).await;
    let _other = comes(&laptop).await;
    stream.here(2).await;
    laptop.claim("Alice").await;
    stream.here(1).await;
}

on_both!(messages_about_people_have_no_number);
async fn messages_about_people_have_no_number(savt: Savt) {
    let mut alice = comes(&savt.person()).await;
    loop {
        let message = alice.next().await;
        if message.here().is_some() {
            assert_eq!(message.id, None);
            assert_eq!(message.targets(), ["outerMorph #presence"]);
            break;
        }
    }
}

on_both!(names_are_told_on_demand);
async fn names_are_told_on_demand(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let nobody = alice.get("/presence").await.is(200);
    assert_eq!(nobody.one("h2"), "0 here");
    assert!(nobody.all(".people li").is_empty());

    let [bob, guest] = [savt.person_called("Bob").await, savt.person()];
    let streams = join_all([&alice, &bob, &guest].map(comes)).await;
    let page = alice.get("/presence").await.is(200);
    assert_eq!(page.one("h2"), "3 here");
    assert_eq!(
        page.all(".people li"),
        ["Alice", "Bob", "1 guest, without a name so far"]
    );
    let sheet = alice.with_htmx().get("/presence").await.is(200);
    assert_eq!(sheet.targets(), ["innerHTML #sheet"]);
    assert_eq!(sheet.all(".people li"), page.all(".people li"));

    guest.create_item("").await;
    bob.call("Robert").await;
    let page = alice.get("/presence").await.is(200);
    assert_eq!(page.all(".people li"), ["Alice", "Robert", "User-3"]);
    drop(streams);
}

on_both!(every_board_has_its_own_people);
async fn every_board_has_its_own_people(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let board = alice.on_board(&alice.create_board("Another").await);
    let mut main = comes(&savt.person()).await;
    let mut other = Follower::of(&board).await;
    while other.page.here.is_none() {
        other.hear().await;
    }
    assert_eq!(other.page.here.as_deref(), Some("1 here"));
    main.here(1).await;
    let page = board.get("/presence").await.is(200);
    assert_eq!(page.one("h2"), "1 here");
}

on_both!(many_who_come_at_once_are_told_together);
async fn many_who_come_at_once_are_told_together(savt: Savt) {
    let mut alice = comes(&savt.person()).await;
    alice.here(1).await;
    let people = savt.people(33);
    let streams = join_all(people.iter().map(comes)).await;
    let messages = alice.here(34).await;
    assert!(messages < 17, "{messages} messages");
    drop(streams);
    let messages = alice.here(1).await;
    assert!(messages < 17, "{messages} messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_at_two_savts_are_here_together() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    let alice = savts[0].person_called("Alice").await;
    let bob = savts[1].person_called("Bob").await;
    let mut at_one = comes(&alice).await;
    at_one.here(1).await;
    let mut at_other = comes(&bob).await;
    let guest = comes(&savts[1].person()).await;
    at_one.here(3).await;
    at_other.here(3).await;
    for savt in &savts {
        let page = savt.person().get("/presence").await.is(200);
        let expected = ["Alice", "Bob", "1 guest, without a name so far"];
        assert_eq!(page.all(".people li"), expected);
    }
    // Somebody at both is one.
    let also = comes(&alice.moved_to(savts[1].address())).await;
    let again = comes(&savts[0].person()).await;
    at_one.here(4).await;
    at_other.here(4).await;
    drop((also, again, guest));
    at_one.here(2).await;
    at_other.here(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_process_that_is_gone_are_gone() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let process = Process::serve(fresh.url());
    let [killed, mut stopped] = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let mut alice = comes(&process.person()).await;
    let _bob = comes(&killed.person()).await;
    let _chiara = comes(&stopped.person()).await;
    alice.here(3).await;
    stopped.terminate();
    alice.here(2).await;
    assert!(
        stopped
            .ended_within(Duration::from_secs(10))
            .await
            .is_some()
    );
    // Nobody said goodbye: it takes 15 s of silence.
    killed.kill();
    alice.here_at_last(1).await;
}
