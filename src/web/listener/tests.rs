//! The listener under a real server, with real clients that behave badly.

use std::time::Instant;

use poem::{
    Body, Endpoint, EndpointExt, Response, Route, Server,
    endpoint::{make, make_sync},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, duplex},
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::*;

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: savt\r\n\r\n";
const GET_SLOW: &[u8] = b"GET /slow HTTP/1.1\r\nHost: savt\r\n\r\n";
const GET_STREAM: &[u8] = b"GET /stream HTTP/1.1\r\nHost: savt\r\n\r\n";
const GET_SILENT: &[u8] = b"GET /silent HTTP/1.1\r\nHost: savt\r\n\r\n";
const GET_HUGE: &[u8] = b"GET /huge HTTP/1.1\r\nHost: savt\r\n\r\n";

const SHORT: Duration = Duration::from_millis(500);
/// So much less than `SHORT` that a busy machine does not mix them up.
const TICK: Duration = Duration::from_millis(50);
/// Enough for whatever must happen after `SHORT`, on a busy machine too.
const SOON: Duration = Duration::from_secs(20);
const NEVER: Duration = Duration::from_secs(3600);
const PATIENT: Deadlines = Deadlines {
    head: NEVER,
    idle: NEVER,
    write: NEVER,
    ended: NEVER,
};

/// A server that ends with its test.
struct Served {
    address: SocketAddr,
    task: JoinHandle<io::Result<()>>,
}

