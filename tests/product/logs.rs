//! The log and the metrics contain no secrets, whatever happens to a request and whatever the log filter.

use std::time::Duration;

use diesel::sql_query;
use savt::{
    db::Database,
    model::{BoardId, Slug},
    store::{self, BoardLock},
};

use crate::harness::{
    client::TestClient,
    databases::{Fresh, db_test},
    process::Process,
    program::{Program, json_of, request},
};

const PASSWORD: &str = "Käsekuchen mit Sahne";

async fn run(database: &Database, sql: &str) {
    let mut transaction = database.write().await.unwrap();
    transaction.execute(sql_query(sql)).await.unwrap();
    transaction.commit().await.unwrap();
}

db_test!(the_slug_of_a_board_is_in_no_log_and_no_metric);
async fn the_slug_of_a_board_is_in_no_log_and_no_metric(fresh: Fresh) {
    let options = [
        "--password",
        PASSWORD,
        "--log",
        "trace,tokio_postgres=trace",
    ];
    let monitor = ["--monitor", "127.0.0.1:0"];
    let process = Process::serve_with(&[&options[..], &monitor].concat(), fresh.url());
    let alice = process.person();
    let login = [("password", PASSWORD), ("to", "/")];
    let session = alice.post("/login", &login).await.is(303);
    let session = session.header("set-cookie").split(['=', ';']).nth(1);
    let session = session.unwrap().to_owned();
    let created = alice.post("/boards", &[("name", "Secret")]).await.is(303);
    let board = created.header("location").to_owned();
    let slug = board.strip_prefix("/b/").unwrap();
    let stranger = process.person();
    stranger.get(&board).await.is(303);
    alice
        .post(&format!("{board}/participant"), &[("name", "Alice")])
        .await
        .is(303);
    let link = alice.get(&format!("{board}/personal-link")).await.is(200);
    let link = link.attribute(".address a", "href");
    let key = link.split_once("?key=").unwrap().1.to_owned();
    alice
        .get(&format!("{board}/personal-link/open?key={key}"))
        .await
        .is(303);

    let item = format!("{board}/create/item/");
    let name = [("name", "One")];
    alice.post(&item, &name).await.is(303);
    alice.post(&item, &[("name", "Other")]).await.is(303);
    let edit = format!("{board}/items/2/edit");
    alice.post(&edit, &name).await.is(409);
    for (path, status) in [
        ("/nothing", 404),
        ("/items/99", 404),
        ("//", 308),
        ("/%ff", 404),
    ] {
        alice.get(&format!("{board}{path}")).await.is(status);
    }

    let database = fresh.open().await;
    let parsed = Slug::parse(slug).unwrap();
    let id: BoardId = store::load(&database, &parsed).await.unwrap().unwrap().id;
    // Slow, and an outage: another process holds the board until the server gives up.
    let lock = BoardLock::acquire(&database, id).await.unwrap().unwrap();
    alice.post(&item, &[("name", "Two")]).await.is(503);
    lock.release().await.unwrap();
    // Failed: the tables are damaged.
    run(&database, "ALTER TABLE events RENAME TO gone").await;
    alice.get(&format!("{board}/history")).await.is(500);
    alice.post(&item, &[("name", "Three")]).await.is(500);
    run(&database, "ALTER TABLE gone RENAME TO events").await;

    let log = process.log();
    for (message, status) in [("request rejected", 503), ("request failed", 500)] {
        let expected = format!("status={status}");
        let line = log
            .lines()
            .find(|line| line.contains(message) && line.contains(&expected));
        let line = line.unwrap_or_else(|| panic!("no {message} in {log}"));
        assert!(line.contains("route=\"/b/:board/"), "{line}");
        assert!(line.contains(&format!("board={}", id.0)), "{line}");
        assert!(line.contains("cause=\""), "{line}");
    }
    let (_, rest) = log.split_once("monitor listening at http://").unwrap();
    let monitor = TestClient::at(rest.split_once('/').unwrap().0.parse().unwrap());
    let metrics = monitor.get("/metrics").await.is(200).body;
    let health = monitor.get("/").await.is(200).body;
    let signature = key.rsplit_once('-').unwrap().1;
    // The process writes its log before it answers, but the test reads it later.
    tokio::time::sleep(Duration::from_millis(200)).await;
    for text in [process.log(), metrics, health] {
        for secret in [slug, PASSWORD, &session, &key, signature] {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret}");
        }
    }
}

db_test!(the_slug_and_the_token_of_a_program_are_in_no_log_and_no_metric);
async fn the_slug_and_the_token_of_a_program_are_in_no_log_and_no_metric(fresh: Fresh) {
    let options = [
        "--password",
        PASSWORD,
        "--log",
        "trace,tokio_postgres=trace",
        "--monitor",
        "127.0.0.1:0",
    ];
    let process = Process::serve_with(&options, fresh.url());
    let address = process.address;
    let body = serde_json::json!({ "password": PASSWORD }).to_string();
    let login = request(address, ("POST", "/login"), &[], &body).await;
    let access = json_of(&login.is(200))["access"].clone();
    let access = access.as_str().unwrap();
    let headers = [("SAVT-Access", access)];
    let body = r#"{"name": "Secret"}"#;
    let made = request(address, ("POST", "/boards"), &headers, body).await;
    let slug = json_of(&made.is(201))["slug"].clone();
    let slug = slug.as_str().unwrap();
    let program = Program::join_with(address, slug, &headers).await;
    let one = r#"{"name": "One"}"#;
    program.send("POST", "/items", one).await.is(201);
    let path = format!("/boards/{slug}/items/{}", program.token);
    for (method, path, body, status) in [
        ("GET", format!("/boards/{slug}"), "", 401),
        ("GET", format!("/boards/{slug}/nothing"), "", 401),
    ] {
        request(address, (method, &path), &[], body)
            .await
            .is(status);
    }
    for (method, path, body, status) in [
        ("GET", path, "", 404),
        ("PUT", format!("/boards/{slug}/items"), "", 405),
        ("POST", format!("/boards/{slug}/items"), one, 401),
        ("PATCH", format!("/boards/{slug}"), "{", 401),
        ("GET", format!("/boards/{slug}/%ff"), "", 404),
    ] {
        let answer = request(address, (method, &path), &headers, body).await;
        // What the body says is only looked at for somebody who may act.
        assert!([status, 400].contains(&answer.status), "{method} {path}");
    }
    program.send("POST", "/items", one).await.is(409);

    let database = fresh.open().await;
    let parsed = Slug::parse(slug).unwrap();
    let id: BoardId = store::load(&database, &parsed).await.unwrap().unwrap().id;
    let lock = BoardLock::acquire(&database, id).await.unwrap().unwrap();
    let two = r#"{"name": "Two"}"#;
    program.send("POST", "/items", two).await.is(503);
    lock.release().await.unwrap();
    run(&database, "ALTER TABLE events RENAME TO gone").await;
    let three = r#"{"name": "Three"}"#;
    program.send("POST", "/items", three).await.is(500);
    run(&database, "ALTER TABLE gone RENAME TO events").await;

    let status = format!(
        "route=\"/api/v1/boards/:slug/items\" board={} status=500",
        id.0
    );
    process.logged(&status).await;
    let monitor = TestClient::at(process.monitor());
    let metrics = monitor.get("/metrics").await.is(200).body;
    let health = monitor.get("/").await.is(200).body;
    assert!(health.contains("/api/v1/boards/:slug/items"), "{health}");
    for text in [process.log(), metrics, health] {
        for secret in [slug, &program.token, access, PASSWORD] {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret}");
        }
    }
}
