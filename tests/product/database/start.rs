//! A PostgreSQL server that is not up yet when SAVT starts, and databases that SAVT cannot use.

use std::process::Stdio;
use std::time::{Duration, Instant};

use savt::db::Backend;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::client::TestClient;
use crate::harness::databases::Fresh;
use crate::harness::exposition::Exposition;
use crate::harness::postgres::{Cluster, Options};
use crate::harness::process::{CommandOutput, Process, program, run};

/// The time limit for something that happens at once, on a busy machine.
const SOON: Duration = Duration::from_secs(30);

async fn logs(process: &Process, text: &str) {
    let until = Instant::now() + SOON;
    while !process.log().contains(text) {
        assert!(Instant::now() < until, "no {text:?} in {}", process.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Sends a request on an open connection and returns the head of the response.
async fn request(connection: &mut TcpStream, path: &str) -> String {
    let text = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    connection.write_all(text.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    loop {
        let mut buffer = [0; 65_536];
        let read = tokio::time::timeout(SOON, connection.read(&mut buffer)).await;
        let read = read.unwrap().unwrap();
        assert!(read > 0, "the connection was closed");
        response.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&response).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_lowercase();
        let length = head.split_once("content-length: ").unwrap().1;
        let length = length.lines().next().unwrap().parse::<usize>().unwrap();
        if body.len() >= length {
            return head;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn savt_waits_for_a_server_that_is_not_up_yet() {
    let mut cluster = Cluster::start(&Options::default());
    let url = cluster.url("postgres");
    cluster.stop();
    let process = Process::starting_monitored(&url).waiting();
    let mut stopped = Process::starting(&url).waiting();
    let mut migrate = program(&["migrate", "--database-url", &url]);
    let migrate = migrate.stdout(Stdio::piped()).stderr(Stdio::piped());
    let migrate = migrate.spawn().unwrap();

    let mut connection = TcpStream::connect(process.address).await.unwrap();
    let alive = request(&mut connection, "/healthz").await;
    assert!(alive.starts_with("http/1.1 200"), "{alive}");
    for path in ["/readyz", "/", "/b/x/events"] {
        let answer = request(&mut connection, path).await;
        assert!(answer.starts_with("http/1.1 503"), "{path}: {answer}");
        assert!(answer.contains("\r\nretry-after: 2"), "{path}: {answer}");
    }
    logs(&process, "waiting for the database").await;
    let monitor = TestClient::at(process.monitor());
    let page = monitor.get("/").await.is(503);
    assert!(
        page.body.contains("SAVT waits for its database"),
        "{}",
        page.body
    );
    monitor.get("/healthz").await.is(200);
    let waiting = async || {
        let answer = monitor.get("/metrics").await.is(200);
        Exposition::parse(&answer.body).one("savt_waiting_for_database")
    };
    assert_eq!(waiting().await, 1.0);
    stopped.terminate();
    let status = stopped.ended_within(SOON).await;
    assert_eq!(status.and_then(|status| status.code()), Some(0));

    cluster.start_again();
    logs(&process, "serving at").await;
    let waits = process.log().matches("waiting for the database").count();
    assert!(waits < 10, "{}", process.log());
    let ready = request(&mut connection, "/readyz").await;
    assert!(ready.starts_with("http/1.1 200"), "{ready}");
    assert_eq!(waiting().await, 0.0);
    let page = monitor.get("/").await.is(200);
    assert!(page.body.contains("on PostgreSQL"), "{}", page.body);
    process.person().create_item("Margherita").await;
    let migrated = CommandOutput::from(migrate.wait_with_output().unwrap());
    assert!(
        migrated.err.contains("waiting for the database"),
        "{migrated:?}"
    );
    migrated.expect_success();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waiting_cannot_fix_is_an_error_at_once() {
    let cluster = Cluster::shared();
    let missing = cluster.url("missing");
    let stranger = cluster
        .url("postgres")
        .replace("user=savt", "user=stranger");
    for (url, reason) in [
        (&*missing, "does not exist"),
        (&stranger, "SQLSTATE 28000"),
        ("postgres://u@127.0.0.1:1/d?sslmode=maybe", "sslmode"),
    ] {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--db-start-wait", "1h"];
        let ran = run(&[&serve, &["--database-url", url][..]].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.err.contains(reason) && !ran.err.contains("stranger"),
            "{ran:?}"
        );
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    }
    let limited = ["migrate", "--db-start-wait", "200ms"];
    let ran = run(&[
        &limited,
        &["--database-url", "postgres://u@127.0.0.1:1/d"][..],
    ]
    .concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("refused"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_with_another_encoding_is_rejected() {
    let cluster = Cluster::shared();
    let fresh = Fresh::empty(Backend::Postgres).await;
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = format!("{}_{}", fresh.name(), encoding.to_lowercase());
        let create =
            format!("CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        cluster.run("postgres", &create).await.unwrap();
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
            let ran = run(&[command, &["--database-url", &cluster.url(&name)]].concat());
            assert_eq!(ran.code, Some(1), "{ran:?}");
            let line = ran.err.trim_end();
            assert!(
                line.contains(encoding) && line.contains("ENCODING 'UTF8'"),
                "{line}"
            );
            assert!(!line.contains('\n'), "{line}");
        }
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        cluster.run("postgres", &drop).await.unwrap();
    }
}