impl Served {
    async fn with(deadlines: Deadlines) -> Self {
        let listener = Listener::bind("127.0.0.1:0", deadlines).await.unwrap();
        let address = listener.addresses().next().unwrap();
        let task = tokio::spawn(Server::new_with_acceptor(listener).run(routes()));
        Self { address, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn routes() -> impl Endpoint {
    let slow = make(|_| async {
        sleep(SHORT * 2).await;
        Ok::<_, poem::Error>("at last")
    });
    // Ticks for longer than any deadline of these tests but `NEVER`.
    let stream = make_sync(|_| {
        let (mut writer, reader) = duplex(64);
        tokio::spawn(async move {
            for _ in 0..30 {
                writer.write_all(b": tick\n").await?;
                sleep(TICK).await;
            }
            writer.write_all(b"the end").await
        });
        Response::builder().body(Body::from_async_read(reader))
    });
    // Begins, and then has nothing to say for longer than anyone waits.
    let silent = make_sync(|_| {
        let (mut writer, reader) = duplex(64);
        tokio::spawn(async move {
            writer.write_all(b"begun").await?;
            sleep(NEVER).await;
            writer.write_all(b"the end").await
        });
        Response::builder().body(Body::from_async_read(reader))
    });
    Route::new()
        .at("/", make_sync(|_| "a page"))
        .at("/slow", slow)
        .at("/stream", stream)
        .at("/silent", silent)
        .at("/huge", make_sync(|_| vec![b'x'; 64 * 1024 * 1024]))
        .map_to_response()
}

/// Reads until this text has come.
async fn read_until(client: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    let read = async {
        while !String::from_utf8_lossy(&text).contains(end) {
            let count = client.read_buf(&mut text).await.unwrap();
            assert!(count > 0, "closed after {text:?}");
        }
    };
    timeout(SOON, read).await.unwrap();
    String::from_utf8(text).unwrap()
}

/// How long it takes until the server closes the connection.
async fn closed_after(mut client: TcpStream) -> Duration {
    let begin = Instant::now();
    let mut rest = Vec::new();
    // A reset is one way of closing.
    let _ = timeout(SOON, client.read_to_end(&mut rest)).await.unwrap();
    begin.elapsed()
}

#[tokio::test]
async fn a_client_that_says_nothing_is_let_go() {
    let head = SHORT;
    let served = Served::with(Deadlines { head, ..PATIENT }).await;
    assert!(closed_after(served.connect().await).await >= SHORT / 2);
}

#[tokio::test]
async fn dribbling_does_not_extend_the_deadline() {
    let head = SHORT;
    let served = Served::with(Deadlines { head, ..PATIENT }).await;
    for start in ["GET / HTTP/1.1\r\n", "\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut client = served.connect().await;
        client.write_all(start.as_bytes()).await.unwrap();
        let dribble = async {
            while client.write_all(b"x").await.is_ok() {
                sleep(TICK).await;
            }
        };
        timeout(SOON, dribble).await.expect(start);
    }
}

#[tokio::test]
async fn dribbling_http_2_is_let_go_when_idle() {
    let idle = SHORT;
    let served = Served::with(Deadlines { idle, ..PATIENT }).await;
    let mut client = served.connect().await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let no_settings = b"\0\0\0\x04\0\0\0\0\0";
    // A frame of a kind that nobody knows, of 16,383 bytes.
    let frame = b"\0\x3f\xff\xfa\0\0\0\0\0";
    let start = [&preface[..], no_settings, frame].concat();
    client.write_all(&start).await.unwrap();
    let dribble = async {
        while client.write_all(b"x").await.is_ok() {
            sleep(TICK).await;
        }
    };
    timeout(SOON, dribble).await.unwrap();
}

#[tokio::test]
async fn a_later_request_has_to_be_whole_in_time_too() {
    let head = SHORT;
    let served = Served::with(Deadlines { head, ..PATIENT }).await;
    let mut client = served.connect().await;
    client.write_all(GET).await.unwrap();
    read_until(&mut client, "a page").await;
    // Idle is not limited here, so it may wait before it begins.
    sleep(SHORT * 2).await;
    client.write_all(&GET[..10]).await.unwrap();
    closed_after(client).await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_a_while() {
    let idle = SHORT;
    let served = Served::with(Deadlines { idle, ..PATIENT }).await;
    let mut client = served.connect().await;
    for _ in 0..20 {
        client.write_all(GET).await.unwrap();
        read_until(&mut client, "a page").await;
        sleep(TICK).await;
    }
    assert!(closed_after(client).await >= SHORT / 4);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let (head, idle) = (SHORT, SHORT);
    let served = Served::with(Deadlines {
        head,
        idle,
        ..PATIENT
    })
    .await;
    let mut client = served.connect().await;
    for _ in 0..2 {
        client.write_all(GET_SLOW).await.unwrap();
        read_until(&mut client, "at last").await;
    }
    closed_after(client).await;
}

#[tokio::test]
async fn a_stream_lives_as_long_as_it_ticks() {
    let served = Served::with(Deadlines {
        head: SHORT,
        idle: SHORT,
        write: SHORT,
        ended: SHORT,
    })
    .await;
    let mut client = served.connect().await;
    let begin = Instant::now();
    client.write_all(GET_STREAM).await.unwrap();
    let text = read_until(&mut client, "the end").await;
    assert_eq!(text.matches(": tick").count(), 30);
    assert!(begin.elapsed() > SHORT * 2);
}

#[tokio::test]
async fn a_stream_whose_client_is_gone_is_ended() {
    let ended = SHORT;
    let served = Served::with(Deadlines { ended, ..PATIENT }).await;
    let mut client = served.connect().await;
    client.write_all(GET_STREAM).await.unwrap();
    read_until(&mut client, ": tick").await;
    client.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(SOON, client.read_to_end(&mut rest)).await.unwrap();
    let rest = String::from_utf8(rest).unwrap();
    assert!(!rest.contains("the end"), "{rest}");
}

#[tokio::test]
async fn a_silent_stream_whose_client_is_gone_is_ended() {
    let ended = SHORT;
    let served = Served::with(Deadlines { ended, ..PATIENT }).await;
    let mut client = served.connect().await;
    client.write_all(GET_SILENT).await.unwrap();
    read_until(&mut client, "begun").await;
    client.shutdown().await.unwrap();
    closed_after(client).await;
}

#[tokio::test]
async fn a_client_that_has_said_all_gets_its_answer() {
    // Time enough for the answer, though it is slow.
    let ended = SOON;
    let served = Served::with(Deadlines { ended, ..PATIENT }).await;
    for (request, answer) in [(GET, "a page"), (GET_SLOW, "at last")] {
        let mut client = served.connect().await;
        client.write_all(request).await.unwrap();
        client.shutdown().await.unwrap();
        read_until(&mut client, answer).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_let_go() {
    let write = SHORT;
    let served = Served::with(Deadlines { write, ..PATIENT }).await;
    let mut client = served.connect().await;
    client.write_all(GET_HUGE).await.unwrap();
    // More than the buffers of both sides hold must be left when the deadline passes.
    sleep(SHORT * 3).await;
    let mut answer = Vec::new();
    let _ = timeout(SOON, client.read_to_end(&mut answer))
        .await
        .unwrap();
    assert!(answer.len() < 64 * 1024 * 1024);
}

#[tokio::test]
async fn one_that_takes_it_slowly_gets_it_all() {
    let write = SHORT;
    let served = Served::with(Deadlines { write, ..PATIENT }).await;
    let mut client = served.connect().await;
    client.write_all(GET_HUGE).await.unwrap();
    let begin = Instant::now();
    let mut piece = vec![0; 4 * 1024 * 1024];
    let mut count = 0;
    while count < 64 * 1024 * 1024 {
        count += timeout(SOON, client.read(&mut piece))
            .await
            .unwrap()
            .unwrap();
        if begin.elapsed() < SHORT * 3 {
            sleep(TICK).await;
        }
    }
    assert!(begin.elapsed() > SHORT * 2);
}

#[tokio::test]
async fn several_requests_at_once_are_answered_in_turn() {
    let served = Served::with(Deadlines::default()).await;
    let mut client = served.connect().await;
    client.write_all(&GET.repeat(3)).await.unwrap();
    let mut text = String::new();
    while text.matches("a page").count() < 3 {
        text += &read_until(&mut client, "a page").await;
    }
}

#[tokio::test]
async fn a_name_is_listened_at_wherever_it_leads() {
    let listener = Listener::bind("localhost:0", PATIENT).await.unwrap();
    let addresses: Vec<_> = listener.addresses().collect();
    assert!(addresses.iter().all(|address| address.ip().is_loopback()));
    let port = addresses[0].port();
    assert!(port != 0 && addresses.iter().all(|address| address.port() == port));
    for address in addresses {
        TcpStream::connect(address).await.unwrap();
    }
}

#[tokio::test]
async fn a_used_port_is_said_so() {
    let first = Listener::bind("127.0.0.1:0", PATIENT).await.unwrap();
    let address = first.addresses().next().unwrap().to_string();
    let error = Listener::bind(&address, PATIENT).await.err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert_eq!(
        error.to_string(),
        format!("cannot listen at {address}: another program listens there already")
    );
}

#[tokio::test]
async fn nonsense_is_said_so() {
    for nonsense in ["8000", "127.0.0.1", "127.0.0.1:port", "192.0.2.1:0"] {
        let error = Listener::bind(nonsense, PATIENT).await.err().unwrap();
        let start = format!("cannot listen at {nonsense}: ");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
}

#[tokio::test]
async fn small_answers_are_not_held_back() {
    let mut listener = Listener::bind("127.0.0.1:0", PATIENT).await.unwrap();
    let address = listener.addresses().next().unwrap();
    let client = TcpStream::connect(address);
    let (client, accepted) = tokio::join!(client, listener.accept());
    let (connection, local, remote, _) = accepted.unwrap();
    assert!(connection.nodelay());
    assert_eq!(local.as_socket_addr(), Some(&address));
    let client = client.unwrap().local_addr().unwrap();
    assert_eq!(remote.as_socket_addr(), Some(&client));
}
