//! What keepers see of a SAVT: figures that move as things happen, apart from what the public can reach.

use std::time::{Duration, Instant};

use savt::db::Backend;

use crate::harness::{
    app::{Monitor, Savt},
    browser::{Browser, SCHEMES, SCREENS},
    client::Person,
    databases::{Fresh, Given, on_both},
    process::{Process, run},
    stream::Stream,
};

on_both!(requests_are_counted_by_route);
async fn requests_are_counted_by_route(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let board = alice.create_board("Another").await;
    let there = alice.on_board(&board);
    there.page().await;
    let egg = there.suggest("Egg", 1, None).await;
    alice.veto(ham).await;
    there.veto(egg).await;
    there.with_htmx().get("/features/99").await.is(404);
    alice
        .post("/create/item/", &[("name", "\u{0}")])
        .await
        .is(422);
    alice.get("/history").await.is(200);

    let told = monitor.metrics().await;
    assert_eq!(told.requests("POST", "/features/:id/veto", 303), 2.0);
    assert_eq!(told.requests("POST", "/create/feature", 303), 2.0);
    assert_eq!(told.requests("POST", "/create/item", 422), 1.0);
    assert_eq!(told.requests("POST", "/boards", 303), 1.0);
    assert_eq!(told.requests("GET", "/features/:id", 404), 1.0);
    assert_eq!(told.requests("GET", "/history", 200), 1.0);
    assert!(told.requests("GET", "/", 200) >= 1.0);
    let veto = [("route", "/features/:id/veto"), ("method", "POST")];
    let count = told.get("savt_http_request_duration_seconds_count", &veto);
    assert_eq!(count, Some(2.0));
    assert_eq!(
        told.one("savt_events_written_total"),
        savt_events(&[&alice, &there]).await
    );
}

async fn savt_events(boards: &[&Person]) -> f64 {
    let mut events = 0;
    for person in boards {
        events += person.last_event().await;
    }
    events as f64
}

on_both!(what_anybody_may_ask_for_makes_no_label);
async fn what_anybody_may_ask_for_makes_no_label(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    let before = monitor.metrics().await.values_of("route");
    for n in 0..20 {
        alice.get(&format!("/nothing-{n}")).await.is(404);
        alice.get(&format!("/features/{n}?x={n}")).await.is(404);
        alice.get(&format!("/b/no-such-board-{n}")).await.is(404);
    }
    let purge = reqwest::Method::from_bytes(b"PURGE").unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{}/", savt.address());
    client.request(purge, url).send().await.unwrap();

    let told = monitor.metrics().await;
    let mut routes = told.values_of("route");
    routes.retain(|route| !before.contains(route));
    let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
    assert_eq!(routes, ["/", "/features/:id", "none"]);
    assert_eq!(told.requests("GET", "none", 404), 20.0);
    assert_eq!(told.requests("GET", "/", 404), 20.0);
    assert_eq!(told.requests("other", "/", 405), 1.0);
}

on_both!(streams_are_counted_while_they_are_open);
async fn streams_are_counted_while_they_are_open(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    let mut first = Stream::open(&alice, "/events", None).await;
    let second = Stream::open(&savt.person(), "/events", None).await;
    assert_eq!(monitor.metrics().await.one("savt_streams_open"), 2.0);
    drop(second);
    until(async || monitor.metrics().await.one("savt_streams_open") == 1.0).await;

    alice.suggest("Ham", 1, None).await;
    first.step().await;
    until(async || monitor.metrics().await.one("savt_fan_out_seconds_count") >= 1.0).await;
    assert_eq!(
        monitor.metrics().await.one("savt_streams_reloads_total"),
        0.0
    );
    let _lost = Stream::open(&alice, "/events", Some("nonsense")).await;
    assert_eq!(
        monitor.metrics().await.one("savt_streams_reloads_total"),
        1.0
    );
    drop(first);
}

on_both!(the_memory_s_hits_are_counted);
async fn the_memory_s_hits_are_counted(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    alice.page().await;
    let told = monitor.metrics().await;
    let figures = ["savt_cache_hits_total", "savt_cache_misses_total"];
    assert_eq!(figures.map(|name| told.one(name)), [0.0, 1.0]);
    for _ in 0..5 {
        alice.page().await;
    }
    let told = monitor.metrics().await;
    assert_eq!(figures.map(|name| told.one(name)), [5.0, 1.0]);
    assert_eq!(told.one("savt_cache_boards"), 1.0);
    let one = [("state", "in_use")];
    assert_eq!(told.get("savt_db_connections", &one), Some(0.0));
    let idle = told.get("savt_db_connections", &[("state", "idle")]);
    assert!((1.0..=20.0).contains(&idle.unwrap()));
    assert_eq!(told.one("savt_db_connections_max"), 20.0);
    assert!(told.one("savt_db_query_duration_seconds_count") >= 4.0);
}

