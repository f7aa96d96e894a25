//! An HTTP server on in-memory connections instead of sockets, and a minimal client for it.

use std::{future::pending, io, net::SocketAddr, time::Duration};

use poem::{
    Endpoint, Server,
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, duplex, split},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

/// The capacity of a connection in each direction.
const BUFFER_BYTES: usize = 64 * 1024;
/// Long enough for a machine that stalls.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The addresses of clients; some belong to the trusted proxy.
const PEERS: [&str; 4] = [
    "10.0.0.1:1",
    "192.168.1.7:1",
    "[2001:db8::7]:1",
    "127.0.0.1:1",
];

type Incoming = (DuplexStream, SocketAddr);

/// A server that accepts in-memory connections.
pub struct InMemoryServer {
    connections: UnboundedSender<Incoming>,
    server: JoinHandle<io::Result<()>>,
}

/// An event stream that is still open.
pub(super) type ResponseStream = ReadHalf<DuplexStream>;

struct IncomingConnections(UnboundedReceiver<Incoming>);

impl Acceptor for IncomingConnections {
    type Io = DuplexStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        Vec::new()
    }

    async fn accept(&mut self) -> io::Result<(DuplexStream, LocalAddr, RemoteAddr, Scheme)> {
        match self.0.recv().await {
            Some((stream, peer)) => {
                let (local, remote) = (LocalAddr::default(), RemoteAddr(peer.into()));
                Ok((stream, local, remote, Scheme::HTTP))
            }
            None => pending().await,
        }
    }
}

impl InMemoryServer {
    pub fn start(routes: impl Endpoint + 'static) -> InMemoryServer {
        let (connections, incoming) = unbounded_channel();
        let server = Server::new_with_acceptor(IncomingConnections(incoming));
        InMemoryServer {
            connections,
            server: tokio::spawn(server.run(routes)),
        }
    }

    fn connect(&self, peer: u8) -> DuplexStream {
        let (client, server) = duplex(BUFFER_BYTES);
        let peer = PEERS[usize::from(peer) % PEERS.len()];
        let _ = self.connections.send((server, peer.parse().unwrap()));
        client
    }

    /// Sends a request with `Connection: close` and reads the response. For an event stream, returns after the first bytes of
    /// the body, with the open connection.
    pub async fn request(
        &self,
        request: &[u8],
        peer: u8,
    ) -> Option<(Response, Option<ResponseStream>)> {
        let (mut reader, mut writer) = split(self.connect(peer));
        let mut bytes = Vec::new();
        // The server may close the connection before it has read everything.
        let write = async { drop(writer.write_all(request).await) };
        let read = async {
            while reader.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
                if is_started_stream(&bytes) {
                    return true;
                }
            }
            false
        };
        let both = async { tokio::join!(read, write) };
        let (is_stream, ()) = timeout(TIMEOUT, both).await.expect("the response is late");
        Some((Response::read(&bytes)?, is_stream.then_some(reader)))
    }

    /// Sends bytes that need not be a request, and closes the connection.
    pub async fn send_raw(&self, bytes: &[u8], peer: u8) {
        let (mut reader, mut writer) = split(self.connect(peer));
        let write = async {
            let _ = writer.write_all(bytes).await;
            let _ = writer.shutdown().await;
        };
        let mut response = Vec::new();
        let read = async { drop(reader.read_to_end(&mut response).await) };
        let both = async { tokio::join!(read, write) };
        timeout(TIMEOUT, both)
            .await
            .expect("the connection stays open");
    }
}

impl Drop for InMemoryServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Whether this is an event stream whose body has begun.
fn is_started_stream(bytes: &[u8]) -> bool {
    let Some((head, body)) = split_head(bytes) else {
        return false;
    };
    let event_stream = b"text/event-stream";
    let mut parts = head.windows(event_stream.len());
    parts.any(|part| part == event_stream) && !body.is_empty()
}

/// The head and the body of a response.
fn split_head(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some((&bytes[..at], &bytes[at + 4..]))
}

pub struct Response {
    pub status: u16,
    head: String,
    /// Includes the chunk headers of a chunked body.
    pub body: Vec<u8>,
}

impl Response {
    fn read(bytes: &[u8]) -> Option<Response> {
        let (head, body) = split_head(bytes)?;
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        match status {
            100 => Response::read(body),
            _ => Some(Response {
                status,
                head,
                body: body.to_vec(),
            }),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }
}
