//! Event numbers of a stream, and what a reconnecting browser gets: the missed changes once, or a reload.

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::db_test,
    follower::Follower,
    stream::{Message, Stream},
};

/// Reconnects to the board `main` as a browser that has all events up to `last`.
async fn resume_from(person: &TestClient, last: impl ToString) -> Stream {
    Stream::open(person, "/events", Some(&last.to_string())).await
}

/// Asserts that this position causes a reload, and that the stream then continues.
async fn assert_reload(savt: &Savt, address: &str, last: Option<&str>) {
    let alice = savt.person();
    let mut stream = Stream::open(&alice, address, last).await;
    let hello = stream.next_named("hello").await;
    assert_eq!(hello.id, None, "{last:?}: the position is unknown");
    let reload = stream.next_named("reload").await;
    assert_eq!(reload.id, None, "{last:?}");
    alice.create_item("").await;
    let version = savt.stored().await.version();
    let step = stream.next_event().await;
    assert!(step.number() <= Some(version), "{last:?}");
}

db_test!(a_stream_has_the_headers_of_an_uncached_event_stream);
async fn a_stream_has_the_headers_of_an_uncached_event_stream(savt: Savt) {
    let stream = Stream::open(&savt.person(), "/events", None).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("x-accel-buffering"), "no");
}

db_test!(the_hello_message_carries_the_current_version);
async fn the_hello_message_carries_the_current_version(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let version = savt.stored().await.version();
    let page = alice.page().await;
    assert_eq!(page.version, version);
    for mut stream in [
        Stream::open(&alice, &page.stream, None).await,
        Stream::open(&alice, "/events", None).await,
        resume_from(&alice, version).await,
        // `Last-Event-ID` takes precedence over `since`, which is older.
        Stream::open(&alice, "/events?since=0", Some(&version.to_string())).await,
    ] {
        let hello = stream.next().await;
        assert_eq!(hello.event.as_deref(), Some("hello"));
        assert_eq!(hello.number(), Some(version));
        assert!(hello.retry.unwrap().parse::<u32>().unwrap() > 0);
    }
}

db_test!(message_ids_are_event_numbers);
async fn message_ids_are_event_numbers(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person();
    let mut stream = Stream::open(&bob, &bob.page().await.stream, None).await;
    for _ in 0..3 {
        alice.create_item("").await;
        let step = stream.next_event().await;
        assert_eq!(step.number(), Some(alice.last_event().await));
        assert_eq!(step.targets(), ["place #items", "outerMorph #stats"]);
    }
}

db_test!(a_reconnect_gets_missed_changes_once);
async fn a_reconnect_gets_missed_changes_once(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let before = alice.page().await.version;
    alice.veto(ham).await;
    alice.edit_feature(ham, "Speck", 2).await;
    alice.create_item("Margherita").await;
    let version = savt.stored().await.version();
    let bob = savt.person();
    for mut stream in [
        resume_from(&bob, before).await,
        Stream::open(&bob, &format!("/events?since={before}"), None).await,
    ] {
        assert_eq!(stream.next().await.event.as_deref(), Some("hello"));
        let missed = stream.next_event().await;
        assert_eq!(missed.number(), Some(version));
        assert_eq!(
            missed.targets(),
            ["place #free-features", "place #items", "outerMorph #stats"],
            "all missed changes come in one message, each row once"
        );
        alice.create_item("").await;
        let next = stream.next_event().await;
        assert!(
            next.number() > Some(version),
            "missed changes are not repeated"
        );
        alice.undo(alice.last_event().await).await;
    }
}

db_test!(a_reconnect_gets_only_the_missed_events);
async fn a_reconnect_gets_only_the_missed_events(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    for name in ["Margherita", "Marinara", "Diavola"] {
        alice.create_item(name).await;
    }
    let version = savt.stored().await.version();
    let missed = resume_from(&alice, version - 1).await.next_event().await;
    let names: Vec<String> = item_names(&missed);
    assert_eq!(names, ["Diavola"]);
    let missed = resume_from(&alice, version - 2).await.next_event().await;
    assert_eq!(item_names(&missed), ["Marinara", "Diavola"]);
}

fn item_names(message: &Message) -> Vec<String> {
    let partials = message.partials().into_iter();
    let items = partials.filter_map(|partial| partial.item());
    items.map(|item| item.name).collect()
}

db_test!(a_reconnect_at_version_zero_gets_everything);
async fn a_reconnect_at_version_zero_gets_everything(savt: Savt) {
    let bob = savt.person();
    let mut follower = Follower::open(&bob).await;
    follower.drop_stream();
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    let ham = alice.suggest("Ham", 1, one).await;
    alice.veto(ham).await;
    follower.resume().await;
    follower.assert_matches_reload().await;
    assert_eq!(
        follower.page.shown.to_string(),
        "One: Ham [vetoed by Alice]"
    );
    assert_eq!(follower.reloads, 0);
}

db_test!(an_unknown_event_number_causes_a_reload);
async fn an_unknown_event_number_causes_a_reload(savt: Savt) {
    savt.person_called("Alice").await;
    let [far, least] = [i64::MAX, i64::MIN].map(|number| number.to_string());
    let huge = format!("1{far}");
    for last in [
        "-1", "abc", "1.5", "1 2", "0x1", &far, &least, &huge, "1000",
    ] {
        assert_reload(&savt, "/events", Some(last)).await;
        // The same in the address of the stream.
        let since = last.replace(' ', "%20");
        assert_reload(&savt, &format!("/events?since={since}"), None).await;
    }
    assert_reload(&savt, "/events?since=", None).await;
}

db_test!(more_than_two_hundred_missed_events_cause_a_reload);
async fn more_than_two_hundred_missed_events_cause_a_reload(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let before = savt.stored().await.version();
    let mut follower = Follower::open(&savt.person()).await;
    follower.drop_stream();
    for _ in 0..100 {
        alice.veto(ham).await;
        alice.withdraw_veto(ham).await;
    }
    alice.edit_feature(ham, "Speck", 1).await;
    assert_eq!(savt.stored().await.version(), before + 201);
    let missed = resume_from(&alice, before + 1).await.next_event().await;
    assert_eq!(missed.number(), Some(before + 201));
    assert_reload(&savt, "/events", Some(&before.to_string())).await;
    follower.resume().await;
    follower.assert_matches_reload().await;
    assert_eq!(follower.reloads, 1);
}

db_test!(concurrent_reconnects_get_the_same_message);
async fn concurrent_reconnects_get_the_same_message(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await.version();
    for _ in 0..20 {
        alice.create_item("").await;
    }
    let people = savt.people(33);
    let back = people.iter().map(async |person| {
        let mut stream = resume_from(person, before).await;
        stream.next_event().await
    });
    for missed in futures_util::future::join_all(back).await {
        assert_eq!(missed.number(), Some(before + 20));
        assert_eq!(item_names(&missed).len(), 20);
    }
}