on_both!(failures_and_those_who_wait_are_told);
async fn failures_and_those_who_wait_are_told(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person_called("Alice").await;
    let board = alice.create_board("Secret").await;
    let there = alice.on_board(&board);
    there.page().await;
    let held = savt.hold_writers().await;
    let told = monitor.metrics().await;
    let in_use = told.get("savt_db_connections", &[("state", "in_use")]);
    assert_eq!(in_use, Some(held.len() as f64));

    let refused = tokio::spawn(async move { there.post("/create/item/", &[]).await });
    until(async || monitor.metrics().await.one("savt_db_waiting") >= 1.0).await;
    refused.await.unwrap().is(503);
    drop(held);

    let told = monitor.metrics().await;
    assert_eq!(told.requests("POST", "/create/item", 503), 1.0);
    assert_eq!(
        told.get("savt_http_refused_total", &[("status", "503")]),
        Some(1.0)
    );
    assert_eq!(told.one("savt_http_failed_total"), 1.0);
    let page = Person::at(monitor.address).get("/").await.is(200);
    let noted = page.one(".noted li");
    assert!(noted.contains("POST /b/…/create/item/ 503, 2."), "{noted}");
    let slug = board.strip_prefix("/b/").unwrap();
    assert!(!page.body.contains(slug), "the address of a board opens it");
    assert!(
        missed(&page)
            .iter()
            .any(|target| target.starts_with("Failures"))
    );
}

/// The rows of targets that are missed.
fn missed(page: &crate::harness::client::Answer) -> Vec<String> {
    page.all(".targets .missed")
}

on_both!(a_missed_target_is_marked_in_words);
async fn a_missed_target_is_marked_in_words(savt: Savt) {
    let monitor = Monitor::of(&savt).await;
    savt.fill(20, 5).await;
    let alice = savt.person();
    for _ in 0..20 {
        alice.page().await;
    }
    alice
        .with_htmx()
        .post("/features/1/veto", &[])
        .await
        .is(200);
    let keeper = Person::at(monitor.address);
    let page = keeper.get("/").await.is(200);
    assert_eq!(page.one("#targets"), "Targets: none missed");
    assert_eq!(page.all(".targets .met").len(), 6, "{}", page.body);
    assert!(page.headers.get("set-cookie").is_none());

    for n in 0..20 {
        alice.get(&format!("/b/no-such-board-{n}")).await.is(404);
    }
    let page = keeper.get("/").await.is(200);
    assert_eq!(page.one("#targets"), "Targets: 1 missed");
    let [hits] = &missed(&page)[..] else {
        panic!("{}", page.body);
    };
    assert!(
        hits.starts_with("Cache hits > 70 %5") && hits.ends_with("✗ missed"),
        "{hits}"
    );
}

on_both!(the_public_reaches_nothing_of_it);
async fn the_public_reaches_nothing_of_it(savt: Savt) {
    let _monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    alice.get("/metrics").await.is(404);
    let page = alice.get("/").await.is(200);
    assert!(!page.body.contains("savt_http") && !page.body.contains("How SAVT does"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_tells_of_itself_where_it_is_told_to() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = Process::serve_monitored(fresh.url(), "127.0.0.1:0");
    let alice = process.person();
    alice.create_item("Margherita").await;
    let log = process.log();
    let (_, rest) = log.split_once("monitored at http://").unwrap();
    let address = rest.split_once('/').unwrap().0.parse().unwrap();
    let answer = Person::at(address).get("/metrics").await.is(200);
    let told = crate::harness::exposition::Exposition::parse(&answer.body);
    let events = alice.last_event().await as f64;
    assert_eq!(told.one("savt_events_written_total"), events);
    assert!(told.one("process_resident_memory_bytes") > 1e6);
    assert!(told.one("process_open_fds") > 5.0);
    assert!(told.one("savt_uptime_seconds") < 60.0);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    assert!(told.values_of("version").contains(&version));

    let taken = format!("{address}");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--monitor", &taken];
    let ran = run(&[&serve[..], &["--database-url", fresh.url()]].concat());
    assert_eq!(ran.code, Some(1));
    let line = format!(
        "savt: --monitor: cannot listen at {taken}: another program listens there already\n"
    );
    assert_eq!(ran.err, line);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_page_opens_in_a_browser() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::given(fresh).await;
    savt.demo().await;
    let monitor = Monitor::of(&savt).await;
    let alice = savt.person();
    for _ in 0..10 {
        alice.page().await;
        alice.get("/history").await.is(200);
    }
    let browser = Browser::at(monitor.address).await;
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.look(width, dark).await;
            browser.go("/").await;
            browser.read("#routes + table", "/history").await;
            let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.script(wide).await, 0, "too wide");
            browser
                .screenshot(&format!("monitor-{screen}-{scheme}"))
                .await;
        }
    }
    // It follows by itself.
    alice.create_item("Hawaii").await;
    browser.read("#routes + table", "/create/item").await;
    browser.close().await;
}

/// Waits for what must come soon.
async fn until(come: impl AsyncFn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !come().await {
        assert!(Instant::now() < end, "it does not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
