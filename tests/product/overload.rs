//! More than the machine can do, and clients who misuse what it does: whoever cannot be served hears so at once, and nobody
//! else notices.

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
    board::Failure,
    db::Backend,
    model::{Deed, Name, Slug, Token},
    open_files,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};

use crate::harness::{
    agreement::agree,
    app::Savt,
    client::Person,
    databases::{Fresh, Given, on_both},
    process::Process,
};

/// What nobody should wait longer for, while other tests leave hardly any of the machine: still sooner than the first of those
/// who misuse it are let go.
const IN_TIME: Duration = Duration::from_secs(9);

/// How many wishes may wait at one door.
const DOOR: usize = 4_096;

on_both!(a_full_door_says_so_at_once_and_what_it_took_in_happens);
async fn a_full_door_says_so_at_once_and_what_it_took_in_happens(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await.version();
    let live = savt.boards().open(&Slug::main()).await.unwrap();
    let held = savt.hold_writers().await;
    // Somebody is at the door, which does not look behind them until they are served.
    let first = tokio::spawn({
        let alice = alice.clone();
        async move { alice.create_item("First").await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (mut refused, mut waiting) = (0, Vec::new());
    for n in 0..2 * DOOR {
        let live = live.clone();
        let mut wish = Box::pin(async move {
            let deed = Deed::CreateItem {
                name: Some(Name::parse(&format!("Pizza {n}")).unwrap()),
                kind: None,
                fallback: Name::parse("Pizza").unwrap(),
            };
            let token = Token::hashed("somebody".to_owned());
            live.wish(token, deed).await.map(drop)
        });
        // At once is without waiting at all.
        match (&mut wish).now_or_never() {
            None => waiting.push(wish),
            Some(outcome) => {
                assert!(matches!(outcome, Err(Failure::Busy)), "{outcome:?}");
                refused += 1;
            }
        }
    }
    assert!(refused >= DOOR, "{refused}");
    let waiting = tokio::spawn(join_all(waiting));

    let late = alice
        .post("/create/item/", &[("name", "Late")])
        .await
        .is(503);
    let reason =
        "Too much is going on right now. Nothing was changed: please try again in a moment.";
    assert_eq!(late.one("main p"), reason);
    assert!(late.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(!waiting.is_finished(), "those before her still hope");
    for transaction in held {
        transaction.rollback().await.unwrap();
    }

    first.await.unwrap();
    let mut done = 0;
    for outcome in waiting.await.unwrap() {
        match outcome {
            Ok(()) => done += 1,
            Err(failure) => {
                let later = matches!(failure, Failure::Busy | Failure::Unavailable);
                assert!(later, "{failure:?}");
            }
        }
    }
    assert!(done > 0);
    let board = savt.stored().await;
    assert_eq!(
        board.stats().items,
        1 + done,
        "what was refused was not done"
    );
    assert!(board.version() >= before + done as i64);

    alice.create_item("Afterwards").await;
    agree(&[&savt]).await;
}

/// Connections that do what no browser does, until dropped.
#[derive(Default)]
struct Misused {
    silent: Vec<TcpStream>,
    talking: JoinSet<()>,
}

impl Misused {
    /// So many that begin with these bytes and then neither say nor take anything.
    async fn silent(&mut self, number: usize, server: SocketAddr, begin: &[u8]) {
        for _ in 0..number {
            self.silent.push(begun(server, begin).await);
        }
    }

    /// So many that will send nothing more, but take nothing either.
    async fn half_closed(&mut self, number: usize, server: SocketAddr, begin: &[u8]) {
        for _ in 0..number {
            let mut client = begun(server, begin).await;
            client.shutdown().await.unwrap();
            self.silent.push(client);
        }
    }

    /// So many that go on in single bytes.
    async fn dribbling(&mut self, number: usize, server: SocketAddr, begin: &[u8]) {
        for _ in 0..number {
            let mut client = begun(server, begin).await;
            self.talking.spawn(async move {
                while client.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
    }
}

/// A connection on which this was sent, and into whose buffer hardly anything fits.
async fn begun(server: SocketAddr, begin: &[u8]) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut client = socket.connect(server).await.unwrap();
    client.write_all(begin).await.unwrap();
    client
}

/// How much memory a process has, in bytes.
fn memory(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kib.parse::<u64>().unwrap() * 1024
}

/// Looks, vetoes and takes back, and is answered in time.
async fn is_served(person: &Person, feature: i64) {
    for _ in 0..5 {
        let asked = Instant::now();
        person.page().await;
        let looked = asked.elapsed();
        person.veto(feature).await;
        let vetoed = asked.elapsed();
        person.take_back(feature).await;
        let took_back = asked.elapsed();
        assert!(took_back < IN_TIME, "{looked:?} {vetoed:?} {took_back:?}");
    }
}

on_both!(nobody_notices_those_who_misuse_connections);
async fn nobody_notices_those_who_misuse_connections(fresh: Fresh) {
    open_files::make_room(4_096);
    // As few as a careful system allows at first: room for more is what SAVT has to ask for itself.
    let process = Process::serve_with_files(256, fresh.url());
    let alice = process.person();
    let ham = alice.suggest("Ham", 1, None).await;
    is_served(&alice, ham).await;
    let before = memory(&process);

    let server = process.address;
    let page = b"GET / HTTP/1.1\r\nHost: savt\r\n\r\n";
    let mut misused = Misused::default();
    misused.silent(1_500, server, b"").await;
    misused.silent(50, server, &page.repeat(5)).await;
    let stream = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    misused.silent(100, server, stream).await;
    misused.half_closed(50, server, b"").await;
    misused.half_closed(50, server, page).await;
    misused.half_closed(50, server, stream).await;
    let head = b"GET / HTTP/1.1\r\nHost: savt\r\nX-Endless: ";
    misused.dribbling(150, server, head).await;
    let body = b"POST /create/item/ HTTP/1.1\r\nHost: savt\r\nContent-Length: 60000\r\n\r\n";
    misused.dribbling(150, server, body).await;

    // What they asked for has to be answered before it can be left lying.
    alice.page().await;
    is_served(&alice, ham).await;
    is_served(&process.person(), ham).await;
    let more = memory(&process).saturating_sub(before);
    assert!(
        more < 100 * 1024 * 1024,
        "{more} bytes for 2,100 connections"
    );
    drop(misused);
    is_served(&alice, ham).await;
    let log = process.log();
    assert!(!log.contains("ERROR") && !log.contains("panicked"), "{log}");
}

/// What comes back until the connection is closed.
async fn answer_to(server: SocketAddr, request: &[u8]) -> String {
    let mut client = TcpStream::connect(server).await.unwrap();
    let mut answer = Vec::new();
    let asked = async {
        // What is too much is not heard out: both may break off.
        let _ = client.write_all(request).await;
        let _ = client.shutdown().await;
        let _ = client.read_to_end(&mut answer).await;
    };
    timeout(Duration::from_secs(60), asked)
        .await
        .expect("closed");
    String::from_utf8(answer).unwrap()
}

on_both!(a_head_that_is_too_large_is_refused_before_it_costs_anything);
async fn a_head_that_is_too_large_is_refused_before_it_costs_anything(savt: Savt) {
    let alice = savt.person();
    let ham = alice.suggest("Ham", 1, None).await;
    let server = savt.address();
    let with = |headers: &str| format!("GET / HTTP/1.1\r\nHost: savt\r\n{headers}\r\n");
    let cookies = |number: usize| format!("Cookie: {}\r\n", "a=b; ".repeat(number));

    let answer = answer_to(server, with(&cookies(4_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let answer = answer_to(server, with(&cookies(10_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let reason = "Your browser sends more cookies than SAVT takes, which is 32 KiB.";
    assert!(answer.ends_with(reason), "{answer}");
    assert!(answer.contains("content-security-policy: "), "{answer}");
    let answer = answer_to(server, with(&"X-Many: x\r\n".repeat(1_000)).as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");

    let hundred_thousand = with(&cookies(100_000));
    let one = answer_to(server, hundred_thousand.as_bytes()).await;
    assert!(one.is_empty() || one.contains(" 4"), "{one}");
    let many = join_all((0..100).map(|_| answer_to(server, hundred_thousand.as_bytes())));
    tokio::join!(many, is_served(&alice, ham));
    agree(&[&savt]).await;
}

#[test]
fn what_is_more_than_the_machine_can_do_is_refused_at_once() {
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
        let savt = Savt::given(Fresh::migrated(Backend::Sqlite).await).await;
        let shedding = savt.another_that_is(|app| {
            app.shed_excess(Duration::from_millis(500)).unwrap();
            app
        });
        (shedding.await, savt)
    });
    let alice = savt.person();
    let create = async |wanted| {
        let until = Instant::now() + Duration::from_secs(60);
        let mut granted = 0;
        loop {
            let answer = alice.post("/create/item/", &[("name", "")]).await;
            granted += usize::from(answer.status == 303);
            if answer.status == wanted {
                return (answer, granted);
            }
            assert!([303, 503].contains(&answer.status), "{}", answer.body);
            assert!(Instant::now() < until, "never {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    people.block_on(async {
        let (_, before) = create(303).await;
        // More than a second's work is always there first, until somebody was refused.
        let waiting = Arc::new(AtomicUsize::new(0));
        let pile_up = async {
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
            () = pile_up => unreachable!("it never ends"),
            refused = create(503) => refused,
        };
        assert_eq!(refused.header("retry-after"), "2");
        assert!(refused.one("main p").contains("Nothing was changed"));
        assert_eq!(alice.get("/healthz").await.status, 200);
        let (_, after) = create(303).await;
        let granted = before + meanwhile + after;
        let items = alice.sees().await.lines().count();
        assert_eq!(items, granted, "what was refused was not done");
    });
    drop(savt);
    people.shutdown_background();
    machine.shutdown_background();
}
