//! The listener in a real server, with misbehaving clients.

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

const SHORT_LATENCY_BUCKETS: Duration = Duration::from_millis(500);
/// Small enough compared to `SHORT_LATENCY_BUCKETS` that a busy machine keeps them apart.
const TICK: Duration = Duration::from_millis(50);
/// Enough for everything that must happen after `SHORT_LATENCY_BUCKETS`, even on a busy machine.
const TEST_TIMEOUT: Duration = Duration::from_secs(20);
const NEVER: Duration = Duration::from_secs(3600);
const NO_DEADLINES: Deadlines = Deadlines {
    head: NEVER,
    idle: NEVER,
    write: NEVER,
    ended: NEVER,
};

/// A server that stops when dropped.
struct TestServer {
    address: SocketAddr,
    task: JoinHandle<io::Result<()>>,
}

impl TestServer {
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

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn routes() -> impl Endpoint {
    let slow = make(|_| async {
        sleep(SHORT_LATENCY_BUCKETS * 2).await;
        Ok::<_, poem::Error>("at last")
    });
    // Ticks for longer than every deadline in these tests except `NEVER`.
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
    // Starts, and then stays silent for longer than any test.
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

/// Reads until this text has arrived.
async fn read_until(client: &mut TcpStream, end: &str) -> String {
    let mut text = Vec::new();
    let read = async {
        while !String::from_utf8_lossy(&text).contains(end) {
            let count = client.read_buf(&mut text).await.unwrap();
            assert!(count > 0, "closed after {text:?}");
        }
    };
    timeout(TEST_TIMEOUT, read).await.unwrap();
    String::from_utf8(text).unwrap()
}

/// The time until the server closes the connection.
async fn time_to_close(mut client: TcpStream) -> Duration {
    let start = Instant::now();
    let mut rest = Vec::new();
    // A reset is one way of closing.
    let _ = timeout(TEST_TIMEOUT, client.read_to_end(&mut rest))
        .await
        .unwrap();
    start.elapsed()
}

#[tokio::test]
async fn a_silent_client_is_disconnected() {
    let head = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        head,
        ..NO_DEADLINES
    })
    .await;
    assert!(time_to_close(server.connect().await).await >= SHORT_LATENCY_BUCKETS / 2);
}

#[tokio::test]
async fn sending_byte_by_byte_does_not_extend_the_head_deadline() {
    let head = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        head,
        ..NO_DEADLINES
    })
    .await;
    for start in ["GET / HTTP/1.1\r\n", "\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"] {
        let mut client = server.connect().await;
        client.write_all(start.as_bytes()).await.unwrap();
        let dribble = async {
            while client.write_all(b"x").await.is_ok() {
                sleep(TICK).await;
            }
        };
        timeout(TEST_TIMEOUT, dribble).await.expect(start);
    }
}

#[tokio::test]
async fn http2_input_does_not_extend_the_idle_deadline() {
    let idle = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        idle,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let no_settings = b"\0\0\0\x04\0\0\0\0\0";
    // A frame of an unknown type, 16,383 bytes long.
    let frame = b"\0\x3f\xff\xfa\0\0\0\0\0";
    let start = [&preface[..], no_settings, frame].concat();
    client.write_all(&start).await.unwrap();
    let dribble = async {
        while client.write_all(b"x").await.is_ok() {
            sleep(TICK).await;
        }
    };
    timeout(TEST_TIMEOUT, dribble).await.unwrap();
}

const HTTP2_START: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const HTTP2_PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0pingping";
/// A complete request on stream 1: GET (index 2 of RFC 7541, appendix A), http (6), a path (4) and an authority (1).
const HTTP2_GET_STREAM: &[u8] = b"\0\0\x11\x01\x05\0\0\0\x01\x82\x86\x04\x07/stream\x01\x04savt";

