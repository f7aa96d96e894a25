//! Notifications between processes on one PostgreSQL, and how lost ones are detected.

use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use savt::db::{Backend, Database, ListenerEvent, Notification, NotificationListener, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream, tcp, unix};
use tokio::time::timeout;

use crate::harness::databases::Fresh;
use crate::harness::postgres::{Cluster, Options};

/// A limit for failing tests; no test depends on how long something takes.
const TIMEOUT: Duration = Duration::from_secs(60);

async fn next(listener: &mut NotificationListener) -> ListenerEvent {
    timeout(TIMEOUT, listener.next()).await.unwrap()
}

async fn listening(database: &Database, channel: &'static str) -> NotificationListener {
    let mut listener = database.listener(channel).unwrap();
    assert_eq!(next(&mut listener).await, ListenerEvent::Up);
    listener
}

/// The next notifications, this many.
async fn receive(listener: &mut NotificationListener, count: usize) -> Vec<String> {
    let mut payloads = Vec::new();
    while payloads.len() < count {
        match next(listener).await {
            ListenerEvent::Notification(payload) => payloads.push(payload),
            other => panic!("{other:?} after {payloads:?}"),
        }
    }
    payloads
}

async fn assert_reconnects(listener: &mut NotificationListener) {
    assert_eq!(next(listener).await, ListenerEvent::Down);
    assert_eq!(next(listener).await, ListenerEvent::Up);
}

