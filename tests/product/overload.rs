//! Overload and abusive clients: excess requests are refused immediately, and other clients are not affected.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::join_all};
use savt::{
    board::CommandError,
    db::Backend,
    model::{BoardAction, BrowserId, Name, Slug},
    open_files,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::harness::{
    app::Savt,
    client::TestClient,
    consistency::assert_consistent,
    databases::{Fresh, FromDatabase, db_test},
    process::Process,
};

/// The time limit for a response on a busy machine, shorter than the first timeout of abusive connections.
const MAX_WAIT: Duration = Duration::from_secs(9);

/// The capacity of a board's mailbox.
const MAILBOX_CAPACITY: usize = 4_096;

db_test!(a_full_mailbox_rejects_commands_and_executes_accepted_ones);
async fn a_full_mailbox_rejects_commands_and_executes_accepted_ones(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await.version();
    let handle = savt.boards().open(&Slug::main()).await.unwrap();
    let held = savt.hold_writers().await;
    // The writer processes this command and takes no other from the mailbox until it is done.
    let first = tokio::spawn({
        let alice = alice.clone();
        async move { alice.create_item("First").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (mut refused, mut waiting) = (0, Vec::new());
    for n in 0..2 * MAILBOX_CAPACITY {
        let handle = handle.clone();
        let mut command = Box::pin(async move {
            let action = BoardAction::CreateItem {
                name: Some(Name::parse(&format!("Pizza {n}")).unwrap()),
                kind: None,
                fallback: Name::parse("Pizza").unwrap(),
            };
            let token = BrowserId::from_hash("a browser".to_owned());
            handle.execute(token, action).await.map(drop)
        });
        // A full mailbox must reject on the first poll.
        match (&mut command).now_or_never() {
            None => waiting.push(command),
            Some(outcome) => {
                assert!(matches!(outcome, Err(CommandError::Busy)), "{outcome:?}");
                refused += 1;
            }
        }
    }
    assert!(refused >= MAILBOX_CAPACITY, "{refused}");
    let waiting = tokio::spawn(join_all(waiting));

    let late = alice
        .post("/create/item/", &[("name", "Late")])
        .await
        .is(503);
    let reason = "SAVT is too busy right now. Nothing was changed. Try again in a moment.";
    assert_eq!(late.one("main p"), reason);
    assert!(late.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(!waiting.is_finished(), "earlier commands are still waiting");
    for transaction in held {
        transaction.rollback().await.unwrap();
    }

    first.await.unwrap();
    let mut succeeded = 0;
    for outcome in waiting.await.unwrap() {
        match outcome {
            Ok(()) => succeeded += 1,
            Err(failure) => {
                let later = matches!(failure, CommandError::Busy | CommandError::Unavailable);
                assert!(later, "{failure:?}");
            }
        }
    }
    assert!(succeeded > 0);
    let board = savt.stored().await;
    assert_eq!(
        board.stats().items,
        1 + succeeded,
        "refused commands are not executed"
    );
    assert!(board.version() >= before + succeeded as i64);

    alice.create_item("Afterwards").await;
    assert_consistent(&[&savt]).await;
}

/// Abusive connections, closed when dropped.
#[derive(Default)]
struct AbusiveConnections {
    silent: Vec<TcpStream>,
    senders: JoinSet<()>,
}

impl AbusiveConnections {
    /// Opens connections that send a prefix and then neither send nor read.
    async fn silent(&mut self, number: usize, server: SocketAddr, prefix: &[u8]) {
        for _ in 0..number {
            self.silent.push(open_with_prefix(server, prefix).await);
        }
    }

    /// Opens connections that send a prefix, close their sending half and read nothing.
    async fn half_closed(&mut self, number: usize, server: SocketAddr, prefix: &[u8]) {
        for _ in 0..number {
            let mut client = open_with_prefix(server, prefix).await;
            client.shutdown().await.unwrap();
            self.silent.push(client);
        }
    }

    /// Opens connections that send a prefix and then single bytes.
    async fn slow_senders(&mut self, number: usize, server: SocketAddr, prefix: &[u8]) {
        for _ in 0..number {
            let mut client = open_with_prefix(server, prefix).await;
            self.senders.spawn(async move {
                while client.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
    }
}

/// Opens a connection with a tiny receive buffer and sends a prefix.
async fn open_with_prefix(server: SocketAddr, prefix: &[u8]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut client = socket.connect(server).await.unwrap();
    client.write_all(prefix).await.unwrap();
    client
}

/// The resident memory of a process in bytes.
fn resident_bytes(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kib.parse::<u64>().unwrap() * 1024
}

/// Asserts that loading the page, a veto and its withdrawal are answered in time.
async fn assert_responsive(person: &TestClient, feature: i64) {
    for _ in 0..5 {
        let started = Instant::now();
        person.page().await;
        let loaded = started.elapsed();
        person.veto(feature).await;
        let vetoed = started.elapsed();
        person.withdraw_veto(feature).await;
        let withdrew = started.elapsed();
        assert!(withdrew < MAX_WAIT, "{loaded:?} {vetoed:?} {withdrew:?}");
    }
}

db_test!(abusive_connections_do_not_affect_other_clients);
async fn abusive_connections_do_not_affect_other_clients(fresh: Fresh) {
    open_files::raise_nofile_limit(4_096);
    // A low soft limit on open files: SAVT must raise it itself.
    let process = Process::serve_with_files(256, fresh.url());
    let alice = process.person();
    let ham = alice.suggest("Ham", 1, None).await;
    assert_responsive(&alice, ham).await;
    let before = resident_bytes(&process);

    let server = process.address;
    let page = b"GET / HTTP/1.1\r\nHost: savt\r\n\r\n";
    let mut abusive = AbusiveConnections::default();
    abusive.silent(1_500, server, b"").await;
    abusive.silent(50, server, &page.repeat(5)).await;
    let stream = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    abusive.silent(100, server, stream).await;
    abusive.half_closed(50, server, b"").await;
    abusive.half_closed(50, server, page).await;
    abusive.half_closed(50, server, stream).await;
    let head = b"GET / HTTP/1.1\r\nHost: savt\r\nX-Endless: ";
    abusive.slow_senders(150, server, head).await;
    let body = b"POST /create/item/ HTTP/1.1\r\nHost: savt\r\nContent-Length: 60000\r\n\r\n";
    abusive.slow_senders(150, server, body).await;

    // Wait until their requests have been answered.
    alice.page().await;
    assert_responsive(&alice, ham).await;
    assert_responsive(&process.person(), ham).await;
    let more = resident_bytes(&process).saturating_sub(before);
    assert!(
        more < 100 * 1024 * 1024,
        "{more} bytes for 2,100 connections"
    );
    drop(abusive);
    assert_responsive(&alice, ham).await;
    let log = process.log();
    assert!(!log.contains("ERROR") && !log.contains("panicked"), "{log}");
}

/// Sends a request and reads until the connection is closed.
async fn raw_exchange(server: SocketAddr, request: &[u8]) -> String {
    let mut client = TcpStream::connect(server).await.unwrap();
    let mut answer = Vec::new();
    let exchange = async {
        // The server may close early, so writing and reading may fail.
        let _ = client.write_all(request).await;
        let _ = client.shutdown().await;
        let _ = client.read_to_end(&mut answer).await;
    };
    timeout(Duration::from_secs(60), exchange)
        .await
        .expect("the connection stays open");
    String::from_utf8(answer).unwrap()
}

db_test!(an_oversized_request_head_is_rejected_early);
async fn an_oversized_request_head_is_rejected_early(savt: Savt) {
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let server = savt.address();
    let with = |headers: &str| format!("GET / HTTP/1.1\r\nHost: savt\r\n{headers}\r\n");
    let cookies = |number: usize| format!("Cookie: {}\r\n", "a=b; ".repeat(number));

    let answer = raw_exchange(server, with(&cookies(4_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let answer = raw_exchange(server, with(&cookies(10_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let reason = "Your browser sends more cookies than SAVT accepts: at most 32 KiB.";
    assert!(answer.contains(reason), "{answer}");
    let german = format!("{}Accept-Language: de\r\n", cookies(10_000));
    let answer = raw_exchange(server, with(&german).as_bytes()).await;
    let reason = "Dein Browser sendet mehr Cookies, als SAVT annimmt: höchstens 32 KiB.";
    assert!(answer.contains(reason), "{answer}");
    assert!(answer.contains("content-security-policy: "), "{answer}");
    let answer = raw_exchange(server, with(&"X-Many: x\r\n".repeat(1_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");

    let hundred_thousand = with(&cookies(100_000));
    let one = raw_exchange(server, hundred_thousand.as_bytes()).await;
    assert!(one.is_empty() || one.contains(" 4"), "{one}");
    let many = join_all((0..100).map(|_| raw_exchange(server, hundred_thousand.as_bytes())));
    tokio::join!(many, assert_responsive(&alice, ham));
    assert_consistent(&[&savt]).await;
}

#[test]
fn excess_load_is_shed_with_503() {
    let threads = |workers| {
        let mut threads = tokio::runtime::Builder::new_multi_thread();
        threads
            .worker_threads(workers)
            .enable_all()
            .build()
            .unwrap()
    };
    let (machine, people) = (threads(1), threads(1));
    let (savt, _first) = machine.block_on(async {
        let savt = Savt::from_database(Fresh::migrated(Backend::Sqlite).await).await;
        let shedding = savt.another_with(|app| {
            app.shed_excess(Duration::from_millis(500)).unwrap();
            app
        });
        (shedding.await, savt)
    });
    let alice = savt.person();
    let sent = AtomicUsize::new(0);
    let create = async |expected| {
        let until = Instant::now() + Duration::from_secs(60);
        let mut accepted = 0;
        loop {
            // Each name differs from the last one, because two equal forms within a moment are one press.
            let name = format!("Pizza {}", sent.fetch_add(1, Ordering::Relaxed));
            let answer = alice.post("/create/item/", &[("name", &name)]).await;
            accepted += usize::from(answer.status == 303);
            if answer.status == expected {
                return (answer, accepted);
            }
            assert!([303, 503].contains(&answer.status), "{}", answer.body);
            assert!(Instant::now() < until, "never {expected}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    people.block_on(async {
        let (_, before) = create(303).await;
        // Keeps more than a second of work queued until a request is refused.
        let waiting = Arc::new(AtomicUsize::new(0));
        let saturate = async {
            loop {
                while waiting.fetch_add(1, Ordering::Relaxed) < 80 {
                    let waiting = waiting.clone();
                    machine.spawn(async move {
                        std::thread::sleep(Duration::from_millis(20));
                        waiting.fetch_sub(1, Ordering::Relaxed);
                    });
                }
                waiting.fetch_sub(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let (refused, meanwhile) = tokio::select! {
            () = saturate => unreachable!("the loop is endless"),
            refused = create(503) => refused,
        };
        assert_eq!(refused.header("retry-after"), "2");
        assert!(refused.one("main p").contains("Nothing was changed"));
        assert_eq!(alice.get("/healthz").await.status, 200);
        let (_, after) = create(303).await;
        let accepted = before + meanwhile + after;
        let items = alice.sees().await.lines().count();
        assert_eq!(items, accepted, "refused commands are not executed");
    });
    drop(savt);
    people.shutdown_background();
    machine.shutdown_background();
}

/// The numbers of suppressed lines in the log lines about connections that could not be accepted.
fn failed_accepts(log: &str) -> Vec<u64> {
    let lines = log
        .lines()
        .filter(|line| line.contains("cannot accept a connection"));
    let numbers = lines.filter_map(|line| {
        line.split_once("suppressed=")?
            .1
            .split(' ')
            .next()?
            .parse()
            .ok()
    });
    numbers.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_limit_of_open_files_the_log_is_short_and_connections_wait() {
    let fresh = Fresh::migrated(Backend::Sqlite).await;
    let process =
        Process::serve_with_at_most_files(100, &["--max-connections", "1000"], fresh.url());
    process.person().create_item("Margherita").await;
    let connect = || std::net::TcpStream::connect(process.address).unwrap();
    let connections: Vec<_> = (0..200).map(|_| connect()).collect();
    process.logged("cannot accept a connection").await;
    let until = Instant::now() + Duration::from_secs(30);
    while failed_accepts(&process.log()).iter().sum::<u64>() == 0 {
        assert!(Instant::now() < until, "{}", process.log());
        sleep(Duration::from_millis(50)).await;
    }
    drop(connections);
    assert_eq!(process.person().sees().await, "Margherita");
}
