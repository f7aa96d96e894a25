//! Who hammers is told to wait; a crowd behind one address is not, and nobody pays for others.

use std::time::Duration;

use futures_util::future::join_all;

use crate::harness::{
    client::{Answer, Person},
    databases::{Fresh, on_both},
    process::Process,
    stream::{Refused, Stream},
};

/// Where a browser may be that asks through a proxy on this machine.
const OFFICE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.1";

fn serve_behind_proxy(options: &[&str], url: &str) -> Process {
    let proxy = ["--trusted-proxy", "127.0.0.1"];
    Process::serve_with(&[&proxy, options].concat(), url)
}

on_both!(who_hammers_is_told_to_wait_and_nobody_else);
async fn who_hammers_is_told_to_wait_and_nobody_else(fresh: Fresh) {
    let process = serve_behind_proxy(&["--writes-per-minute", "3"], fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    for name in ["One", "Two", "Three"] {
        script.create_item(name).await;
    }
    let refused = script.post("/create/item/", &[("name", "Four")]).await;
    let refused = refused.is(429);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((15..=20).contains(&wait), "{wait}");
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.one("h1"), "Too Many Requests");
    let reason = "That was too much in too short a time, from you or somebody at the same address. Nothing was changed: \
                  please try again in a moment.";
    assert_eq!(refused.one("main p"), reason);

    let fragments = script.with_htmx().post("/undo/1", &[]).await.is(429);
    assert_eq!(fragments.toasts(), [reason]);
    assert!(!fragments.body.contains("<html"));
    let german = script.reading("de").post("/undo/1", &[]).await.is(429);
    assert_eq!(german.one("h1"), "Zu schnell");
    // What stands before it was written by the client itself.
    for invented in ["1.1.1.1, 203.0.113.7", "nonsense, 203.0.113.7:80"] {
        let answer = script.forwarded_for(invented).post("/undo/1", &[]).await;
        answer.is(429);
    }

    assert_eq!(script.sees().await, "One\nTwo\nThree", "looking is free");
    let other = process.person().forwarded_for(ELSEWHERE);
    other.create_item("Five").await;
    process.person().create_item("Six").await;
    assert_eq!(other.sees().await, "One\nTwo\nThree\nFive\nSix");
    let log = log_with(&process, "too fast").await;
    assert_eq!(log.matches("too fast").count(), 1, "{log}");
    assert!(log.contains("client=203.0.113.7"), "{log}");
}

/// What a process logged, once this is in it: it comes through a pipe.
async fn log_with(process: &Process, text: &str) -> String {
    for _ in 0..100 {
        if process.log().contains(text) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    process.log()
}

on_both!(after_the_wait_one_goes_on);
async fn after_the_wait_one_goes_on(fresh: Fresh) {
    let process = serve_behind_proxy(&["--writes-per-minute", "60"], fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    let refused = loop {
        let answer = script.post("/create/item/", &[]).await;
        if answer.status != 303 {
            break answer.is(429);
        }
    };
    assert_eq!(refused.header("retry-after"), "1");
    tokio::time::sleep(Duration::from_secs(1)).await;
    script.create_item("At last").await;
}

on_both!(looking_and_new_boards_are_counted_apart);
async fn looking_and_new_boards_are_counted_apart(fresh: Fresh) {
    let few = ["--reads-per-minute", "5", "--boards-per-hour", "2"];
    let process = serve_behind_proxy(&few, fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    let page = script.get("").await.is(200);
    let styles = page.attribute("link[rel=stylesheet]", "href");
    for name in ["One", "Two"] {
        script.create_board(name).await;
    }
    let refused = script.post("/boards", &[("name", "Three")]).await.is(429);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1_790..=1_800).contains(&wait), "{wait}");
    for path in ["/boards", "/history", "/events", "/share"] {
        let answer = script.getting_at(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    for path in ["", "/events", "/history", "/items/1"] {
        script.get(path).await.is(429);
    }
    script.create_item("Margherita").await;
    for path in [&styles, "/healthz", "/readyz", "/manifest.webmanifest"] {
        for _ in 0..10 {
            script.get(path).await.is(200);
        }
    }
}

async fn follow(person: &Person) -> Result<Stream, Answer> {
    match Stream::ask(person, "/events", None).await {
        Ok(stream) => Ok(stream),
        Err(Refused::Answer(answer)) => Err(answer),
        Err(Refused::Away) => panic!("away"),
    }
}

on_both!(streams_are_counted_while_they_last);
async fn streams_are_counted_while_they_last(fresh: Fresh) {
    let process = serve_behind_proxy(&["--streams-per-client", "3"], fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(follow(&script).await.unwrap());
    }
    let refused = follow(&script).await.map(|_| ()).unwrap_err().is(429);
    assert_eq!(refused.header("retry-after"), "10");
    script.create_item("Margherita").await;
    let mut others = vec![
        follow(&process.person().forwarded_for(ELSEWHERE))
            .await
            .unwrap(),
    ];
    for _ in 0..5 {
        others.push(follow(&process.person()).await.unwrap());
    }

    open.pop();
    let gone = tokio::time::Instant::now();
    while follow(&script)
        .await
        .map(|stream| open.push(stream))
        .is_err()
    {
        assert!(gone.elapsed() < Duration::from_secs(30), "still counted");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    follow(&script).await.map(|_| ()).unwrap_err().is(429);
}

on_both!(two_hundred_people_behind_one_address_who_hurry_never_notice);
async fn two_hundred_people_behind_one_address_who_hurry_never_notice(fresh: Fresh) {
    let process = serve_behind_proxy(&[], fresh.url());
    let alice = process.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let people = (0..200).map(|_| {
        let person = process.person().forwarded_for(OFFICE);
        tokio::spawn(hurries(person, ham))
    });
    for person in join_all(people).await {
        person.unwrap();
    }
}

/// Presses again as soon as it is answered. A machine with other things to do may say that it is busy.
async fn hurries(person: Person, feature: i64) {
    for action in ["veto", "unveto", "veto"] {
        let page = person.get("").await;
        assert_ne!(page.status, 429, "{}", page.body);
        let path = format!("/features/{feature}/{action}");
        let answer = person.post(&path, &[]).await;
        assert!([303, 503].contains(&answer.status), "{}", answer.body);
    }
}

on_both!(this_machine_is_not_limited);
async fn this_machine_is_not_limited(fresh: Fresh) {
    let few = ["--writes-per-minute", "1", "--reads-per-minute", "1"];
    let process = Process::serve_with(&few, fresh.url());
    let hint = "a proxy on this machine speaks for clients";
    for _ in 0..5 {
        process.person().create_item("").await;
        process.person().page().await;
    }
    assert!(!process.log().contains(hint));
    // Nobody named this proxy: nobody is believed, and its people do not pay for one another.
    for _ in 0..5 {
        let proxied = process.person().forwarded_for(OFFICE);
        proxied.create_item("").await;
        proxied.page().await;
    }
    let log = log_with(&process, hint).await;
    assert_eq!(log.matches(hint).count(), 1, "{log}");
}

on_both!(limits_can_be_switched_off);
async fn limits_can_be_switched_off(fresh: Fresh) {
    let off = ["--writes-per-minute", "off", "--reads-per-minute", "1"];
    let process = serve_behind_proxy(&off, fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    for _ in 0..20 {
        script.create_item("").await;
    }
    script.page().await;
    script.get("").await.is(429);
}