async fn assert_connected(one: &mut NotificationListener, other: &mut NotificationListener) {
    one.notifier().notify("ping".to_owned());
    assert_eq!(receive(other, 1).await, ["ping"]);
    assert_eq!(receive(one, 1).await, ["ping"]);
    other.notifier().notify("pong".to_owned());
    assert_eq!(receive(one, 1).await, ["pong"]);
    assert_eq!(receive(other, 1).await, ["pong"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_has_no_listener() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    assert!(fresh.open().await.listener("board").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_listeners_of_a_channel_receive_notifications_in_order() {
    const CHANNEL: &str = r#"Board "7"; a quoted name"#;
    let fresh = Fresh::empty(Backend::Postgres).await;
    let (here, remote) = (fresh.open().await, fresh.open().await);
    let mut alice = listening(&here, CHANNEL).await;
    let mut bob = listening(&remote, CHANNEL).await;
    let mut other_channel = listening(&remote, "another").await;
    let sent = ["one", "", "two; it's ünïcode", "three"];
    for payload in sent {
        alice.notifier().notify(payload.to_owned());
    }
    assert_eq!(receive(&mut bob, 4).await, sent);
    assert_eq!(receive(&mut alice, 4).await, sent, "the sender as well");
    assert_connected(&mut bob, &mut alice).await;
    other_channel.notifier().notify("hello".to_owned());
    assert_eq!(
        receive(&mut other_channel, 1).await,
        ["hello"],
        "nothing from the first channel"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_of_a_transaction_arrives_if_it_commits() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let database = fresh.open().await;
    let mut listener = listening(&database, "board").await;
    let notification = |payload: &str| Notification {
        channel: "board",
        payload: payload.to_owned(),
    };
    let mut transaction = database.write().await.unwrap();
    transaction.notify(&notification("no")).await.unwrap();
    transaction.rollback().await.unwrap();
    let mut transaction = database.write().await.unwrap();
    transaction.notify(&notification("it's")).await.unwrap();
    listener.notifier().notify("before".to_owned());
    assert_eq!(receive(&mut listener, 1).await, ["before"]);
    transaction.commit().await.unwrap();
    assert_eq!(receive(&mut listener, 1).await, ["it's"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_1000_notifications_arrives_completely() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut alice = listening(&fresh.open().await, "board").await;
    let mut bob = listening(&fresh.open().await, "board").await;
    let sent: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
    let notifier = alice.notifier();
    for payload in &sent {
        notifier.notify(payload.clone());
    }
    assert_eq!(receive(&mut bob, sent.len()).await, sent);
    assert_eq!(receive(&mut alice, sent.len()).await, sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_payloads_do_not_affect_others() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut listener = listening(&fresh.open().await, "board").await;
    let longest = "x".repeat(7_900);
    for payload in [&format!("{longest}x"), "\0", &longest, "after"] {
        listener.notifier().notify(payload.to_owned());
    }
    assert_eq!(receive(&mut listener, 2).await, [&longest, "after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_listener_is_informed_about_lost_notifications() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut slow = listening(&fresh.open().await, "board").await;
    let mut fast = listening(&fresh.open().await, "board").await;
    for _ in 0..50 {
        for n in 0..100 {
            fast.notifier().notify(n.to_string());
        }
        receive(&mut fast, 100).await;
    }
    // The server delivers at its own pace. Until the connection is closed, the slow listener could still receive all.
    wait_for_listeners(&fresh, 1).await;
    let mut received = 0;
    loop {
        match next(&mut slow).await {
            ListenerEvent::Notification(payload) => {
                assert_eq!(payload, (received % 100).to_string(), "no gap before Down");
                received += 1;
            }
            other => break assert_eq!(other, ListenerEvent::Down),
        }
    }
    assert!(received < 5_000);
    assert_eq!(next(&mut slow).await, ListenerEvent::Up);
    assert_connected(&mut slow, &mut fast).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_listener_closes_its_connection() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let database = fresh.open().await;
    let listener = listening(&database, "board").await;
    let notifier = listener.notifier();
    assert_eq!(listener_pids(&fresh).await.len(), 1);
    drop(listener);
    wait_for_listeners(&fresh, 0).await;
    notifier.notify("dropped".to_owned());
}

/// The server processes of listening connections.
async fn listener_pids(fresh: &Fresh) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity
               WHERE datname = $1 AND (query LIKE '%; LISTEN %' OR query LIKE '%pg_notify%')";
    let postgres = Cluster::shared().connect("postgres").await;
    let rows = postgres.query(sql, &[&fresh.name()]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Waits until this many listening connections remain.
async fn wait_for_listeners(fresh: &Fresh, count: usize) {
    let reached = async {
        while listener_pids(fresh).await.len() != count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TIMEOUT, reached).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminated_connection_is_replaced() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut alice = listening(&fresh.open().await, "board").await;
    let mut bob = listening(&fresh.open().await, "board").await;
    for _ in 0..3 {
        for pid in listener_pids(&fresh).await {
            let sql = format!("SELECT pg_terminate_backend({pid})");
            Cluster::shared().run("postgres", &sql).await.unwrap();
        }
        assert_reconnects(&mut alice).await;
        assert_reconnects(&mut bob).await;
        assert_connected(&mut alice, &mut bob).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_reconnect_after_a_server_restart() {
    let mut cluster = Cluster::start(&Options::default());
    let settings = Settings::new(cluster.url("postgres").parse().unwrap());
    let here = Database::open(&settings).await.unwrap();
    let remote = Database::open(&settings).await.unwrap();
    let mut alice = listening(&here, "board").await;
    let mut bob = listening(&remote, "board").await;
    cluster.stop();
    assert_eq!(next(&mut alice).await, ListenerEvent::Down);
    assert_eq!(next(&mut bob).await, ListenerEvent::Down);
    let mut late = here.listener("board").unwrap();
    alice.notifier().notify("dropped".to_owned());
    // Enough time for some reconnection attempts.
    tokio::time::sleep(Duration::from_secs(1)).await;
    cluster.start_again();
    for listener in [&mut alice, &mut bob, &mut late] {
        assert_eq!(next(listener).await, ListenerEvent::Up);
    }
    assert_connected(&mut alice, &mut bob).await;
    assert_connected(&mut bob, &mut alice).await;
}

/// A simulated pooler in front of a database; returns the settings to use. If `shared`, like a pooler in transaction mode
/// it forwards only messages that arrive during a query, so notifications are lost.
async fn pooler(fresh: &Fresh, shared: bool) -> Settings {
    let folder = fresh.url().split(['=', '&']).nth(1).unwrap();
    let server = format!("{folder}/.s.PGSQL.5432");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&server).await.unwrap();
            tokio::spawn(forward(client, server, shared));
        }
    });
    let url = format!("postgres://savt@{address}/{}", fresh.name());
    Settings::new(url.parse().unwrap())
}

async fn forward(client: TcpStream, server: UnixStream, shared: bool) -> io::Result<()> {
    let (client, server) = (client.into_split(), server.into_split());
    let querying = AtomicBool::new(false);
    let queries = forward_queries(client.0, server.1, &querying);
    let results = forward_results(server.0, client.1, &querying, shared);
    tokio::try_join!(queries, results).map(drop)
}

async fn forward_queries(
    mut client: tcp::OwnedReadHalf,
    mut server: unix::OwnedWriteHalf,
    querying: &AtomicBool,
) -> io::Result<()> {
    let mut query = [0; 8192];
    loop {
        let length = client.read(&mut query).await?;
        if length == 0 {
            return server.shutdown().await;
        }
        querying.store(true, SeqCst);
        server.write_all(&query[..length]).await?;
    }
}

async fn forward_results(
    mut server: unix::OwnedReadHalf,
    mut client: tcp::OwnedWriteHalf,
    querying: &AtomicBool,
    shared: bool,
) -> io::Result<()> {
    loop {
        let kind = server.read_u8().await?;
        let length = server.read_u32().await?;
        let mut message = [&[kind][..], &length.to_be_bytes()].concat();
        message.resize(1 + length as usize, 0);
        server.read_exact(&mut message[5..]).await?;
        let unsolicited = kind == b'A' && !querying.load(SeqCst);
        if kind == b'Z' {
            querying.store(false, SeqCst); // ready for the next query
        }
        if !(shared && unsolicited) {
            client.write_all(&message).await?;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_delivers_no_notifications_is_detected() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let own = Database::open(&pooler(&fresh, false).await).await.unwrap();
    let mut alice = listening(&own, "board").await;
    let shared = Database::open(&pooler(&fresh, true).await).await.unwrap();
    let mut bob = shared.listener("board").unwrap();
    let event = timeout(Duration::from_secs(3), bob.next()).await;
    assert!(event.is_err(), "{event:?}");
    let mut carol = listening(&fresh.open().await, "board").await;
    assert_connected(&mut alice, &mut carol).await;
}

/// A server whose processes are stopped until this is dropped.
struct StoppedServer(String);

impl StoppedServer {
    async fn stop(cluster: &Cluster) -> StoppedServer {
        let sql = "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1) || ' ' || string_agg(pid::text, ' ')
                   FROM pg_stat_activity";
        let postgres = cluster.connect("postgres").await;
        let stopped = StoppedServer(postgres.query_one(sql, &[]).await.unwrap().get(0));
        stopped.signal("STOP");
        stopped
    }

    fn signal(&self, name: &str) {
        // A process may have ended since: connections of SAVT's checks at start are closed at once.
        let kill = format!(
            "for pid in {}; do kill -{name} $pid || [ ! -e /proc/$pid ] || exit 1; done",
            self.0
        );
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for StoppedServer {
    fn drop(&mut self) {
        self.signal("CONT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_server_is_detected() {
    let cluster = Cluster::start(&Options::default());
    let settings = Settings::new(cluster.url("postgres").parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    let mut alice = listening(&database, "board").await;
    let mut bob = listening(&database, "board").await;
    let stopped = StoppedServer::stop(&cluster).await;
    assert_eq!(next(&mut alice).await, ListenerEvent::Down);
    assert_eq!(next(&mut bob).await, ListenerEvent::Down);
    drop(stopped);
    assert_eq!(next(&mut alice).await, ListenerEvent::Up);
    assert_eq!(next(&mut bob).await, ListenerEvent::Up);
    assert_connected(&mut alice, &mut bob).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_encrypted_if_the_address_requires_tls() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let pem = certified.cert.pem();
    let cluster = Cluster::start(&Options {
        tls: Some((pem.clone(), certified.signing_key.serialize_pem())),
        ..Options::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, pem).unwrap();
    let url = format!(
        "postgres://savt@localhost:{}/postgres?sslmode=verify-full&sslrootcert={}",
        cluster.port(),
        root.display()
    );
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    let mut alice = listening(&database, "board").await;
    let mut bob = listening(&database, "board").await;
    assert_connected(&mut alice, &mut bob).await;
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
               WHERE ssl AND query LIKE '%pg_notify%'";
    let postgres = cluster.connect("postgres").await;
    let encrypted: i64 = postgres.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(encrypted, 2);
}
