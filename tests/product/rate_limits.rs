//! Rate limits: a client over the limit gets 429; a group behind one address does not, and no client affects another.

use std::time::Duration;

use futures_util::future::join_all;

use crate::harness::{
    client::{Answer, TestClient},
    databases::{Fresh, db_test},
    process::Process,
    stream::{Stream, StreamError},
};

/// Client addresses reported by a proxy on this machine.
const OFFICE: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.1";

fn serve_behind_proxy(options: &[&str], url: &str) -> Process {
    let proxy = ["--trusted-proxy", "127.0.0.1"];
    Process::serve_with(&[&proxy, options].concat(), url)
}

db_test!(only_the_client_over_the_limit_gets_429);
async fn only_the_client_over_the_limit_gets_429(fresh: Fresh) {
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
    let reason = "There were too many requests from your network address. Nothing was changed. Try again in a moment.";
    assert_eq!(refused.one("main p"), reason);

    let fragments = script.with_htmx().post("/undo/1", &[]).await.is(429);
    assert_eq!(fragments.toasts(), [reason]);
    assert!(!fragments.body.contains("<html"));
    let german = script.reading("de").post("/undo/1", &[]).await.is(429);
    assert_eq!(german.one("h1"), "Zu viele Anfragen");
    // Entries before the last one are set by the client and ignored.
    for forged in ["1.1.1.1, 203.0.113.7", "nonsense, 203.0.113.7:80"] {
        let answer = script.forwarded_for(forged).post("/undo/1", &[]).await;
        answer.is(429);
    }

    assert_eq!(
        script.sees().await,
        "One\nTwo\nThree",
        "reads are not limited"
    );
    let other = process.person().forwarded_for(ELSEWHERE);
    other.create_item("Five").await;
    process.person().create_item("Six").await;
    assert_eq!(other.sees().await, "One\nTwo\nThree\nFive\nSix");
    let log = wait_for_log(&process, "rate limit exceeded").await;
    assert_eq!(log.matches("rate limit exceeded").count(), 1, "{log}");
    assert!(log.contains("client=203.0.113.7"), "{log}");
}

/// Waits until the log, which arrives through a pipe, contains this text.
async fn wait_for_log(process: &Process, text: &str) -> String {
    for _ in 0..100 {
        if process.log().contains(text) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    process.log()
}

db_test!(requests_succeed_again_after_retry_after);
async fn requests_succeed_again_after_retry_after(fresh: Fresh) {
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

db_test!(reads_and_new_boards_have_separate_limits);
async fn reads_and_new_boards_have_separate_limits(fresh: Fresh) {
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
        let answer = script.get_request(path).send().await.unwrap();
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

async fn try_follow(person: &TestClient) -> Result<Stream, Answer> {
    match Stream::try_open(person, "/events", None).await {
        Ok(stream) => Ok(stream),
        Err(StreamError::Answer(answer)) => Err(answer),
        Err(StreamError::Unreachable) => panic!("the server is unreachable"),
    }
}

db_test!(open_streams_are_limited_per_client);
async fn open_streams_are_limited_per_client(fresh: Fresh) {
    let process = serve_behind_proxy(&["--streams-per-client", "3"], fresh.url());
    let script = process.person().forwarded_for(OFFICE);
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(try_follow(&script).await.unwrap());
    }
    let refused = try_follow(&script).await.map(|_| ()).unwrap_err().is(429);
    assert_eq!(refused.header("retry-after"), "10");
    script.create_item("Margherita").await;
    let mut others = vec![
        try_follow(&process.person().forwarded_for(ELSEWHERE))
            .await
            .unwrap(),
    ];
    for _ in 0..5 {
        others.push(try_follow(&process.person()).await.unwrap());
    }

    open.pop();
    let closed_at = tokio::time::Instant::now();
    while try_follow(&script)
        .await
        .map(|stream| open.push(stream))
        .is_err()
    {
        assert!(
            closed_at.elapsed() < Duration::from_secs(30),
            "the closed stream is still counted"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    try_follow(&script).await.map(|_| ()).unwrap_err().is(429);
}

db_test!(two_hundred_fast_clients_behind_one_address_stay_below_the_limits);
async fn two_hundred_fast_clients_behind_one_address_stay_below_the_limits(fresh: Fresh) {
    let process = serve_behind_proxy(&[], fresh.url());
    let alice = process.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let people = (0..200).map(|_| {
        let person = process.person().forwarded_for(OFFICE);
        tokio::spawn(act_quickly(person, ham))
    });
    for person in join_all(people).await {
        person.unwrap();
    }
}

/// Sends each request right after the previous response. A busy machine may answer 503.
async fn act_quickly(person: TestClient, feature: i64) {
    for action in ["veto", "unveto", "veto"] {
        let page = person.get("").await;
        assert_ne!(page.status, 429, "{}", page.body);
        let path = format!("/features/{feature}/{action}");
        let answer = person.post(&path, &[]).await;
        assert!([303, 503].contains(&answer.status), "{}", answer.body);
    }
}

db_test!(loopback_clients_are_not_limited);
async fn loopback_clients_are_not_limited(fresh: Fresh) {
    let few = ["--writes-per-minute", "1", "--reads-per-minute", "1"];
    let process = Process::serve_with(&few, fresh.url());
    let hint = "a proxy on this machine forwards requests";
    for _ in 0..5 {
        process.person().create_item("").await;
        process.person().page().await;
    }
    assert!(!process.log().contains(hint));
    // The proxy is not trusted: `X-Forwarded-For` is ignored, and its clients are not limited together.
    for _ in 0..5 {
        let proxied = process.person().forwarded_for(OFFICE);
        proxied.create_item("").await;
        proxied.page().await;
    }
    let log = wait_for_log(&process, hint).await;
    assert_eq!(log.matches(hint).count(), 1, "{log}");
}

db_test!(limits_can_be_switched_off);
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
