//! The monitor: metrics for operators, at an address separate from the public one.

use std::time::{Duration, Instant};

use savt::db::Backend;

use crate::browser::accessibility::assert_accessible;
use crate::harness::{
    app::{Monitor, Savt},
    browser::{Browser, SCHEMES, SCREENS},
    client::TestClient,
    databases::{Fresh, FromDatabase, db_test},
    process::{Process, run},
    program::Program,
    stream::Stream,
};

db_test!(requests_are_counted_by_route);
async fn requests_are_counted_by_route(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let board = alice.create_board("Another").await;
    let other = alice.on_board(&board);
    other.page().await;
    let egg = other.suggest("Egg", 1, None).await;
    alice.veto(ham).await;
    other.veto(egg).await;
    other.with_htmx().get("/features/99").await.is(404);
    alice
        .post("/create/item/", &[("name", "\u{0}")])
        .await
        .is(422);
    alice.get("/history").await.is(200);

    let metrics = monitor.metrics().await;
    assert_eq!(metrics.requests("POST", "/features/:id/veto", 303), 2.0);
    assert_eq!(metrics.requests("POST", "/create/feature", 303), 2.0);
    assert_eq!(metrics.requests("POST", "/create/item", 422), 1.0);
    assert_eq!(metrics.requests("POST", "/boards", 303), 1.0);
    assert_eq!(metrics.requests("GET", "/features/:id", 404), 1.0);
    assert_eq!(metrics.requests("GET", "/history", 200), 1.0);
    assert!(metrics.requests("GET", "/", 200) >= 1.0);
    let veto = [("route", "/features/:id/veto"), ("method", "POST")];
    let count = metrics.get("savt_http_request_duration_seconds_count", &veto);
    assert_eq!(count, Some(2.0));
    assert_eq!(
        metrics.one("savt_events_written_total"),
        event_count(&[&alice, &other]).await
    );
}

