//! What processes on one PostgreSQL say to each other, and how they learn that they may have missed some.

use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use savt::db::{Backend, Database, Settings, Signal, Signals};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream, tcp, unix};
use tokio::time::timeout;

use crate::harness::databases::Fresh;
use crate::harness::postgres::{Cluster, Options};

/// Only for what never comes: nothing here is judged by how long it takes.
const PATIENCE: Duration = Duration::from_secs(60);

async fn next(signals: &mut Signals) -> Signal {
    timeout(PATIENCE, signals.next()).await.unwrap()
}

async fn listening(database: &Database, channel: &'static str) -> Signals {
    let mut signals = database.signals(channel).unwrap();
    assert_eq!(next(&mut signals).await, Signal::Up);
    signals
}

/// The words that come next, this many.
async fn hears(signals: &mut Signals, count: usize) -> Vec<String> {
    let mut words = Vec::new();
    while words.len() < count {
        match next(signals).await {
            Signal::Said(one) => words.push(one),
            other => panic!("{other:?} after {words:?}"),
        }
    }
    words
}

async fn breaks_and_comes_back(signals: &mut Signals) {
    assert_eq!(next(signals).await, Signal::Down);
    assert_eq!(next(signals).await, Signal::Up);
}

async fn understand(one: &mut Signals, other: &mut Signals) {
    one.speaker().say("Do you hear me?".to_owned());
    assert_eq!(hears(other, 1).await, ["Do you hear me?"]);
    assert_eq!(hears(one, 1).await, ["Do you hear me?"]);
    other.speaker().say("Yes".to_owned());
    assert_eq!(hears(one, 1).await, ["Yes"]);
    assert_eq!(hears(other, 1).await, ["Yes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_nobody_to_tell() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    assert!(fresh.open().await.signals("board").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_on_a_channel_hear_what_is_said_in_order() {
    const CHANNEL: &str = r#"Board "7"; an odd name"#;
    let fresh = Fresh::empty(Backend::Postgres).await;
    let (here, there) = (fresh.open().await, fresh.open().await);
    let mut alice = listening(&here, CHANNEL).await;
    let mut bob = listening(&there, CHANNEL).await;
    let mut elsewhere = listening(&there, "another").await;
    let said = ["one", "", "two; it's ünïcode", "three"];
    for words in said {
        alice.speaker().say(words.to_owned());
    }
    assert_eq!(hears(&mut bob, 4).await, said);
    assert_eq!(hears(&mut alice, 4).await, said, "oneself as well");
    understand(&mut bob, &mut alice).await;
    elsewhere.speaker().say("hello?".to_owned());
    assert_eq!(hears(&mut elsewhere, 1).await, ["hello?"], "nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_words_at_once_all_arrive() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut alice = listening(&fresh.open().await, "board").await;
    let mut bob = listening(&fresh.open().await, "board").await;
    let said: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
    let speaker = alice.speaker();
    for words in &said {
        speaker.say(words.clone());
    }
    assert_eq!(hears(&mut bob, said.len()).await, said);
    assert_eq!(hears(&mut alice, said.len()).await, said);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_stops_nothing_else() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut signals = listening(&fresh.open().await, "board").await;
    let longest = "x".repeat(7_900);
    for words in [&format!("{longest}x"), "\0", &longest, "after"] {
        signals.speaker().say(words.to_owned());
    }
    assert_eq!(hears(&mut signals, 2).await, [&longest, "after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_for_long_is_told_that_some_is_lost() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut slow = listening(&fresh.open().await, "board").await;
    let mut quick = listening(&fresh.open().await, "board").await;
    for _ in 0..50 {
        for n in 0..100 {
            quick.speaker().say(n.to_string());
        }
        hears(&mut quick, 100).await;
    }
    // The server brings them to each in its own time; until it hung up, the slow one could still take them all.
    only_listeners(&fresh, 1).await;
    let mut heard = 0;
    loop {
        match next(&mut slow).await {
            Signal::Said(words) => {
                assert_eq!(words, (heard % 100).to_string(), "until then, all");
                heard += 1;
            }
            other => break assert_eq!(other, Signal::Down),
        }
    }
    assert!(heard < 5_000);
    assert_eq!(next(&mut slow).await, Signal::Up);
    understand(&mut slow, &mut quick).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_dropped_hangs_up() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let database = fresh.open().await;
    let signals = listening(&database, "board").await;
    let speaker = signals.speaker();
    assert_eq!(listeners(&fresh).await.len(), 1);
    drop(signals);
    only_listeners(&fresh, 0).await;
    speaker.say("nobody hears".to_owned());
}

/// The processes of the server that serve a listening connection.
async fn listeners(fresh: &Fresh) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity
               WHERE datname = $1 AND (query LIKE '%; LISTEN %' OR query LIKE '%pg_notify%')";
    let postgres = Cluster::shared().connect("postgres").await;
    let rows = postgres.query(sql, &[&fresh.name()]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Waits until the others have hung up.
async fn only_listeners(fresh: &Fresh, count: usize) {
    let hung_up = async {
        while listeners(fresh).await.len() != count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, hung_up).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_an_administrator_ends_is_replaced() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let mut alice = listening(&fresh.open().await, "board").await;
    let mut bob = listening(&fresh.open().await, "board").await;
    for _ in 0..3 {
        for pid in listeners(&fresh).await {
            let sql = format!("SELECT pg_terminate_backend({pid})");
            Cluster::shared().run("postgres", &sql).await.unwrap();
        }
        breaks_and_comes_back(&mut alice).await;
        breaks_and_comes_back(&mut bob).await;
        understand(&mut alice, &mut bob).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_server_is_survived() {
    let mut cluster = Cluster::start(&Options::default());
    let settings = Settings::new(cluster.url("postgres").parse().unwrap());
    let here = Database::open(&settings).await.unwrap();
    let there = Database::open(&settings).await.unwrap();
    let mut alice = listening(&here, "board").await;
    let mut bob = listening(&there, "board").await;
    cluster.stop();
    assert_eq!(next(&mut alice).await, Signal::Down);
    assert_eq!(next(&mut bob).await, Signal::Down);
    let mut late = here.signals("board").unwrap();
    alice.speaker().say("nobody hears".to_owned());
    // Time for some attempts.
    tokio::time::sleep(Duration::from_secs(1)).await;
    cluster.start_again();
    for signals in [&mut alice, &mut bob, &mut late] {
        assert_eq!(next(signals).await, Signal::Up);
    }
    understand(&mut alice, &mut bob).await;
    understand(&mut bob, &mut alice).await;
}

/// A stand-in for a pooler on the way to a database; gives the address to use. Where `shared`, it keeps a
/// connection to the server for one client only while it asks something, so that what comes unasked is lost.
async fn pooler(fresh: &Fresh, shared: bool) -> Settings {
    let folder = fresh.url().split(['=', '&']).nth(1).unwrap();
    let server = format!("{folder}/.s.PGSQL.5432");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = UnixStream::connect(&server).await.unwrap();
            tokio::spawn(pass_on(client, server, shared));
        }
    });
    let url = format!("postgres://savt@{address}/{}", fresh.name());
    Settings::new(url.parse().unwrap())
}

async fn pass_on(client: TcpStream, server: UnixStream, shared: bool) -> io::Result<()> {
    let (client, server) = (client.into_split(), server.into_split());
    let asking = AtomicBool::new(false);
    let questions = pass_on_questions(client.0, server.1, &asking);
    let answers = pass_on_answers(server.0, client.1, &asking, shared);
    tokio::try_join!(questions, answers).map(drop)
}

async fn pass_on_questions(
    mut client: tcp::OwnedReadHalf,
    mut server: unix::OwnedWriteHalf,
    asking: &AtomicBool,
) -> io::Result<()> {
    let mut question = [0; 8192];
    loop {
        let length = client.read(&mut question).await?;
        if length == 0 {
            return server.shutdown().await;
        }
        asking.store(true, SeqCst);
        server.write_all(&question[..length]).await?;
    }
}

async fn pass_on_answers(
    mut server: unix::OwnedReadHalf,
    mut client: tcp::OwnedWriteHalf,
    asking: &AtomicBool,
    shared: bool,
) -> io::Result<()> {
    loop {
        let kind = server.read_u8().await?;
        let length = server.read_u32().await?;
        let mut message = [&[kind][..], &length.to_be_bytes()].concat();
        message.resize(1 + length as usize, 0);
        server.read_exact(&mut message[5..]).await?;
        let unasked = kind == b'A' && !asking.load(SeqCst);
        if kind == b'Z' {
            asking.store(false, SeqCst); // ready for the next question
        }
        if !(shared && unasked) {
            client.write_all(&message).await?;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_takes_words_and_brings_none_is_not_believed() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let own = Database::open(&pooler(&fresh, false).await).await.unwrap();
    let mut alice = listening(&own, "board").await;
    let shared = Database::open(&pooler(&fresh, true).await).await.unwrap();
    let mut bob = shared.signals("board").unwrap();
    let deaf = timeout(Duration::from_secs(3), bob.next()).await;
    assert!(deaf.is_err(), "{deaf:?}");
    let mut carol = listening(&fresh.open().await, "board").await;
    understand(&mut alice, &mut carol).await;
}

/// A server that neither answers nor hangs up, until this is dropped.
struct Hung(String);

impl Hung {
    async fn every_process(cluster: &Cluster) -> Hung {
        let sql = "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1) || ' ' || string_agg(pid::text, ' ')
                   FROM pg_stat_activity";
        let postgres = cluster.connect("postgres").await;
        let hung = Hung(postgres.query_one(sql, &[]).await.unwrap().get(0));
        hung.signal("STOP");
        hung
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.0);
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Hung {
    fn drop(&mut self) {
        self.signal("CONT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_noticed() {
    let cluster = Cluster::start(&Options::default());
    let settings = Settings::new(cluster.url("postgres").parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    let mut alice = listening(&database, "board").await;
    let mut bob = listening(&database, "board").await;
    let hung = Hung::every_process(&cluster).await;
    assert_eq!(next(&mut alice).await, Signal::Down);
    assert_eq!(next(&mut bob).await, Signal::Down);
    drop(hung);
    assert_eq!(next(&mut alice).await, Signal::Up);
    assert_eq!(next(&mut bob).await, Signal::Up);
    understand(&mut alice, &mut bob).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_encrypted_where_the_address_asks_for_it() {
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
    understand(&mut alice, &mut bob).await;
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
               WHERE ssl AND query LIKE '%pg_notify%'";
    let postgres = cluster.connect("postgres").await;
    let encrypted: i64 = postgres.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(encrypted, 2);
}
