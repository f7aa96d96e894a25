//! A PostgreSQL that is slow, locked, restarted or away.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use savt::db::schema::boards;
use savt::db::{Backend, Database, Error, Settings};

use super::{everyone, join, raise, version};
use crate::harness::databases::Fresh;
use crate::harness::postgres::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_question_does_not_hold_up_the_next_one() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut settings = fresh.settings();
    settings.connections = 2;
    let database = Database::open(&settings).await.unwrap();
    for _ in 0..4 {
        let mut conn = database.read().await.unwrap();
        let asked = conn.execute(diesel::sql_query("SELECT pg_sleep(4)"));
        let given_up = tokio::time::timeout(Duration::from_millis(50), asked).await;
        assert!(given_up.is_err());
    }
    let asked = Instant::now();
    assert_eq!(version(&database).await, 0);
    // What was given up goes on for four.
    assert!(
        asked.elapsed() < Duration::from_secs(3),
        "{:?}",
        asked.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_ended() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut conn = fresh.open().await.read().await.unwrap();
    let asked = Instant::now();
    let ended = conn
        .execute(diesel::sql_query("SELECT pg_sleep(20)"))
        .await
        .unwrap_err();
    assert!(ended.is_unavailable(), "{ended}");
    assert!(
        asked.elapsed() < Duration::from_secs(12),
        "{:?}",
        asked.elapsed()
    );
}

/// A server that neither answers nor hangs up: its machine swaps, or a firewall forgot the connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_given_up() {
    #[derive(QueryableByName)]
    struct Process {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        pid: i32,
    }
    let signal = |name: &str, pid: i32| {
        let sent = std::process::Command::new("sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status();
        assert!(sent.unwrap().success());
    };
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let mut transaction = database.write().await.unwrap();
    let own: Option<Process> = transaction
        .get(diesel::sql_query("SELECT pg_backend_pid() AS pid"))
        .await
        .unwrap();
    let pid = own.unwrap().pid;
    signal("STOP", pid);
    let asked = Instant::now();
    let given_up = join(&mut transaction, 1).await;
    drop(transaction);
    let took = asked.elapsed();
    let others = everyone(&database).await;
    signal("CONT", pid);
    assert!(
        given_up.as_ref().is_err_and(Error::is_unavailable),
        "{given_up:?}"
    );
    assert!(took < Duration::from_secs(12), "{took:?}");
    assert!(others.is_empty(), "others are answered meanwhile");
}

/// Ends every connection to a database, as an administrator or a restart does.
async fn cut_off(name: &str) {
    let sql =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    Cluster::shared().run("postgres", &sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_connections_are_replaced() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let mut transactions = Vec::new();
    for id in 1..=10 {
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, id).await.unwrap();
        transactions.push(transaction);
    }
    let idle = transactions.split_off(5);
    for transaction in idle {
        transaction.rollback().await.unwrap();
    }
    cut_off(fresh.name()).await;
    for mut transaction in transactions {
        let lost = join(&mut transaction, 11).await.unwrap_err();
        assert!(lost.is_unavailable(), "{lost}");
        assert!(transaction.commit().await.is_err());
    }
    for _ in 0..20 {
        assert!(everyone(&database).await.is_empty(), "the next use works");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_after_all_connections_were_lost_notices_nothing() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    for round in 1..=5 {
        let mut transactions = Vec::new();
        for _ in 0..10 {
            transactions.push(database.write().await.unwrap());
        }
        for transaction in transactions {
            transaction.rollback().await.unwrap();
        }
        cut_off(fresh.name()).await;
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, round).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(everyone(&database).await.len(), round as usize);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_unavailable_and_comes_back() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut settings = fresh.settings();
    settings.wait = Duration::from_millis(500);
    let database = Database::open(&settings).await.unwrap();
    let allow = async |yes: bool| {
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {yes}", fresh.name());
        Cluster::shared().run("postgres", &sql).await.unwrap();
    };
    allow(false).await;
    cut_off(fresh.name()).await;
    let asked = Instant::now();
    let away = database.ping().await.unwrap_err();
    assert!(
        away.is_unavailable() && away.to_string().contains("not currently accepting"),
        "{away}"
    );
    assert!(asked.elapsed() < 10 * settings.wait);
    assert!(database.write().await.is_err());

    allow(true).await;
    database.ping().await.unwrap();
    raise(&database).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_held_for_long_is_unavailable() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let mut holder = database.write().await.unwrap();
    let raised = diesel::update(boards::table).set(boards::version.eq(boards::version + 1));
    holder.execute(raised).await.unwrap();
    let asked = Instant::now();
    let refused = raise(&database).await.unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    holder.commit().await.unwrap();
    assert_eq!(version(&database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_say_who_they_are_and_stay_below_the_limit() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move { raise(&database).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let sql = "SELECT count(*), count(*) FILTER (WHERE application_name = 'savt')
               FROM pg_stat_activity WHERE datname = $1";
    let postgres = Cluster::shared().connect("postgres").await;
    let row = postgres.query_one(sql, &[&fresh.name()]).await.unwrap();
    let (all, named): (i64, i64) = (row.get(0), row.get(1));
    assert!(
        (1..=20).contains(&all) && all == named,
        "{all} connections, {named} of them savt's"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_be_reached_is_told_without_the_password() {
    let url = "postgres://savt:secret@127.0.0.1:1/board".parse().unwrap();
    let Err(error) = Database::open(&Settings::new(url)).await else {
        panic!("nobody listens there");
    };
    let line = error.to_string();
    assert!(
        line.contains("postgres://savt@127.0.0.1:1/board") && line.contains("refused"),
        "{line}"
    );
    assert!(
        error.is_unavailable() && !line.contains("secret") && !line.contains('\n'),
        "{line}"
    );
}