db_test!(requests_of_programs_are_counted_by_route_and_are_no_pages);
async fn requests_of_programs_are_counted_by_route_and_are_no_pages(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let program = Program::join(savt.address(), "main").await;
    let item = program.add_item("Funghi").await;
    let path = format!("/items/{item}");
    let tag = [("If-Match", "0")];
    let patch = r#"{"name": "Napoli"}"#;
    program.send_with("PATCH", &path, patch, &tag).await.is(412);
    program.send("PATCH", &path, patch).await.is(200);
    program.send("DELETE", &path, "").await.is(204);
    program.send("DELETE", &path, "").await.is(410);
    program.send("PUT", "/consent", "{}").await.is(200);
    let accept = [("Accept", "text/html")];
    program.send_with("GET", "", "", &accept).await.is(406);
    program.send("POST", "/close", "{}").await.is(200);
    let late = program.send("POST", "/items", r#"{"name": "Late"}"#);
    late.await.is(423);

    let metrics = monitor.metrics().await;
    let items = "/api/v1/boards/:slug/items";
    let row = "/api/v1/boards/:slug/items/:id";
    for (method, route, status) in [
        ("POST", "/api/v1/boards/:slug/participants", 201),
        ("POST", items, 201),
        ("POST", items, 423),
        ("PATCH", row, 412),
        ("PATCH", row, 200),
        ("DELETE", row, 204),
        ("DELETE", row, 410),
        ("PUT", "/api/v1/boards/:slug/consent", 200),
        ("GET", "/api/v1/boards/:slug", 406),
    ] {
        let count = metrics.requests(method, route, status);
        assert_eq!(count, 1.0, "{method} {route} {status}");
    }
    // The table has the slowest routes only. The targets are about pages, and nobody has requested one.
    let page = TestClient::at(monitor.address).get("/").await.is(200);
    let cells = page.all("#routes ~ table th");
    let is_api = |cell: &String| cell.contains("/api/v1/boards/:slug");
    assert!(cells.iter().any(is_api), "{cells:?}");
    assert_eq!(page.one(".targets td.verdict"), "no data");
}

async fn event_count(boards: &[&TestClient]) -> f64 {
    let mut events = 0;
    for person in boards {
        events += person.last_event().await;
    }
    events as f64
}

db_test!(request_paths_do_not_become_labels);
async fn request_paths_do_not_become_labels(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
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

    let metrics = monitor.metrics().await;
    let mut routes = metrics.values_of("route");
    routes.retain(|route| !before.contains(route));
    let routes: Vec<&str> = routes.iter().map(String::as_str).collect();
    assert_eq!(routes, ["/", "/features/:id", "none"]);
    assert_eq!(metrics.requests("GET", "none", 404), 20.0);
    assert_eq!(metrics.requests("GET", "/", 404), 20.0);
    assert_eq!(metrics.requests("other", "/", 405), 1.0);
}

db_test!(streams_are_counted_while_they_are_open);
async fn streams_are_counted_while_they_are_open(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let alice = savt.person();
    let mut first = Stream::open(&alice, "/events", None).await;
    let second = Stream::open(&savt.person(), "/events", None).await;
    assert_eq!(monitor.metrics().await.one("savt_streams_open"), 2.0);
    drop(second);
    wait_until(async || monitor.metrics().await.one("savt_streams_open") == 1.0).await;

    alice.suggest("Ham", 1, None).await;
    first.next_event().await;
    wait_until(async || monitor.metrics().await.one("savt_fan_out_seconds_count") >= 1.0).await;
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

db_test!(cache_hits_and_connections_are_counted);
async fn cache_hits_and_connections_are_counted(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let alice = savt.person();
    alice.page().await;
    let metrics = monitor.metrics().await;
    let names = ["savt_cache_hits_total", "savt_cache_misses_total"];
    assert_eq!(names.map(|name| metrics.one(name)), [0.0, 1.0]);
    for _ in 0..5 {
        alice.page().await;
    }
    let metrics = monitor.metrics().await;
    assert_eq!(names.map(|name| metrics.one(name)), [5.0, 1.0]);
    assert_eq!(metrics.one("savt_cache_boards"), 1.0);
    let one = [("state", "in_use")];
    assert_eq!(metrics.get("savt_db_connections", &one), Some(0.0));
    let idle = metrics.get("savt_db_connections", &[("state", "idle")]);
    assert!((1.0..=20.0).contains(&idle.unwrap()));
    assert_eq!(metrics.one("savt_db_connections_max"), 20.0);
    assert!(metrics.one("savt_db_query_duration_seconds_count") >= 4.0);
}

db_test!(failures_and_waiting_requests_are_counted);
async fn failures_and_waiting_requests_are_counted(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let alice = savt.person_called("Alice").await;
    let board = alice.create_board("Secret").await;
    let other = alice.on_board(&board);
    other.page().await;
    let held = savt.hold_writers().await;
    let metrics = monitor.metrics().await;
    let in_use = metrics.get("savt_db_connections", &[("state", "in_use")]);
    assert_eq!(in_use, Some(held.len() as f64));

    let refused = tokio::spawn(async move { other.post("/create/item/", &[]).await });
    wait_until(async || monitor.metrics().await.one("savt_db_waiting") >= 1.0).await;
    refused.await.unwrap().is(503);
    drop(held);

    let metrics = monitor.metrics().await;
    assert_eq!(metrics.requests("POST", "/create/item", 503), 1.0);
    assert_eq!(
        metrics.get("savt_http_refused_total", &[("status", "503")]),
        Some(1.0)
    );
    assert_eq!(metrics.one("savt_http_failed_total"), 1.0);
    let page = TestClient::at(monitor.address).get("/").await.is(200);
    let noted = page.one(".noted li");
    assert!(noted.contains("POST /b/:board/create/item/"), "{noted}");
    let slug = board.strip_prefix("/b/").unwrap();
    assert!(!page.body.contains(slug), "the slug of a board is a secret");
    assert!(
        missed_targets(&page)
            .iter()
            .any(|target| target.starts_with("Error rate"))
    );
}

/// The rows of the missed targets.
fn missed_targets(page: &crate::harness::client::Answer) -> Vec<String> {
    page.all(".targets .missed")
}

db_test!(a_missed_target_is_marked_on_the_monitor_page);
async fn a_missed_target_is_marked_on_the_monitor_page(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
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
    let operator = TestClient::at(monitor.address);
    let page = operator.get("/").await.is(200);
    assert_eq!(page.one("#targets"), "Targets: none missed");
    assert_eq!(page.all(".targets .met").len(), 6, "{}", page.body);
    assert!(page.headers.get("set-cookie").is_none());

    for n in 0..20 {
        alice.get(&format!("/b/no-such-board-{n}")).await.is(404);
    }
    let page = operator.get("/").await.is(200);
    assert_eq!(page.one("#targets"), "Targets: 1 missed");
    let [hits] = &missed_targets(&page)[..] else {
        panic!("{}", page.body);
    };
    assert!(
        hits.starts_with("Cache hit rate > 70 %5") && hits.ends_with("✗ missed"),
        "{hits}"
    );
}

db_test!(the_charts_have_axes_units_and_targets);
async fn the_charts_have_axes_units_and_targets(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    savt.person().create_item("Margherita").await;
    let operator = TestClient::at(monitor.address);
    let page = operator.get("/").await.is(200);
    assert_eq!(
        page.all(".chart .name"),
        [
            "Requests per second",
            "Error rate (429 and 5xx)",
            "Request duration, 95th percentile",
            "Request duration, average",
            "Commands queued",
            "DB connections",
            "Streams open",
            "Streams resynchronized",
            "Events written per second",
            "Memory (RSS)",
        ]
    );
    assert_eq!(
        page.all(".chart .limit-label"),
        [
            "Target < 0.5 %",
            "↑ Target < 1,500 ms",
            "↑ Target < 500 ms",
            "↑ Target < 25"
        ]
    );
    let labels = page.all(".chart .mark");
    for unit in ["0/s", "4/s", "4 ms", "0 %"] {
        assert!(
            labels.iter().any(|label| label == unit),
            "{unit}: {labels:?}"
        );
    }
    let is_memory = |label: &&String| label.ends_with(" MiB");
    assert_eq!(labels.iter().filter(is_memory).count(), 5);
    // Three labels of the time axis on each chart.
    let is_time = |label: &&String| label.len() == 5 && label.as_bytes()[2] == b':';
    assert!(labels.iter().filter(is_time).count() >= 30, "{labels:?}");

    // The page refreshes itself until it is paused.
    assert_eq!(page.header("refresh"), "5");
    assert!(!page.body.contains("<script"));
    let paused = operator.get("/?refresh=off").await.is(200);
    assert!(paused.headers.get("refresh").is_none());
}

db_test!(the_public_address_serves_no_metrics);
async fn the_public_address_serves_no_metrics(savt: Savt) {
    let _monitor = Monitor::start(&savt).await;
    let alice = savt.person();
    alice.get("/metrics").await.is(404);
    let page = alice.get("/").await.is(200);
    assert!(!page.body.contains("savt_http") && !page.body.contains("SAVT health"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monitor_listens_at_the_configured_address() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process = Process::serve_monitored(fresh.url(), "127.0.0.1:0");
    let alice = process.person();
    alice.create_item("Margherita").await;
    let log = process.log();
    let (_, rest) = log.split_once("monitor listening at http://").unwrap();
    let address = rest.split_once('/').unwrap().0.parse().unwrap();
    let answer = TestClient::at(address).get("/metrics").await.is(200);
    let metrics = crate::harness::exposition::Exposition::parse(&answer.body);
    let events = alice.last_event().await as f64;
    assert_eq!(metrics.one("savt_events_written_total"), events);
    assert!(metrics.one("process_resident_memory_bytes") > 1e6);
    assert!(metrics.one("process_open_fds") > 5.0);
    assert!(metrics.one("savt_uptime_seconds") < 60.0);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    assert!(metrics.values_of("version").contains(&version));

    let taken = format!("{address}");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--monitor", &taken];
    let ran = run(&[&serve[..], &["--database-url", fresh.url()]].concat());
    assert_eq!(ran.code, Some(1));
    let line = format!(
        "savt: --monitor: cannot listen at {taken}: another program is already listening there\n"
    );
    assert_eq!(ran.err, line);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monitor_page_works_in_a_browser() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let savt = Savt::from_database(fresh).await;
    savt.demo().await;
    let monitor = Monitor::start(&savt).await;
    let alice = savt.person();
    for _ in 0..10 {
        alice.page().await;
        alice.get("/history").await.is(200);
    }
    let browser = Browser::at(monitor.address).await;
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go("/").await;
            browser.read("#routes + table", "/history").await;
            // A refresh would interrupt the check.
            browser.go("/?refresh=off").await;
            assert_accessible(&browser, "the monitor page").await;
            let columns = "return getComputedStyle(document.querySelector('.charts')).gridTemplateColumns.split(' ').length";
            let expected = if width < 768 { 1 } else { 2 };
            assert_eq!(browser.script(columns).await, expected);
            let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(
                browser.script(wide).await,
                0,
                "the page overflows horizontally"
            );
            browser
                .screenshot(&format!("monitor-{screen}-{scheme}"))
                .await;
        }
    }
    // The page updates without a reload.
    alice.create_item("Hawaii").await;
    browser.go("/").await;
    browser.read("#routes + table", "/create/item").await;
    alice.post("/items/1/delete", &[]).await;
    browser.read("#routes + table", "/items/:id/delete").await;
    browser.close().await;
}

/// Waits until a condition is true.
async fn wait_until(condition: impl AsyncFn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !condition().await {
        assert!(Instant::now() < end, "the condition did not become true");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
