//! The numbers of a stream, and what a browser gets that comes back: what it missed, once, or the word to load the board again.

use crate::harness::{
    app::Savt,
    client::Person,
    databases::on_both,
    follower::Follower,
    stream::{Message, Stream},
};

/// Opens the stream of the board at `/` as a browser that has everything up to an event.
async fn back_at(person: &Person, last: impl ToString) -> Stream {
    Stream::open(person, "/events", Some(&last.to_string())).await
}

/// Whether a browser that comes with this is told to load the board again, and hears what happens from now on.
async fn is_told_to_reload(savt: &Savt, address: &str, last: Option<&str>) {
    let alice = savt.person();
    let mut stream = Stream::open(&alice, address, last).await;
    let hello = stream.event("hello").await;
    assert_eq!(hello.id, None, "{last:?}: it has not everything");
    let reload = stream.event("reload").await;
    assert_eq!(reload.id, None, "{last:?}");
    alice.create_item("").await;
    let version = savt.stored().await.version();
    let step = stream.step().await;
    assert!(step.number() <= Some(version), "{last:?}");
}

on_both!(a_stream_is_an_event_stream_that_nobody_keeps);
async fn a_stream_is_an_event_stream_that_nobody_keeps(savt: Savt) {
    let stream = Stream::open(&savt.person(), "/events", None).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("x-accel-buffering"), "no");
}

on_both!(the_first_message_says_where_one_is);
async fn the_first_message_says_where_one_is(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let version = savt.stored().await.version();
    let page = alice.page().await;
    assert_eq!(page.version, version);
    for mut stream in [
        Stream::open(&alice, &page.stream, None).await,
        Stream::open(&alice, "/events", None).await,
        back_at(&alice, version).await,
        // What the browser knows by itself is later than what the page said.
        Stream::open(&alice, "/events?since=0", Some(&version.to_string())).await,
    ] {
        let hello = stream.next().await;
        assert_eq!(hello.event.as_deref(), Some("hello"));
        assert_eq!(hello.number(), Some(version));
        assert!(hello.retry.unwrap().parse::<u32>().unwrap() > 0);
    }
}

on_both!(the_ids_are_the_numbers_of_events);
async fn the_ids_are_the_numbers_of_events(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person();
    let mut stream = Stream::open(&bob, &bob.page().await.stream, None).await;
    for _ in 0..3 {
        alice.create_item("").await;
        let step = stream.step().await;
        assert_eq!(step.number(), Some(alice.last_event().await));
        assert_eq!(step.targets(), ["place #items", "outerMorph #stats"]);
    }
}

on_both!(whoever_comes_back_gets_what_was_missed_once);
async fn whoever_comes_back_gets_what_was_missed_once(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let before = alice.page().await.version;
    alice.veto(ham).await;
    alice.edit_feature(ham, "Speck", 2).await;
    alice.create_item("Margherita").await;
    let version = savt.stored().await.version();
    let bob = savt.person();
    for mut stream in [
        back_at(&bob, before).await,
        Stream::open(&bob, &format!("/events?since={before}"), None).await,
    ] {
        assert_eq!(stream.next().await.event.as_deref(), Some("hello"));
        let missed = stream.step().await;
        assert_eq!(missed.number(), Some(version));
        assert_eq!(
            missed.targets(),
            ["place #free-features", "place #items", "outerMorph #stats"],
            "everything at once, each thing once"
        );
        alice.create_item("").await;
        let next = stream.step().await;
        assert!(next.number() > Some(version), "and nothing again");
        alice.undo(alice.last_event().await).await;
    }
}

on_both!(whoever_lacks_one_event_gets_that);
async fn whoever_lacks_one_event_gets_that(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    for name in ["Margherita", "Marinara", "Diavola"] {
        alice.create_item(name).await;
    }
    let version = savt.stored().await.version();
    let missed = back_at(&alice, version - 1).await.step().await;
    let names: Vec<String> = items_in(&missed);
    assert_eq!(names, ["Diavola"]);
    let missed = back_at(&alice, version - 2).await.step().await;
    assert_eq!(items_in(&missed), ["Marinara", "Diavola"]);
}

fn items_in(message: &Message) -> Vec<String> {
    let partials = message.partials().into_iter();
    let items = partials.filter_map(|partial| partial.item());
    items.map(|item| item.name).collect()
}

on_both!(whoever_has_nothing_gets_everything);
async fn whoever_has_nothing_gets_everything(savt: Savt) {
    let bob = savt.person();
    let mut follower = Follower::of(&bob).await;
    follower.drop_stream();
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    let ham = alice.suggest("Ham", 1, one).await;
    alice.veto(ham).await;
    follower.resume().await;
    follower.is_as_loaded().await;
    assert_eq!(
        follower.page.shown.to_string(),
        "One: Ham [vetoed by Alice]"
    );
    assert_eq!(follower.reloads, 0);
}

on_both!(a_number_nobody_told_means_loading_the_board_again);
async fn a_number_nobody_told_means_loading_the_board_again(savt: Savt) {
    savt.person_called("Alice").await;
    let [far, least] = [i64::MAX, i64::MIN].map(|number| number.to_string());
    let huge = format!("1{far}");
    for last in [
        "-1", "abc", "1.5", "1 2", "0x1", &far, &least, &huge, "1000",
    ] {
        is_told_to_reload(&savt, "/events", Some(last)).await;
        // As the page says it.
        let since = last.replace(' ', "%20");
        is_told_to_reload(&savt, &format!("/events?since={since}"), None).await;
    }
    is_told_to_reload(&savt, "/events?since=", None).await;
}

on_both!(two_hundred_events_are_told_one_by_one_and_more_are_not);
async fn two_hundred_events_are_told_one_by_one_and_more_are_not(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let before = savt.stored().await.version();
    let mut follower = Follower::of(&savt.person()).await;
    follower.drop_stream();
    for _ in 0..100 {
        alice.veto(ham).await;
        alice.take_back(ham).await;
    }
    alice.edit_feature(ham, "Speck", 1).await;
    assert_eq!(savt.stored().await.version(), before + 201);
    let missed = back_at(&alice, before + 1).await.step().await;
    assert_eq!(missed.number(), Some(before + 201));
    is_told_to_reload(&savt, "/events", Some(&before.to_string())).await;
    follower.resume().await;
    follower.is_as_loaded().await;
    assert_eq!(follower.reloads, 1);
}

on_both!(many_who_come_back_at_once_get_the_same);
async fn many_who_come_back_at_once_get_the_same(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await.version();
    for _ in 0..20 {
        alice.create_item("").await;
    }
    let people = savt.people(33);
    let back = people.iter().map(async |person| {
        let mut stream = back_at(person, before).await;
        stream.step().await
    });
    for missed in futures_util::future::join_all(back).await {
        assert_eq!(missed.number(), Some(before + 20));
        assert_eq!(items_in(&missed).len(), 20);
    }
}
