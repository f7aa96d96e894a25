//! A browser that does not take what is sent to it holds up nobody, and costs nothing for long.

use std::time::Duration;

use savt::web::listener::Deadlines;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::harness::{app::Savt, client::Person, databases::on_both, stream::Stream};

const PATIENCE: Duration = Duration::from_secs(60);

/// Opens the stream, and takes nothing: hardly anything fits into its buffer.
async fn deaf(savt: &Savt) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(savt.address()).await.unwrap();
    let ask = b"GET /events HTTP/1.1\r\nHost: savt\r\n\r\n";
    stream.write_all(ask).await.unwrap();
    stream
}

/// What comes until this text does.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    let all = async {
        while !String::from_utf8_lossy(&read[read.len().saturating_sub(70_000)..]).contains(end) {
            assert!(stream.read_buf(&mut read).await.unwrap() > 0, "closed");
        }
    };
    timeout(PATIENCE, all).await.unwrap();
    String::from_utf8(read).unwrap()
}

/// An item with so much on it that telling of it takes 100 KB.
async fn much(alice: &Person) -> i64 {
    let pizza = alice.create_item("Everything").await;
    for n in 0..50 {
        let name = format!("{n}-{}", "🍕".repeat(96));
        alice.suggest(&name, 1, pizza).await;
    }
    pizza
}

/// Lets so much happen that no buffer holds it.
async fn flood(alice: &Person, pizza: i64) {
    for _ in 0..50 {
        alice.delete_item(pizza).await;
        alice.undo(alice.last_event().await).await;
    }
}

on_both!(who_reads_nothing_holds_up_nobody_and_is_told_to_load_the_board_again);
async fn who_reads_nothing_holds_up_nobody_and_is_told_to_load_the_board_again(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = much(&alice).await;
    let mut other = Stream::open(&savt.person(), "/events", None).await;
    let mut deaf = deaf(&savt).await;
    other.here(2).await;
    let before = savt.stored().await.version();
    let listens = tokio::spawn(async move {
        let numbers = async |other: &mut Stream| other.step().await.number().unwrap();
        for number in before + 1..=before + 401 {
            assert_eq!(numbers(&mut other).await, number);
        }
    });
    flood(&alice, pizza).await;
    for _ in 0..150 {
        alice.veto(1).await;
        alice.take_back(1).await;
    }
    alice.suggest("The last", 1, None).await;
    listens.await.unwrap();

    let heard = read_until(&mut deaf, "event: reload").await;
    let version = savt.stored().await.version();
    assert!(!heard.contains(&format!("id: {version}\n")));
    alice.create_item("Afterwards").await;
    let rest = read_until(&mut deaf, "Afterwards").await;
    assert!(rest.contains(&format!("id: {}\n", version + 1)), "{rest}");
}

on_both!(who_reads_nothing_is_let_go);
async fn who_reads_nothing_is_let_go(savt: Savt) {
    let savt = savt
        .another_that_waits(Deadlines {
            write: Duration::from_secs(1),
            ..Deadlines::default()
        })
        .await;
    let alice = savt.person_called("Alice").await;
    let pizza = much(&alice).await;
    let mut other = Stream::open(&savt.person(), "/events", None).await;
    let mut deaf = deaf(&savt).await;
    other.here(2).await;
    let alone = tokio::spawn(async move { other.here(1).await });
    flood(&alice, pizza).await;
    alone.await.unwrap();
    let mut rest = Vec::new();
    let read = timeout(PATIENCE, deaf.read_to_end(&mut rest));
    // A reset is one way of closing.
    let _ = read.await.expect("closed");
}
