//! Clients that do not read their stream: they delay no one and are disconnected.

use std::time::Duration;

use savt::http::listener::Deadlines;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::harness::{app::Savt, client::TestClient, databases::db_test, stream::Stream};

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
