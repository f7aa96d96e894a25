//! Clients that do not read their stream or page: they delay no one, cost little memory, and are disconnected.

use std::{fs, time::Duration};

use savt::{db::Backend, http::listener::Deadlines, model::Slug, view::Language};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use bytes::Bytes;

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    process::{Process, run},
    stream::Stream,
};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Opens the stream with a tiny receive buffer and reads nothing.
async fn open_without_reading(savt: &Savt) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(savt.address()).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    stream.write_all(request).await.unwrap();
    stream
}

/// Reads until this text arrives.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    let all = async {
        while !String::from_utf8_lossy(&read[read.len().saturating_sub(70_000)..]).contains(end) {
            assert!(
                stream.read_buf(&mut read).await.unwrap() > 0,
                "connection closed"
            );
        }
    };
    timeout(TIMEOUT, all).await.unwrap();
    String::from_utf8(read).unwrap()
}

/// Creates an item whose fragment takes about 100 KB.
async fn create_large_item(alice: &TestClient) -> i64 {
    let pizza = alice.create_item("Everything").await;
    for n in 0..50 {
        let name = format!("{n}-{}", "🍕".repeat(96));
        alice.suggest(&name, 1, pizza).await;
    }
    pizza
}

/// Produces more messages than all buffers can hold.
async fn fill_buffers(alice: &TestClient, pizza: i64) {
    for _ in 0..50 {
        alice.delete_item(pizza).await;
        alice.undo(alice.last_event().await).await;
    }
}

db_test!(a_client_that_does_not_read_delays_no_other_and_is_told_to_reload);
async fn a_client_that_does_not_read_delays_no_other_and_is_told_to_reload(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = create_large_item(&alice).await;
    let mut other = Stream::open(&savt.person(), "/events", None).await;
    let mut slow = open_without_reading(&savt).await;
    other.wait_for_presence(2).await;
    let before = savt.stored().await.version();
    let listens = tokio::spawn(async move {
        let numbers = async |other: &mut Stream| other.next_event().await.number().unwrap();
        for number in before + 1..=before + 401 {
            assert_eq!(numbers(&mut other).await, number);
        }
    });
    fill_buffers(&alice, pizza).await;
    for _ in 0..150 {
        alice.veto(1).await;
        alice.withdraw_veto(1).await;
    }
    alice.suggest("The last", 1, None).await;
    listens.await.unwrap();

    let received = read_until(&mut slow, "event: reload").await;
    let version = savt.stored().await.version();
    assert!(!received.contains(&format!("id: {version}\n")));
    alice.create_item("Afterwards").await;
    let rest = read_until(&mut slow, "Afterwards").await;
    assert!(rest.contains(&format!("id: {}\n", version + 1)), "{rest}");
}

db_test!(a_client_that_does_not_read_is_disconnected);
async fn a_client_that_does_not_read_is_disconnected(savt: Savt) {
    let savt = savt
        .another_with_deadlines(Deadlines {
            write: Duration::from_secs(1),
            ..Deadlines::default()
        })
        .await;
    let alice = savt.person_called("Alice").await;
    let pizza = create_large_item(&alice).await;
    let mut other = Stream::open(&savt.person(), "/events", None).await;
    let mut slow = open_without_reading(&savt).await;
    other.wait_for_presence(2).await;
    let alone = tokio::spawn(async move { other.wait_for_presence(1).await });
    fill_buffers(&alice, pizza).await;
    alone.await.unwrap();
    let mut rest = Vec::new();
    let read = timeout(TIMEOUT, slow.read_to_end(&mut rest));
    // A connection reset counts as closed.
    let _ = read.await.expect("the connection stays open");
}

db_test!(a_page_in_pieces_equals_the_whole_page);
async fn a_page_in_pieces_equals_the_whole_page(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    // One list is longer than a piece.
    for n in 0..40 {
        let item = (n % 4 != 0).then_some(pizza);
        let feature = alice.suggest(&format!("Topping {n}"), 1, item).await;
        if n % 3 == 0 {
            alice.veto(feature).await;
        }
    }
    savt.fill(60, 3).await;
    alice.delete_item(pizza + 7).await;
    let board = savt
        .boards()
        .open(&Slug::main())
        .await
        .unwrap()
        .read()
        .await;
    let rendering = board.rendering(Language::German);
    let viewers = board.board.participants().map(|viewer| Some(viewer.id));
    for viewer in viewers.chain([None]) {
        let (mut cards, mut free_rows) = (String::new(), String::new());
        rendering.write_cards(viewer, None, &mut cards);
        rendering.write_free_rows(viewer, &mut free_rows);
        for (whole, pieces) in [
            (cards, rendering.card_pieces(viewer, None)),
            (free_rows, rendering.free_row_pieces(viewer)),
        ] {
            assert_eq!(pieces.length(), whole.len());
            let pieces: Vec<Bytes> = pieces.collect();
            assert!(pieces.iter().all(|piece| piece.len() < 16 * 1024));
            assert!(pieces.concat() == whole.as_bytes(), "{viewer:?}");
        }
    }
}

/// Asks for the board, and reads nothing but the first byte of the response.
async fn ask_without_reading(process: &Process, headers: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(process.address).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: savt\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    timeout(TIMEOUT, stream.read_u8()).await.unwrap().unwrap();
    stream
}

/// The number of open files and sockets of a process.
fn open_files(process: &Process) -> usize {
    let folder = format!("/proc/{}/fd", process.id());
    fs::read_dir(folder).unwrap().count()
}

/// Resident memory of a process, in KiB.
fn resident_kib(process: &Process) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap().trim_end_matches("kB").trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_a_large_page_that_stall_cost_little_memory_and_are_disconnected() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    run(&[
        "seed",
        "--items",
        "1000",
        "--features",
        "5",
        "--database-url",
        fresh.url(),
    ])
    .expect_success();
    let process = Process::serve_with(&["--write-timeout", "8s"], fresh.url());
    let plain = process.person().get("").await.is(200);
    let length = plain.body.len();
    assert!(length > 2_000_000, "{length}");
    for headers in ["", "Accept-Encoding: gzip, zstd\r\n"] {
        // The first request renders the board, and each thread allocates its compressor.
        for _ in 0..8 {
            drop(ask_without_reading(&process, headers).await);
        }
        let before = resident_kib(&process);
        let files = open_files(&process) + 10;
        let mut stalled = Vec::new();
        for _ in 0..60 {
            stalled.push(ask_without_reading(&process, headers).await);
        }
        let growth = resident_kib(&process).saturating_sub(before);
        assert!(
            growth < 40 * 1024,
            "{growth} KiB for {length} bytes, {headers}"
        );
        assert_eq!(process.person().get("").await.is(200).body.len(), length);
        if headers.is_empty() {
            let disconnected = async {
                while open_files(&process) > files {
                    sleep(Duration::from_millis(50)).await;
                }
            };
            timeout(TIMEOUT, disconnected)
                .await
                .expect("the connections stay open");
        }
    }
}
