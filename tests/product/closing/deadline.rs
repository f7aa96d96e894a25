//! The deadline of a board: set, shown, removed, and passed.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::future::join;
use savt::{
    board::now,
    model::{Action, Timestamp},
    store,
};

use super::populated;
use crate::harness::{
    app::Savt,
    client::{TestClient, send},
    databases::db_test,
    stream::Stream,
};

/// A deadline this long from now, as the script sends it.
fn deadline_in(milliseconds: i64) -> (Timestamp, String) {
    let at = Utc::now() + TimeDelta::milliseconds(milliseconds);
    let text = at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let at = text.trim_end_matches('Z').parse().unwrap();
    (at, text)
}

async fn set_deadline(person: &TestClient, at: &str) {
    person.post("/close", &[("at", at)]).await.is(303);
}

/// Waits until the time has come.
async fn wait_for(at: Timestamp) {
    while now() < at {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

db_test!(a_deadline_is_set_changed_and_removed);
async fn a_deadline_is_set_changed_and_removed(savt: Savt) {
    let anna = populated(&savt).await;
    // Without an offset it is UTC.
    set_deadline(&anna, "2999-12-31T23:30").await;
    let page = anna.get("").await.is(200);
    assert_eq!(page.one("#outcome p"), "Closes on 31 Dec 2999 23:30 UTC");
    assert_eq!(
        page.attribute("#outcome", "data-deadline"),
        "2999-12-31T23:30:00.000Z"
    );
    assert!(page.all("#outcome[data-closed]").is_empty());
    let wall = anna.get("?view=wall").await.is(200);
    assert!(wall.one("#outcome").contains("31 Dec 2999"));
    let form = anna.get("/close").await.is(200);
    assert_eq!(
        form.attribute("#deadline-form [name=at]", "value"),
        "2999-12-31T23:30"
    );
    set_deadline(&anna, "2999-12-31T23:30:00+02:00").await;
    let page = anna.get("").await.is(200);
    assert_eq!(
        page.attribute("#outcome time", "datetime"),
        "2999-12-31T21:30:00Z"
    );
    // A board with a deadline is open.
    anna.create_item("Marinara").await;
    let removal = [("deadline", "none")];
    anna.post("/reopen", &removal).await.is(303);
    assert_eq!(anna.get("").await.one("#outcome"), "");
    let history = anna.history().await;
    assert_eq!(history[0], "Anna removed the deadline");
    assert_eq!(history[2], "Anna set the deadline to 31 Dec 2999 21:30 UTC");
}

db_test!(an_invalid_deadline_is_rejected_and_closes_nothing);
async fn an_invalid_deadline_is_rejected_and_closes_nothing(savt: Savt) {
    let anna = populated(&savt).await;
    for (at, reason) in [
        ("", "no date and time"),
        ("tomorrow", "no date and time"),
        ("12999-01-01T10:00", "no date and time"),
        ("2020-01-01T10:00", "This time has passed"),
    ] {
        let fields = [("deadline", "1"), ("at", at)];
        let page = anna.post("/close", &fields).await.is(422);
        assert!(page.one("#deadline-reason").contains(reason), "{at}");
        assert_eq!(page.attribute("#deadline-form [name=at]", "value"), at);
        let answer = anna.with_htmx().post("/close", &fields).await.is(422);
        assert_eq!(
            answer.targets(),
            ["innerHTML #deadline-reason", "beforeend #toasts"]
        );
    }
    assert_eq!(anna.get("").await.one("#outcome"), "");
}

db_test!(two_processes_agree_about_the_moment);
async fn two_processes_agree_about_the_moment(savt: Savt) {
    let anna = populated(&savt).await;
    let other = savt.another().await;
    let (at, text) = deadline_in(4_000);
    set_deadline(&anna, &text).await;
    // Each posts until it is refused.
    let post_until_closed = async |person: TestClient, name: &str| {
        for n in 0.. {
            let name = format!("{name}-{n}");
            let before = now();
            let answer = person.post("/create/item/", &[("name", &name)]).await;
            // Far fewer items than a board may have.
            tokio::time::sleep(Duration::from_millis(10)).await;
            match answer.status {
                303 => assert!(before < at, "{before} is after {at}"),
                status => {
                    assert_eq!(status, 423, "{}", answer.body);
                    assert!(now() >= at);
                    return n;
                }
            }
        }
        unreachable!()
    };
    let (here, there) = join(
        post_until_closed(savt.person_called("Here").await, "Here"),
        post_until_closed(other.person_called("There").await, "There"),
    )
    .await;
    // From the database: without notifications, a page shows the last change of the other process up to a second later.
    let board = savt.stored().await;
    assert_eq!(board.items().count(), 2 + here + there);
    // All changes in the log are from before the moment.
    let span = 1..=board.version();
    let events = store::events_between(savt.database(), board.id, span, usize::MAX);
    for event in events.await.unwrap().unwrap() {
        if matches!(event.action, Action::CreatedItem { .. }) {
            assert!(event.at < at, "{event:?}");
        }
    }
    for server in [&savt, &other] {
        let page = server.person().get("").await.is(200);
        let told = page.one("#outcome");
        assert!(told.contains("The decision is closed"), "{told}");
        assert!(told.contains("the deadline that Anna set"), "{told}");
    }
    // Reopening removes a deadline that has passed.
    anna.post("/reopen", &[]).await.is(303);
    anna.create_item("Marinara").await;
    assert_eq!(anna.get("").await.one("#outcome"), "");
}

db_test!(every_open_page_shows_the_moment);
async fn every_open_page_shows_the_moment(savt: Savt) {
    let anna = populated(&savt).await;
    let other = savt.another().await;
    let page = anna.page().await;
    // One page was open before the deadline was set, in each process.
    let mut streams = vec![
        Stream::open(&anna, &page.stream, None).await,
        Stream::open(&other.person(), &page.stream, None).await,
    ];
    let (at, text) = deadline_in(4_000);
    // A later deadline that is replaced shows nothing.
    set_deadline(&anna, "2999-01-01T00:00").await;
    set_deadline(&anna, &text).await;
    // The first page says what was done, without a tag.
    let page = anna.page().await;
    let etag = anna.get("").await.is(200).header("etag").to_owned();
    // Another one is opened afterwards, and told the time that is left.
    let mut late = Stream::open(&savt.person(), &page.stream, None).await;
    let told = next_outcome(&mut late).await;
    assert!(told.contains("data-now") && told.contains(&text), "{told}");
    streams.push(late);
    for stream in &mut streams {
        while !next_outcome(stream).await.contains("data-closed") {
            assert!(now() < at + TimeDelta::seconds(20));
        }
        assert!(now() >= at, "shown too early");
    }
    // A page that was cached before is not shown again.
    let request = anna.get_request("/").header("If-None-Match", etag);
    let answer = send(request).await.unwrap().is(200);
    assert_eq!(answer.all("#outcome[data-closed]").len(), 1);
    let fresh = answer.header("etag").to_owned();
    let request = anna.get_request("/").header("If-None-Match", fresh);
    send(request).await.unwrap().is(304);
}

db_test!(the_deadline_of_an_unwatched_board_passes_too);
async fn the_deadline_of_an_unwatched_board_passes_too(savt: Savt) {
    let anna = populated(&savt).await;
    let (at, text) = deadline_in(3_000);
    set_deadline(&anna, &text).await;
    wait_for(at).await;
    anna.post("/features/1/veto", &[]).await.is(423);
    // A page from before is told when it connects.
    let page = anna.page().await;
    let mut stream = Stream::open(&anna, &page.stream, None).await;
    let told = next_outcome(&mut stream).await;
    assert!(told.contains("data-closed"), "{told}");
    // Undoing the deadline opens the board.
    anna.undo(anna.last_event().await).await;
    anna.veto(1).await;
}

db_test!(the_button_for_consent_goes_with_the_deadline_and_comes_back);
async fn the_button_for_consent_goes_with_the_deadline_and_comes_back(savt: Savt) {
    const BUTTON: &str = "#consent button";
    let anna = populated(&savt).await;
    let bob = savt.person();
    let other = savt.another().await;
    let page = anna.page().await;
    let mut streams = vec![
        Stream::open(&anna, &page.stream, None).await,
        Stream::open(&bob, &page.stream, None).await,
        Stream::open(&other.person(), &page.stream, None).await,
    ];
    let (at, text) = deadline_in(4_000);
    set_deadline(&anna, &text).await;
    assert_eq!(anna.get("").await.all(BUTTON).len(), 1);
    assert_eq!(anna.get("?view=wall").await.all(BUTTON).len(), 1);
    for stream in &mut streams {
        while next(stream, "#consent").await.contains("<button") {
            assert!(now() < at + TimeDelta::seconds(20));
        }
        assert!(now() >= at, "gone too early");
    }
    // A page rendered later, and the stream that is opened for a page from before.
    for server in [&savt, &other] {
        for path in ["", "?view=wall"] {
            let page = server.person().get(path).await.is(200);
            assert!(page.all(BUTTON).is_empty(), "{path}");
        }
        let mut late = Stream::open(&server.person(), &page.stream, None).await;
        assert!(!next(&mut late, "#consent").await.contains("<button"));
    }
    // Nobody has consented, so no other change of the board brings the button back.
    bob.post("/reopen", &[]).await.is(303);
    for stream in &mut streams {
        assert!(next(stream, "#consent").await.contains("<button"));
    }
    for server in [&savt, &other] {
        assert_eq!(server.person().get("").await.all(BUTTON).len(), 1);
    }
    // An agreed board that its deadline has closed does not offer to close it.
    anna.consent().await;
    let others = savt.stored().await;
    let others = others.participants().filter(|other| other.id.0 != 1);
    for person in others {
        let path = format!("/participants/{}/aside", person.id);
        anna.post(&path, &[("aside", "1")]).await.is(303);
    }
    assert_eq!(anna.get("").await.all("#consent .close-link").len(), 1);
    let (at, text) = deadline_in(2_000);
    set_deadline(&anna, &text).await;
    wait_for(at).await;
    let closed = anna.get("").await.is(200);
    assert_eq!(closed.one("#consent .standing"), "");
    assert_eq!(closed.one("#consent .fine-count"), "1 of 1 is fine");
}

/// The next `#outcome` of a stream.
async fn next_outcome(stream: &mut Stream) -> String {
    next(stream, "#outcome").await
}

/// The next fragment of a stream for an element.
async fn next(stream: &mut Stream, target: &str) -> String {
    loop {
        let message = stream.next().await;
        let mut partials = message.partials().into_iter();
        if let Some(partial) = partials.find(|partial| partial.target == target) {
            return partial.html;
        }
    }
}
