//! Programs that follow a board: every event once, in order, whatever happens to the connection, the program or the server.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use savt::{
    board::renew_epochs,
    http::listener::Deadlines,
    model::{BoardAction, BrowserId, FeatureId, Reason, Slug},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::timeout,
};

use super::program::{Program, event_of, next_event, numbers_until};
use crate::{
    epoch::lose_last_item,
    harness::{
        app::Savt,
        client::{TestClient, send},
        databases::{Fresh, db_test},
        process::Process,
        stream::Stream,
    },
};

const TIMEOUT: Duration = Duration::from_secs(60);

/// This many programs at each of these servers add items at the same time, 20 each; returns the number of the last event.
async fn write_concurrently(servers: &[&Savt], programs: usize) -> i64 {
    let writers = (0..programs).map(|number| {
        let address = servers[number % servers.len()].address();
        tokio::spawn(async move {
            let program = Program::called(&format!("P{number}"), address).await;
            let pizza = program.adds(&format!("Pizza {number}")).await;
            let ham = program.suggests("Ham", pizza).await;
            let veto = format!("/features/{ham}/veto");
            for _ in 0..6 {
                program.does(Method::PUT, &veto, &Value::Null).await;
                program.does(Method::DELETE, &veto, &Value::Null).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    servers[0].stored().await.version()
}

db_test!(a_program_follows_a_board_from_now_on);
async fn a_program_follows_a_board_from_now_on(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    ann.adds("Before").await;
    let mut stream = ann.follows("", None).await;
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("x-accel-buffering"), "no");
    let start = stream.next().await;
    // Sets where to continue, and is no event.
    assert_eq!((start.number(), start.data.as_str()), (Some(2), ""));
    assert!(start.retry.unwrap().parse::<u32>().unwrap() > 0);
    ann.adds("After").await;
    let message = stream.next().await;
    assert_eq!(message.event.as_deref(), Some("event"));
    let (number, event) = event_of(&message);
    assert_eq!(number, 3);
    let page = ann.reads("/events?after=2").await;
    assert_eq!(page["events"], json!([event]));
    // Other words reload pages, but are an event for programs.
    let words = json!({"item": "bar", "items": "bars", "feature": "drink", "features": "drinks"});
    ann.does(Method::PATCH, "", &json!({ "terminology": words }))
        .await;
    let (number, event) = next_event(&mut stream).await;
    assert_eq!(number, 4);
    assert_eq!(event["action"]["changed_terminology"], true);
}

db_test!(a_stream_has_to_be_asked_for);
async fn a_stream_has_to_be_asked_for(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    for (accept, kind) in [
        ("*/*", "application/json"),
        (
            "application/json, text/event-stream;q=0.5",
            "application/json",
        ),
        ("text/event-stream, */*;q=0.1", "text/event-stream"),
    ] {
        let request = ann.request(Method::GET, "/events");
        let answer = request.header("accept", accept).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind, "{accept}");
    }
    for (name, value, parameter) in [
        ("last-event-id", "x", "Last-Event-ID"),
        ("last-event-id", "-1", "Last-Event-ID"),
        ("last-event-id", "ä", "Last-Event-ID"),
    ] {
        let request = ann.request(Method::GET, "/events");
        let request = request.header("accept", "text/event-stream");
        let answer = send(request.header(name, value)).await.unwrap().is(422);
        assert!(answer.body.contains(parameter), "{}", answer.body);
    }
    for query in ["after=x", "after=-1", "epoch=none"] {
        let request = ann.request(Method::GET, &format!("/events?{query}"));
        let request = request.header("accept", "text/event-stream");
        send(request).await.unwrap().is(422);
    }
}

db_test!(a_silent_stream_is_kept_alive_and_nobody_is_present);
async fn a_silent_stream_is_kept_alive_and_nobody_is_present(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let mut page = Stream::open(&alice, "/events", None).await;
    page.wait_for_presence(1).await;
    let program = Program::at(savt.address());
    let mut stream = program.follows("", None).await;
    stream.next().await;
    // The program is in the count of streams, but not of people.
    assert_eq!(savt.boards().metrics().streams(), 2);
    let alive = stream.next().await;
    assert_eq!(alive.comments, ["alive"]);
    assert_eq!((alive.id, alive.event), (None, None));
    let here = alice.get("/presence").await.is(200);
    assert_eq!(here.one("h2"), "1 here");
}

db_test!(every_follower_gets_every_event_of_33_writers_once);
async fn every_follower_gets_every_event_of_33_writers_once(savt: Savt) {
    let program = Program::at(savt.address());
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(program.follows("", None).await);
    }
    let writers = async {
        let last = write_concurrently(&[&savt], 33).await;
        assert!(last > 33 * 14);
        last
    };
    // These two catch up in the middle.
    let late = async {
        let mut first = program.follows("?after=0", None).await;
        numbers_until(&mut first, 100).await;
        [
            program.follows("?after=0", None).await,
            program.follows("", Some(0)).await,
        ]
    };
    let (last, late) = tokio::join!(writers, late);
    streams.extend(late);
    let followers = streams.iter_mut();
    for numbers in join_all(followers.map(|stream| numbers_until(stream, last))).await {
        assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    }
}

db_test!(a_follower_continues_after_the_last_event_it_has);
async fn a_follower_continues_after_the_last_event_it_has(savt: Savt) {
    // More than fits into one page of the log.
    let last = write_concurrently(&[&savt], 20).await;
    assert!(last > 250);
    let program = Program::at(savt.address());
    for (query, id, first) in [
        ("?after=0", None, 1),
        ("?after=200", None, 201),
        ("", Some(7), 8),
        // A reconnecting program sends both.
        ("?after=0", Some(last - 1), last),
    ] {
        let mut stream = program.follows(query, id).await;
        assert_eq!(stream.next().await.number(), Some(first - 1), "{query}");
        let numbers = numbers_until(&mut stream, last).await;
        assert_eq!(numbers, (first..=last).collect::<Vec<_>>(), "{query}");
    }
    let ann = Program::called("Ann", savt.address()).await;
    let mut current = program.follows("", Some(last + 1)).await;
    ann.adds("Next").await;
    assert_eq!(next_event(&mut current).await.0, last + 2);
}

db_test!(followers_of_two_processes_get_the_events_of_both);
async fn followers_of_two_processes_get_the_events_of_both(savt: Savt) {
    let another = savt.another().await;
    let mut streams = Vec::new();
    for server in [&savt, &another] {
        for _ in 0..2 {
            let program = Program::at(server.address());
            streams.push(program.follows("", None).await);
        }
    }
    let last = write_concurrently(&[&savt, &another], 10).await;
    let followers = streams.iter_mut();
    for numbers in join_all(followers.map(|stream| numbers_until(stream, last))).await {
        assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    }
    // A number from one process is known in the other at once.
    let ann = Program::called("Ann", savt.address()).await;
    let mut moved = Program::at(another.address())
        .follows("", Some(last + 1))
        .await;
    ann.adds("Next").await;
    assert_eq!(next_event(&mut moved).await.0, last + 2);
}

db_test!(a_follower_misses_nothing_while_its_server_restarts);
async fn a_follower_misses_nothing_while_its_server_restarts(fresh: Fresh) {
    let mut first = Process::serve(fresh.url());
    let ann = Program::called("Ann", first.address).await;
    let mut stream = ann.follows("", None).await;
    ann.adds("One").await;
    assert_eq!(next_event(&mut stream).await.0, 2);
    first.terminate();
    assert_eq!(stream.next_or_end().await, None);
    assert!(first.ended_within(TIMEOUT).await.unwrap().success());

    let second = Process::serve(fresh.url());
    let ben = Program::called("Ben", second.address).await;
    ben.adds("Two").await;
    let mut stream = ben.follows("", Some(2)).await;
    ben.adds("Three").await;
    assert_eq!(numbers_until(&mut stream, 5).await, [3, 4, 5]);
    second.kill();
    assert_eq!(stream.next_or_end().await, None);
}

/// The epoch message, after which the stream ends.
async fn end_of_epoch(stream: &mut Stream) -> Value {
    let message = stream.next_named("epoch").await;
    assert_eq!(stream.next_or_end().await, None);
    let epoch: Value = serde_json::from_str(&message.data).unwrap();
    assert_eq!(epoch["version"].as_i64(), message.number());
    epoch
}

db_test!(a_follower_learns_of_another_epoch);
async fn a_follower_learns_of_another_epoch(savt: Savt) {
    let another = savt.another().await;
    let ann = Program::called("Ann", savt.address()).await;
    ann.adds("Kept").await;
    ann.adds("Lost").await;
    let old = ann.reads("").await["epoch"].clone();
    let elsewhere = Program::at(another.address());
    let mut streams = [
        ann.follows("", None).await,
        elsewhere.follows("", None).await,
    ];

    lose_last_item(savt.database()).await;
    // The first change finds out.
    ann.adds("New").await;
    let [here, there] = &mut streams;
    let (here, there) = tokio::join!(end_of_epoch(here), end_of_epoch(there));
    let board = ann.reads("").await;
    assert_eq!(
        (&here["epoch"], &there["epoch"]),
        (&board["epoch"], &board["epoch"])
    );
    assert_ne!(board["epoch"], old);

    // The number is known again, but belongs to another event.
    let old = old.as_str().unwrap();
    for (query, last) in [
        (format!("?epoch={old}"), Some(3)),
        (format!("?after=1&epoch={old}"), None),
        (String::new(), Some(999)),
    ] {
        let mut stream = ann.follows(&query, last).await;
        let epoch = end_of_epoch(&mut stream).await;
        assert_eq!(epoch["epoch"], board["epoch"], "{query}");
        assert_eq!(epoch["version"], 3, "{query}");
    }
    let current = format!("?epoch={}", board["epoch"].as_str().unwrap());
    let mut stream = ann.follows(&current, Some(2)).await;
    assert_eq!(next_event(&mut stream).await.0, 3);
}

db_test!(renewed_epochs_reach_followers);
async fn renewed_epochs_reach_followers(savt: Savt) {
    let ann = Program::called("Ann", savt.address()).await;
    ann.adds("Kept").await;
    let mut stream = ann.follows("", None).await;
    renew_epochs(savt.database()).await.unwrap();
    // At the latest, the next change finds out.
    ann.adds("New").await;
    let epoch = end_of_epoch(&mut stream).await;
    assert_eq!(epoch["epoch"], savt.stored().await.epoch.to_string());
}

db_test!(a_program_that_does_not_read_misses_nothing);
async fn a_program_that_does_not_read_misses_nothing(savt: Savt) {
    const EVENTS: i64 = 3_000;
    let savt = savt
        .another_with_deadlines(Deadlines {
            write: Duration::from_secs(600),
            ..Deadlines::default()
        })
        .await;
    let person = savt.person_called(&"🍕".repeat(100)).await;
    let pizza = person.create_item(&"🍅".repeat(100)).await;
    let ham = person.suggest(&"🥓".repeat(100), 1, pizza).await;
    let before = savt.stored().await.version();

    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut slow = socket.connect(savt.address()).await.unwrap();
    let path = Program::at(savt.address()).path("/events");
    let request = format!("GET {path} HTTP/1.1\r\nHost: savt\r\nAccept: text/event-stream\r\n\r\n");
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    slow.read_exact(&mut head).await.unwrap();
    let mut other = Program::at(savt.address()).follows("", Some(before)).await;

    // 6 MB, more than all buffers hold, in more changes than the channel holds.
    let board = savt.boards().open(&Slug::main()).await.unwrap();
    let browser = BrowserId::from_hash("0".repeat(64));
    let listens = tokio::spawn(async move { numbers_until(&mut other, before + EVENTS).await });
    for number in 0..EVENTS {
        let reason = format!("{number} {}", "🥱".repeat(190));
        let action = BoardAction::VetoWithReason {
            feature: FeatureId(ham),
            reason: Reason::parse(&reason).unwrap(),
        };
        // The first one joins, so that it is two events.
        if savt.boards().metrics().events() >= (before + EVENTS) as u64 {
            break;
        }
        board.execute(browser.clone(), action).await.unwrap();
    }
    let last = before + EVENTS;
    assert_eq!(
        listens.await.unwrap(),
        (before + 1..=last).collect::<Vec<_>>()
    );

    let mut text = Vec::new();
    let end = format!("id: {last}\n");
    let all = async {
        loop {
            let tail = text.len().saturating_sub(20_000);
            if String::from_utf8_lossy(&text[tail..]).contains(&end) {
                return;
            }
            assert!(slow.read_buf(&mut text).await.unwrap() > 0, "disconnected");
        }
    };
    timeout(TIMEOUT, all).await.unwrap();
    let text = String::from_utf8_lossy(&text);
    let ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
    let ids: Vec<i64> = ids.map(|id| id.parse().unwrap()).collect();
    assert_eq!(ids, (before..=last).collect::<Vec<_>>());
}

db_test!(a_follower_takes_one_of_the_streams_of_its_client);
async fn a_follower_takes_one_of_the_streams_of_its_client(fresh: Fresh) {
    let options = ["--trusted-proxy", "127.0.0.1", "--streams-per-client", "2"];
    let process = Process::serve_with(&options, fresh.url());
    let script = process.person().forwarded_for("203.0.113.7");
    let path = Program::at(process.address).path("/events");
    let page = Stream::open(&script, "/events", None).await;
    let program = Stream::open(&script, &path, None).await;
    let third = script.get_request(&path);
    let third = send(third.header("accept", "text/event-stream")).await;
    let refused = third.unwrap().is(429);
    assert_eq!(refused.header("retry-after"), "10");
    assert_eq!(refused.header("content-type"), "application/problem+json");
    // Reading by cursor takes none.
    let request = script
        .get_request(&path)
        .header("accept", "application/json");
    send(request).await.unwrap().is(200);
    let elsewhere = TestClient::at(process.address).forwarded_for("198.51.100.9");
    Stream::open(&elsewhere, &path, None).await;
    drop((page, program));
}