/// Sends a PING at every tick until the server closes the connection. Returns what it has sent.
async fn ping_until_closed(mut client: TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let ping = async {
        while client.write_all(HTTP2_PING).await.is_ok() {
            match timeout(TICK, client.read_buf(&mut received)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(_)) => sleep(TICK).await,
                Err(_) => {}
            }
        }
    };
    timeout(TEST_TIMEOUT, ping).await.unwrap();
    received
}

#[tokio::test]
async fn pings_do_not_keep_an_idle_http2_connection() {
    let idle = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        idle,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(HTTP2_START).await.unwrap();
    let received = ping_until_closed(client).await;
    let answered = received.windows(8).any(|bytes| bytes == b"pingping");
    assert!(answered, "the server answers PINGs: {received:?}");
}

#[tokio::test]
async fn an_http2_stream_lives_as_long_as_it_sends() {
    let idle = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        idle,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    let start = [HTTP2_START, HTTP2_GET_STREAM].concat();
    client.write_all(&start).await.unwrap();
    let received = ping_until_closed(client).await;
    let text = String::from_utf8_lossy(&received);
    assert_eq!(text.matches(": tick").count(), 30, "{text}");
    assert!(text.contains("the end"), "{text}");
}

#[tokio::test]
async fn the_head_deadline_holds_for_later_requests_too() {
    let head = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        head,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(GET).await.unwrap();
    read_until(&mut client, "a page").await;
    // There is no idle deadline here, so the client may wait before it starts.
    sleep(SHORT_LATENCY_BUCKETS * 2).await;
    client.write_all(&GET[..10]).await.unwrap();
    time_to_close(client).await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_until_its_deadline() {
    let idle = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        idle,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    for _ in 0..20 {
        client.write_all(GET).await.unwrap();
        read_until(&mut client, "a page").await;
        sleep(TICK).await;
    }
    assert!(time_to_close(client).await >= SHORT_LATENCY_BUCKETS / 4);
}

#[tokio::test]
async fn no_deadline_cuts_off_a_slow_response() {
    let (head, idle) = (SHORT_LATENCY_BUCKETS, SHORT_LATENCY_BUCKETS);
    let server = TestServer::with(Deadlines {
        head,
        idle,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client.write_all(GET_SLOW).await.unwrap();
        read_until(&mut client, "at last").await;
    }
    time_to_close(client).await;
}

#[tokio::test]
async fn a_stream_lives_as_long_as_it_sends() {
    let server = TestServer::with(Deadlines {
        head: SHORT_LATENCY_BUCKETS,
        idle: SHORT_LATENCY_BUCKETS,
        write: SHORT_LATENCY_BUCKETS,
        ended: SHORT_LATENCY_BUCKETS,
    })
    .await;
    let mut client = server.connect().await;
    let start = Instant::now();
    client.write_all(GET_STREAM).await.unwrap();
    let text = read_until(&mut client, "the end").await;
    assert_eq!(text.matches(": tick").count(), 30);
    assert!(start.elapsed() > SHORT_LATENCY_BUCKETS * 2);
}

#[tokio::test]
async fn a_stream_ends_after_its_client_has_disconnected() {
    let ended = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        ended,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(GET_STREAM).await.unwrap();
    read_until(&mut client, ": tick").await;
    client.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(TEST_TIMEOUT, client.read_to_end(&mut rest))
        .await
        .unwrap();
    let rest = String::from_utf8(rest).unwrap();
    assert!(!rest.contains("the end"), "{rest}");
}

#[tokio::test]
async fn a_silent_stream_ends_after_its_client_has_disconnected() {
    let ended = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        ended,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(GET_SILENT).await.unwrap();
    read_until(&mut client, "begun").await;
    client.shutdown().await.unwrap();
    time_to_close(client).await;
}

#[tokio::test]
async fn a_client_that_has_closed_its_sending_side_gets_its_response() {
    // Long enough for the slow response.
    let ended = TEST_TIMEOUT;
    let server = TestServer::with(Deadlines {
        ended,
        ..NO_DEADLINES
    })
    .await;
    for (request, response) in [(GET, "a page"), (GET_SLOW, "at last")] {
        let mut client = server.connect().await;
        client.write_all(request).await.unwrap();
        client.shutdown().await.unwrap();
        read_until(&mut client, response).await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_is_disconnected() {
    let write = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        write,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(GET_HUGE).await.unwrap();
    // More data than both sides can buffer must remain when the deadline passes.
    sleep(SHORT_LATENCY_BUCKETS * 3).await;
    let mut response = Vec::new();
    let _ = timeout(TEST_TIMEOUT, client.read_to_end(&mut response))
        .await
        .unwrap();
    assert!(response.len() < 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_the_full_response() {
    let write = SHORT_LATENCY_BUCKETS;
    let server = TestServer::with(Deadlines {
        write,
        ..NO_DEADLINES
    })
    .await;
    let mut client = server.connect().await;
    client.write_all(GET_HUGE).await.unwrap();
    let start = Instant::now();
    let mut piece = vec![0; 4 * 1024 * 1024];
    let mut count = 0;
    while count < 64 * 1024 * 1024 {
        count += timeout(TEST_TIMEOUT, client.read(&mut piece))
            .await
            .unwrap()
            .unwrap();
        if start.elapsed() < SHORT_LATENCY_BUCKETS * 3 {
            sleep(TICK).await;
        }
    }
    assert!(start.elapsed() > SHORT_LATENCY_BUCKETS * 2);
}

#[tokio::test]
async fn pipelined_requests_are_all_answered() {
    let server = TestServer::with(Deadlines::default()).await;
    let mut client = server.connect().await;
    client.write_all(&GET.repeat(3)).await.unwrap();
    let mut text = String::new();
    while text.matches("a page").count() < 3 {
        text += &read_until(&mut client, "a page").await;
    }
}

#[tokio::test]
async fn a_host_name_is_bound_at_all_its_addresses() {
    let listener = Listener::bind("localhost:0", NO_DEADLINES).await.unwrap();
    let addresses: Vec<_> = listener.addresses().collect();
    assert!(addresses.iter().all(|address| address.ip().is_loopback()));
    let port = addresses[0].port();
    assert!(port != 0 && addresses.iter().all(|address| address.port() == port));
    for address in addresses {
        TcpStream::connect(address).await.unwrap();
    }
}

#[tokio::test]
async fn a_port_in_use_is_reported() {
    let first = Listener::bind("127.0.0.1:0", NO_DEADLINES).await.unwrap();
    let address = first.addresses().next().unwrap().to_string();
    let error = Listener::bind(&address, NO_DEADLINES).await.err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    assert_eq!(
        error.to_string(),
        format!("cannot listen at {address}: another program is already listening there")
    );
}

#[tokio::test]
async fn an_invalid_address_is_reported() {
    for address in ["8000", "127.0.0.1", "127.0.0.1:port", "192.0.2.1:0"] {
        let error = Listener::bind(address, NO_DEADLINES).await.err().unwrap();
        let prefix = format!("cannot listen at {address}: ");
        assert!(error.to_string().starts_with(&prefix), "{error}");
    }
}

#[tokio::test]
async fn small_responses_are_sent_without_delay() {
    let mut listener = Listener::bind("127.0.0.1:0", NO_DEADLINES).await.unwrap();
    let address = listener.addresses().next().unwrap();
    let client = TcpStream::connect(address);
    let (client, accepted) = tokio::join!(client, listener.accept());
    let (connection, local, remote, _) = accepted.unwrap();
    assert!(connection.nodelay());
    assert_eq!(local.as_socket_addr(), Some(&address));
    let client = client.unwrap().local_addr().unwrap();
    assert_eq!(remote.as_socket_addr(), Some(&client));
}
