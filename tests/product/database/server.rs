//! Behavior with a PostgreSQL that is slow, locked, restarted or unreachable.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use savt::db::schema::boards;
use savt::db::{Backend, Database, Error, Settings};

use super::{increment_version, join, participant_ids, version};
use crate::harness::databases::Fresh;
use crate::harness::postgres::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_query_does_not_delay_the_next_one() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut settings = fresh.settings();
    settings.connections = 2;
    let database = Database::open(&settings).await.unwrap();
    for _ in 0..4 {
        let mut conn = database.read().await.unwrap();
        let query = conn.execute(diesel::sql_query("SELECT pg_sleep(4)"));
        let result = tokio::time::timeout(Duration::from_millis(50), query).await;
        assert!(result.is_err());
    }
    let started = Instant::now();
    assert_eq!(version(&database).await, 0);
    // The abandoned queries continue for four seconds on the server.
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_statement_is_cancelled() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut conn = fresh.open().await.read().await.unwrap();
    let started = Instant::now();
    let error = conn
        .execute(diesel::sql_query("SELECT pg_sleep(20)"))
        .await
        .unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(
        started.elapsed() < Duration::from_secs(12),
        "{:?}",
        started.elapsed()
    );
}

/// A server that neither answers nor closes the connection, as with a swapping machine or a firewall that lost its state.
#[tokio::test(flavor = "multi_thread")]
async fn queries_to_a_silent_server_time_out() {
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
    let started = Instant::now();
    let result = join(&mut transaction, 1).await;
    drop(transaction);
    let elapsed = started.elapsed();
    let others = participant_ids(&database).await;
    signal("CONT", pid);
    assert!(
        result.as_ref().is_err_and(Error::is_unavailable),
        "{result:?}"
    );
    assert!(elapsed < Duration::from_secs(12), "{elapsed:?}");
    assert!(others.is_empty(), "other connections still work");
}

/// Terminates every connection to a database, as an administrator or a restart does.
async fn terminate_connections(name: &str) {
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
    terminate_connections(fresh.name()).await;
    for mut transaction in transactions {
        let error = join(&mut transaction, 11).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        assert!(transaction.commit().await.is_err());
    }
    for _ in 0..20 {
        assert!(
            participant_ids(&database).await.is_empty(),
            "a new connection works"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_after_all_connections_were_lost_succeeds() {
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
        terminate_connections(fresh.name()).await;
        let mut transaction = database.write().await.unwrap();
        join(&mut transaction, round).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(participant_ids(&database).await.len(), round as usize);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_server_is_unavailable_until_it_returns() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let mut settings = fresh.settings();
    settings.wait = Duration::from_millis(500);
    let database = Database::open(&settings).await.unwrap();
    let allow = async |yes: bool| {
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {yes}", fresh.name());
        Cluster::shared().run("postgres", &sql).await.unwrap();
    };
    allow(false).await;
    terminate_connections(fresh.name()).await;
    let started = Instant::now();
    let error = database.ping().await.unwrap_err();
    assert!(
        error.is_unavailable() && error.to_string().contains("not currently accepting"),
        "{error}"
    );
    assert!(started.elapsed() < 10 * settings.wait);
    assert!(database.write().await.is_err());

    allow(true).await;
    database.ping().await.unwrap();
    increment_version(&database).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_too_long_for_a_lock_is_unavailable() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let mut holder = database.write().await.unwrap();
    let update = diesel::update(boards::table).set(boards::version.eq(boards::version + 1));
    holder.execute(update).await.unwrap();
    let started = Instant::now();
    let error = increment_version(&database).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    holder.commit().await.unwrap();
    assert_eq!(version(&database).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_have_an_application_name_and_respect_the_limit() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let database = fresh.open().await;
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let database = database.clone();
            tokio::spawn(async move { increment_version(&database).await })
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
        "{all} connections, {named} named savt"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_for_an_unreachable_server_omits_the_password() {
    let url = "postgres://savt:secret@127.0.0.1:1/board".parse().unwrap();
    let Err(error) = Database::open(&Settings::new(url)).await else {
        panic!("no server listens there");
    };
    let line = error.to_string();
    assert!(
        line.contains("postgres://127.0.0.1:1/board") && line.contains("refused"),
        "{line}"
    );
    assert!(
        error.is_unavailable() && !line.contains("secret") && !line.contains('\n'),
        "{line}"
    );
}
