//! `savt serve` as a process: how it starts, and how it stops.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use diesel::prelude::*;
use savt::db::{Backend, Transaction, schema::boards};
use tokio::time::timeout;

use crate::harness::{
    databases::{self, Fresh, db_test},
    process::{CommandOutput, Process, program, run},
};

db_test!(the_server_answers_requests);
async fn the_server_answers_requests(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let alice = process.person();
    alice.create_item("").await;
    assert_eq!(alice.sees().await, "Item-1");
    assert_eq!(alice.get("/healthz").await.is(200).body, "ok\n");
    assert_eq!(alice.get("/readyz").await.is(200).body, "ok\n");
}

db_test!(healthcheck_reports_readiness);
async fn healthcheck_reports_readiness(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let url = format!("http://{}", process.address);
    assert_eq!(
        run(&["healthcheck", "--url", &url]).expect_success(),
        format!("{url} is ready\n")
    );
    for host in ["0.0.0.0", "", "*", "[::]"] {
        let mut healthcheck = program(&["healthcheck"]);
        healthcheck.env("SAVT_LISTEN", format!("{host}:{}", process.address.port()));
        let ready = CommandOutput::from(healthcheck.output().unwrap()).expect_success();
        assert_eq!(ready, format!("{url} is ready\n"));
    }

    process.kill();
    let ran = run(&["healthcheck", "--url", &url]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err
            .starts_with(&format!("savt: {url} is not ready: Connection refused")),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1);
}

#[test]
fn healthcheck_gives_up_on_a_silent_server() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let ran = run(&["healthcheck", "--url", &url]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(
        ran.err,
        format!("savt: {url} is not ready: no response within 3s\n")
    );
}

