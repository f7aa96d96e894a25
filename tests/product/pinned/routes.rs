//! Every route with its methods: bookmarks, shared links and scripts depend on them.

use savt::web::{Password, SitePassword};

use crate::harness::{
    app::{Monitor, Savt},
    client::{Answer, TestClient},
    databases::db_test,
    stream::Stream,
};

/// The routes at the root and below every board: path, status of GET and status of POST (405: not supported). In the
/// order of the requests, on a board prepared by [`populate`].
pub const OF_A_BOARD: [(&str, u16, u16); 44] = [
    ("/", 200, 200),
    ("/create/item", 405, 303),
    ("/create/item/", 405, 303),
    ("/create/items", 200, 422),
    ("/create/items/", 200, 422),
    ("/create/feature", 405, 422),
    ("/create/feature/", 405, 422),
    ("/features/1", 200, 405),
    ("/features/1/veto", 405, 303),
    ("/features/1/unveto", 405, 303),
    ("/features/1/move", 405, 422),
    ("/features/1/edit", 405, 422),
    ("/features/1/delete", 405, 303),
    ("/features/1", 410, 405),
    ("/items/1", 200, 405),
    ("/items/1/edit", 405, 422),
    ("/items/1/merge", 405, 422),
    ("/items/2/split", 405, 303),
    ("/items/1/delete", 405, 303),
    ("/items/1", 410, 405),
    ("/close", 200, 303),
    ("/reopen", 405, 303),
    ("/undo/1", 405, 409),
    ("/undo/last", 405, 303),
    ("/redo/last", 405, 303),
    ("/participant", 405, 422),
    ("/consent", 405, 422),
    ("/participants/1/aside", 405, 422),
    ("/personal-link", 200, 405),
    ("/personal-link/open", 410, 410),
    ("/language", 405, 422),
    ("/presence", 200, 405),
    ("/share", 200, 405),
    ("/settings", 200, 303),
    ("/copy", 200, 405),
    ("/history", 200, 405),
    ("/result", 200, 405),
    ("/result.txt", 200, 405),
    ("/result.md", 200, 405),
    ("/result.csv", 200, 405),
    ("/result.json", 200, 405),
    ("/history?before=2", 200, 405),
    ("/history.atom", 200, 405),
    ("/export.json", 200, 405),
];

/// The routes only at the root.
const AT_THE_ROOT: [(&str, u16, u16); 7] = [
    ("/boards", 200, 422),
    ("/manifest.webmanifest", 200, 405),
    ("/healthz", 200, 405),
    ("/readyz", 200, 405),
    ("/favicon.ico", 307, 405),
    // No password is set.
    ("/login", 404, 404),
    ("/logout", 405, 303),
];

/// The route labels of the metrics: without a board's prefix and without a trailing slash.
const LABELS: [&str; 47] = [
    "/",
    "/assets/:name",
    "/boards",
    "/close",
    "/consent",
    "/copy",
    "/create/feature",
    "/create/item",
    "/create/items",
    "/events",
    "/export.json",
    "/favicon.ico",
    "/features/:id",
    "/features/:id/delete",
    "/features/:id/edit",
    "/features/:id/move",
    "/features/:id/unveto",
    "/features/:id/veto",
    "/healthz",
    "/history",
    "/history.atom",
    "/items/:id",
    "/items/:id/delete",
    "/items/:id/edit",
    "/items/:id/merge",
    "/items/:id/split",
    "/language",
    "/login",
    "/logout",
    "/manifest.webmanifest",
    "/participant",
    "/participants/:id/aside",
    "/personal-link",
    "/personal-link/open",
    "/presence",
    "/readyz",
    "/redo/last",
    "/reopen",
    "/result",
    "/result.csv",
    "/result.json",
    "/result.md",
    "/result.txt",
    "/settings",
    "/share",
    "/undo/:event",
    "/undo/last",
];

db_test!(routes_keep_their_paths_and_methods);
async fn routes_keep_their_paths_and_methods(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let anna = savt.person_called("Anna").await;
    let board = anna.create_board("Venues").await;
    assert!(board.starts_with("/b/"), "{board}");
    let other = anna.on_board(&board);
    for person in [&anna, &other] {
        populate(person).await;
        for route in OF_A_BOARD {
            assert_statuses(person, route).await;
        }
        let stream = Stream::open(person, &person.page().await.stream, None).await;
        assert_eq!(stream.header("content-type"), "text/event-stream");
        person.post("/events", &[]).await.is(405);
    }
    // A board's address needs no trailing slash.
    other.get("").await.is(200);
    other.post("", &[]).await.is(200);
    for route in AT_THE_ROOT {
        assert_statuses(&anna, route).await;
    }
    let style = anna.get("").await.attribute("link[rel=stylesheet]", "href");
    assert!(style.starts_with("/assets/"), "{style}");
    assert_statuses(&anna, (&style, 200, 405)).await;

    let labels = monitor.metrics().await.values_of("route");
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    assert_eq!(labels, LABELS);
}

async fn assert_statuses(person: &TestClient, (path, get, post): (&str, u16, u16)) {
    let status = |answer: Answer| answer.status;
    let found = (
        status(person.get(path).await),
        status(person.post(path, &[]).await),
    );
    assert_eq!(found, (get, post), "{path}");
}

/// Creates two items: the first with one feature, the second with two. Creating the first item is an event of the test.
async fn populate(person: &TestClient) {
    let one = person.create_item("One").await;
    person.suggest("Ham", 1, one).await;
    let two = person.create_item("Two").await;
    person.suggest("Egg", 1, two).await;
    person.suggest("Ham", 1, two).await;
}

db_test!(password_routes_keep_their_paths);
async fn password_routes_keep_their_paths(savt: Savt) {
    let password: Password = "a password".parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let protected = savt.another_with(|app| app.with_site_password(lock)).await;
    let person = protected.person();
    person.get("/login").await.is(200);
    let fields = [("password", "a password"), ("to", "/boards")];
    let answer = person.post("/login", &fields).await.is(303);
    assert_eq!(answer.header("location"), "/boards");
    person.get("/").await.is(200);
    person.post("/logout", &[]).await.is(303);
    let answer = person.get("/history").await.is(303);
    assert_eq!(answer.header("location"), "/login?to=%2Fhistory");
}

db_test!(the_monitor_keeps_its_paths);
async fn the_monitor_keeps_its_paths(savt: Savt) {
    let monitor = Monitor::start(&savt).await;
    let operator = TestClient::at(monitor.address);
    for path in ["/", "/metrics", "/healthz"] {
        assert_statuses(&operator, (path, 200, 405)).await;
    }
}
