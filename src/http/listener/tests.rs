//! The listener in a real server, with misbehaving clients.

mod addresses;
mod connections;
mod http2;
mod requests;
mod responses;

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
/// The preface of HTTP/2 and empty settings.
const HTTP2_START: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

const SHORT: Duration = Duration::from_millis(500);
/// Small enough compared to `SHORT` that a busy machine keeps them apart.
const TICK: Duration = Duration::from_millis(50);
/// Enough for everything that must happen after `SHORT`, even on a busy machine.
const TEST_TIMEOUT: Duration = Duration::from_secs(20);
/// More than both sides can buffer.
const HUGE: usize = 64 * 1024 * 1024;
const NEVER: Duration = Duration::from_secs(3600);
const NO_DEADLINES: Deadlines = Deadlines {
    head: NEVER,
    idle: NEVER,
    write: NEVER,
    ended: NEVER,
};
const HEAD: Deadlines = Deadlines {
    head: SHORT,
    ..NO_DEADLINES
};
const IDLE: Deadlines = Deadlines {
    idle: SHORT,
    ..NO_DEADLINES
};
const WRITE: Deadlines = Deadlines {
    write: SHORT,
    ..NO_DEADLINES
};
const ENDED: Deadlines = Deadlines {
    ended: SHORT,
    ..NO_DEADLINES
};

/// A server that stops when dropped.
struct TestServer {
    address: SocketAddr,
    limits: Arc<ConnectionLimits>,
    task: JoinHandle<io::Result<()>>,
}

impl TestServer {
    async fn with(deadlines: Deadlines) -> Self {
        TestServer::with_limits(deadlines, ConnectionLimits::default()).await
    }

    async fn with_limits(deadlines: Deadlines, limits: ConnectionLimits) -> Self {
        let listener = Listener::bind("127.0.0.1:0", deadlines).await.unwrap();
        let limits = Arc::new(limits);
        let listener = listener.with_limits(limits.clone());
        let address = listener.addresses().next().unwrap();
        let task = tokio::spawn(Server::new_with_acceptor(listener).run(routes()));
        Self {
            address,
            limits,
            task,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Waits until the server has closed all connections.
    async fn wait_until_idle(&self) {
        let closed = async {
            while self.limits.open() > 0 {
                sleep(TICK).await;
            }
        };
        timeout(TEST_TIMEOUT, closed).await.unwrap();
    }

    /// A new client that has sent these bytes.
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut client = self.connect().await;
        client.write_all(bytes).await.unwrap();
        client
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn routes() -> impl Endpoint {
    let slow = make(|_| async {
        sleep(SHORT * 2).await;
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
        .at("/huge", make_sync(|_| vec![b'x'; HUGE]))
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

/// Everything that the server still sends before it closes the connection. A reset is one way of closing.
async fn read_to_end(client: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    let _ = timeout(TEST_TIMEOUT, client.read_to_end(&mut rest))
        .await
        .expect("the connection stays open");
    rest
}

/// The time until the server closes the connection.
async fn time_to_close(mut client: TcpStream) -> Duration {
    let start = Instant::now();
    read_to_end(&mut client).await;
    start.elapsed()
}

/// Sends single bytes until the server closes the connection.
async fn dribble_until_closed(client: &mut TcpStream) {
    let dribble = async {
        while client.write_all(b"x").await.is_ok() {
            sleep(TICK).await;
        }
    };
    timeout(TEST_TIMEOUT, dribble)
        .await
        .expect("the connection stays open");
}
