//! `savt serve` as a process: how it starts, and how it stops.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use diesel::prelude::*;
use savt::db::{Backend, Transaction, schema::boards};

use crate::harness::{
    databases::{Fresh, on_both},
    process::{Process, Ran, program, run},
};

on_both!(it_serves);
async fn it_serves(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let alice = process.person();
    alice.create_item("").await;
    assert_eq!(alice.sees().await, "Item-1");
    assert_eq!(alice.get("/healthz").await.is(200).body, "ok\n");
    assert_eq!(alice.get("/readyz").await.is(200).body, "ok\n");
}

on_both!(it_says_whether_it_is_ready);
async fn it_says_whether_it_is_ready(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let url = format!("http://{}", process.address);
    assert_eq!(
        run(&["healthcheck", "--url", &url]).well(),
        format!("{url} is ready\n")
    );
    let mut healthcheck = program(&["healthcheck"]);
    healthcheck.env("SAVT_LISTEN", format!("0.0.0.0:{}", process.address.port()));
    Ran::from(healthcheck.output().unwrap()).well();

    process.kill();
    let ran = run(&["healthcheck", "--url", &url]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err
            .starts_with(&format!("savt: {url} is not ready: refused: ")),
        "{}",
        ran.err
    );
    assert_eq!(ran.err.lines().count(), 1);
}

#[test]
fn who_does_not_say_that_it_is_ready_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let ran = run(&["healthcheck", "--url", &url]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(
        ran.err,
        format!("savt: {url} is not ready: no answer within 3s\n")
    );
}

async fn an_empty_database_is_migrated_by_two_at_once(backend: Backend) {
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
async fn an_empty_postgres_is_migrated_by_two_at_once() {
    an_empty_database_is_migrated_by_two_at_once(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_migrated_by_two_at_once() {
    an_empty_database_is_migrated_by_two_at_once(Backend::Sqlite).await;
}

/// Holds what every change of the board `main` has to wait for.
async fn hold(fresh: &Fresh) -> Transaction {
    let mut transaction = fresh.open().await.write().await.unwrap();
    let main = boards::table.filter(boards::slug.eq("main"));
    let touch = diesel::update(main).set(boards::version.eq(boards::version));
    assert_eq!(transaction.execute(touch).await.unwrap(), 1);
    transaction
}

on_both!(told_to_stop_it_finishes_what_is_under_way);
async fn told_to_stop_it_finishes_what_is_under_way(fresh: Fresh) {
    let mut process = Process::serve(fresh.url());
    let alice = process.person();
    alice.page().await;
    let held = hold(&fresh).await;
    let under_way = tokio::spawn({
        let alice = alice.clone();
        async move { alice.create_item("Margherita").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.terminate();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(process.ended_within(Duration::ZERO).await.is_none());
    assert!(
        TcpStream::connect(process.address).is_err(),
        "takes nobody new"
    );
    held.rollback().await.unwrap();
    under_way.await.unwrap();
    // Sooner than it would give up what is under way, which is 10 s.
    let ended = process.ended_within(Duration::from_secs(9)).await;
    assert!(ended.expect("still there").success());
    let again = Process::serve(fresh.url());
    assert_eq!(again.person().sees().await, "Margherita");
}

on_both!(told_to_stop_it_waits_for_nobody_who_dawdles);
async fn told_to_stop_it_waits_for_nobody_who_dawdles(fresh: Fresh) {
    let mut process = Process::serve(fresh.url());
    let mut half = TcpStream::connect(process.address).unwrap();
    half.write_all(b"POST /create/item/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nname")
        .unwrap();
    let _idle = TcpStream::connect(process.address).unwrap();
    let mut kept = TcpStream::connect(process.address).unwrap();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    assert!(kept.read(&mut [0; 4096]).unwrap() > 0);
    process.terminate();
    let ended = process.ended_within(Duration::from_secs(11)).await;
    assert!(ended.expect("still there").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_leaves_one_file() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("savt.db").display());
        let names = || -> Vec<_> {
            let files = std::fs::read_dir(folder.path()).unwrap();
            files.map(|file| file.unwrap().file_name()).collect()
        };
        run(&["seed", "--database-url", &url]).well();
        assert_eq!(names(), ["savt.db"]);
        let mut process = Process::serve(&url);
        process.person().create_item("Margherita").await;
        assert!(names().len() > 1, "while it is served there are more");
        process.terminate();
        let ended = process.ended_within(Duration::from_secs(11)).await;
        assert!(ended.expect("still there").success());
        assert_eq!(names(), ["savt.db"]);
    }
}

on_both!(without_leave_to_migrate_it_refuses_an_old_schema);
async fn without_leave_to_migrate_it_refuses_an_old_schema(fresh: Fresh) {
    run(&["migrate", "down", "--database-url", fresh.url()]).well();
    let serve = ["serve", "--no-migrate", "--listen", "127.0.0.1:0"];
    let ran = run(&[&serve[..], &["--database-url", fresh.url()]].concat());
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.out, "");
    assert_eq!(
        ran.err,
        "savt: the schema is not up to date: run `savt migrate` first, or leave out --no-migrate\n"
    );
}

on_both!(an_address_in_use_is_told);
async fn an_address_in_use_is_told(fresh: Fresh) {
    let process = Process::serve(fresh.url());
    let address = process.address.to_string();
    let ran = run(&["serve", "--listen", &address, "--database-url", fresh.url()]);
    assert_eq!(ran.code, Some(1));
    let told = format!("savt: cannot listen at {address}: another program listens there already\n");
    assert_eq!(ran.err, told);
}
