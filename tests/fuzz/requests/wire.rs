//! A way to the server that is no network: the server reads what it would read from a socket.

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

/// How much is under way before the writer has to wait.
const BUFFER: usize = 64 * 1024;
/// Nothing here takes long, except on a machine that stands still.
const PATIENCE: Duration = Duration::from_secs(60);
/// Those who ask, some of them by the way of the proxy that is trusted.
const PEERS: [&str; 4] = [
    "10.0.0.1:1",
    "192.168.1.7:1",
    "[2001:db8::7]:1",
    "127.0.0.1:1",
];

type Arrival = (DuplexStream, SocketAddr);

/// A server, and the way to it.
pub struct Wire {
    to: UnboundedSender<Arrival>,
    server: JoinHandle<io::Result<()>>,
}

/// What stays open of an event stream.
pub(super) type Stream = ReadHalf<DuplexStream>;

struct Arrivals(UnboundedReceiver<Arrival>);

impl Acceptor for Arrivals {
    type Io = DuplexStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        Vec::new()
    }

    async fn accept(&mut self) -> io::Result<(DuplexStream, LocalAddr, RemoteAddr, Scheme)> {
        match self.0.recv().await {
            Some((stream, peer)) => {
                let (here, peer) = (LocalAddr::default(), RemoteAddr(peer.into()));
                Ok((stream, here, peer, Scheme::HTTP))
            }
            None => pending().await,
        }
    }
}

impl Wire {
    pub fn to(routes: impl Endpoint + 'static) -> Wire {
        let (to, arrivals) = unbounded_channel();
        let server = Server::new_with_acceptor(Arrivals(arrivals));
        Wire {
            to,
            server: tokio::spawn(server.run(routes)),
        }
    }

    fn connect(&self, peer: u8) -> DuplexStream {
        let (ours, theirs) = duplex(BUFFER);
        let peer = PEERS[usize::from(peer) % PEERS.len()];
        let _ = self.to.send((theirs, peer.parse().unwrap()));
        ours
    }

    /// The answer to a request that says that it is the last; of an event stream its first words, and what stays open.
    pub async fn ask(&self, request: &[u8], peer: u8) -> Option<(Answer, Option<Stream>)> {
        let (mut reader, mut writer) = split(self.connect(peer));
        let mut bytes = Vec::new();
        // Who is refused early hangs up on the rest.
        let write = async { drop(writer.write_all(request).await) };
        let read = async {
            while reader.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
                if greets(&bytes) {
                    return true;
                }
            }
            false
        };
        let both = async { tokio::join!(read, write) };
        let (greeted, ()) = timeout(PATIENCE, both).await.expect("an answer in time");
        Some((Answer::read(&bytes)?, greeted.then_some(reader)))
    }

    /// Writes what may be no request at all, and hangs up.
    pub async fn scrawl(&self, bytes: &[u8], peer: u8) {
        let (mut reader, mut writer) = split(self.connect(peer));
        let write = async {
            let _ = writer.write_all(bytes).await;
            let _ = writer.shutdown().await;
        };
        let mut answer = Vec::new();
        let read = async { drop(reader.read_to_end(&mut answer).await) };
        let both = async { tokio::join!(read, write) };
        timeout(PATIENCE, both).await.expect("an end in time");
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Whether this is an event stream that has said its first words.
fn greets(bytes: &[u8]) -> bool {
    let Some((head, body)) = halves(bytes) else {
        return false;
    };
    let stream = b"text/event-stream";
    head.windows(stream.len()).any(|part| part == stream) && !body.is_empty()
}

fn halves(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
    Some((&bytes[..at], &bytes[at + 4..]))
}

pub struct Answer {
    pub status: u16,
    head: String,
    /// With the marks of its chunks, if it came in such.
    pub body: Vec<u8>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Option<Answer> {
        let (head, body) = halves(bytes)?;
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        match status {
            100 => Answer::read(body),
            _ => Some(Answer {
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