async fn concurrent_starts_migrate_an_empty_database_once(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let starting = [(); 2].map(|()| Process::starting(fresh.url()));
    let [one, other] = starting.map(|starting| starting.listening());
    one.person().create_item("Margherita").await;
    let other = other.person();
    for _ in 0..100 {
        if other.sees().await == "Margherita" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(other.sees().await, "Margherita");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_migrate_an_empty_database_once_on_postgres() {
    concurrent_starts_migrate_an_empty_database_once(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_migrate_an_empty_database_once_on_sqlite() {
    concurrent_starts_migrate_an_empty_database_once(Backend::Sqlite).await;
}

/// Locks the row of the board `main`, so that every change of it waits.
async fn lock_board(fresh: &Fresh) -> Transaction {
    let mut transaction = fresh.open().await.write().await.unwrap();
    let main = boards::table.filter(boards::slug.eq("main"));
    let touch = diesel::update(main).set(boards::version.eq(boards::version));
    assert_eq!(transaction.execute(touch).await.unwrap(), 1);
    transaction
}

db_test!(shutdown_finishes_requests_in_progress);
async fn shutdown_finishes_requests_in_progress(fresh: Fresh) {
    finishes_requests_in_progress(fresh, "TERM").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_finishes_requests_in_progress() {
    let test = |fresh| finishes_requests_in_progress(fresh, "INT");
    databases::run(Backend::Sqlite, test).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigquit_finishes_requests_in_progress() {
    let test = |fresh| finishes_requests_in_progress(fresh, "QUIT");
    databases::run(Backend::Postgres, test).await;
}

async fn finishes_requests_in_progress(fresh: Fresh, signal: &str) {
    let mut process = Process::serve(fresh.url());
    let alice = process.person();
    alice.page().await;
    let lock = lock_board(&fresh).await;
    let in_progress = tokio::spawn({
        let alice = alice.clone();
        async move { alice.create_item("Margherita").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.signal(signal);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(process.ended_within(Duration::ZERO).await.is_none());
    assert!(
        TcpStream::connect(process.address).is_err(),
        "new connections are refused"
    );
    lock.rollback().await.unwrap();
    in_progress.await.unwrap();
    // Before the shutdown grace period of 10 s ends.
    let ended = process.ended_within(Duration::from_secs(9)).await;
    assert!(ended.expect("the process did not stop in time").success());
    let again = Process::serve(fresh.url());
    assert_eq!(again.person().sees().await, "Margherita");
}

db_test!(shutdown_does_not_wait_for_idle_or_incomplete_connections);
async fn shutdown_does_not_wait_for_idle_or_incomplete_connections(fresh: Fresh) {
    let mut process = Process::serve(fresh.url());
    let mut incomplete = TcpStream::connect(process.address).unwrap();
    incomplete
        .write_all(b"POST /create/item/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nname")
        .unwrap();
    let _idle = TcpStream::connect(process.address).unwrap();
    let mut keep_alive = TcpStream::connect(process.address).unwrap();
    keep_alive
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    assert!(keep_alive.read(&mut [0; 4096]).unwrap() > 0);
    process.terminate();
    let ended = process.ended_within(Duration::from_secs(11)).await;
    assert!(ended.expect("the process did not stop in time").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_the_process_at_once() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let fresh = Fresh::migrated(Backend::Sqlite).await;
        let mut process = Process::serve(fresh.url());
        let mut incomplete = TcpStream::connect(process.address).unwrap();
        incomplete
            .write_all(b"POST /create/item/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nname")
            .unwrap();
        // The server has read the incomplete request before this one.
        process.person().page().await;
        process.signal("INT");
        process.logged("shutting down").await;
        process.signal("HUP");
        process.logged("ignored SIGHUP").await;
        process.signal(signal);
        let ended = process.ended_within(Duration::from_secs(20)).await;
        assert_eq!(ended.and_then(|ended| ended.code()), Some(status));
    }
}

/// As process 1 of a container, SAVT gets only the signals that it handles.
#[tokio::test(flavor = "multi_thread")]
async fn signals_end_the_start() {
    for signal in ["TERM", "INT", "QUIT"] {
        // A database server that never answers.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://savt@{}/savt", silent.local_addr().unwrap());
        let mut process = Process::starting(&url).not_listening();
        let connected = timeout(Duration::from_secs(60), silent.accept()).await;
        let _connection = connected.expect("the server did not start").unwrap();
        process.signal("HUP");
        process.logged("ignored SIGHUP").await;
        process.signal(signal);
        let ended = process.ended_within(Duration::from_secs(20)).await;
        assert_eq!(ended.and_then(|ended| ended.code()), Some(0), "{signal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_is_ignored_without_a_terminal() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let mut process = Process::serve(fresh.url());
    process.signal("HUP");
    process.logged("ignored SIGHUP").await;
    process.person().create_item("Margherita").await;
    process.terminate();
    let ended = process.ended_within(Duration::from_secs(20)).await;
    assert!(ended.expect("the process did not stop in time").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_checkpoints_the_wal() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("savt.db").display());
        let names = || -> Vec<_> {
            let files = std::fs::read_dir(folder.path()).unwrap();
            files.map(|file| file.unwrap().file_name()).collect()
        };
        run(&["seed", "--database-url", &url]).expect_success();
        assert_eq!(names(), ["savt.db"]);
        let mut process = Process::serve(&url);
        process.person().create_item("Margherita").await;
        assert!(names().len() > 1, "a running server has a WAL");
        process.terminate();
        let ended = process.ended_within(Duration::from_secs(11)).await;
        assert!(ended.expect("the process did not stop in time").success());
        assert_eq!(names(), ["savt.db"]);
    }
}

db_test!(with_no_migrate_an_old_schema_is_refused);
async fn with_no_migrate_an_old_schema_is_refused(fresh: Fresh) {
    run(&["migrate", "down", "--database-url", fresh.url()]).expect_success();
    let serve = ["serve", "--no-migrate", "--listen", "127.0.0.1:0"];
    let ran = run(&[&serve[..], &["--database-url", fresh.url()]].concat());
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.out, "");
    assert_eq!(
        ran.err,
        "savt: the database schema is out of date: run `savt migrate` first\n"
    );
}

db_test!(an_address_in_use_is_reported);
async fn an_address_in_use_is_reported(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let address = process.address.to_string();
    let ran = run(&["serve", "--listen", &address, "--database-url", fresh.url()]);
    assert_eq!(ran.code, Some(1));
    let expected =
        format!("savt: cannot listen at {address}: another program is already listening there\n");
    assert_eq!(ran.err, expected);
}
