//! Where browsers connect: TCP as it should be for small answers, and with deadlines for those
//! who keep a connection without using it, which poem waits for for ever. Knows bytes, no requests.

mod connection;
mod head;
#[cfg(test)]
mod tests;

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    task::{Context, Poll},
    time::Duration,
};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};

pub use connection::Connection;

/// How long after a failed accept the next is tried: the usual reason, no more file descriptors,
/// does not go away by trying at once.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// How many connections may wait to be accepted, if the system allows that many. When everyone comes back at once, whoever
/// finds no room is silently dropped, and tries again only after a second.
const WAITING: u32 = 4_096;

/// How long a client may keep a connection without using it; then the connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// From connecting, or from the first byte of a later request, to the end of its head.
    pub head: Duration,
    /// From the last byte of an answer to the next request. An event stream has to send something
    /// more often than that.
    pub idle: Duration,
    /// From one piece of an answer that the client takes to the next.
    pub write: Duration,
    /// From the end of what the client sends to the end of the answer it may still wait for.
    pub ended: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            // Above the 60 s that proxies keep a connection for reuse: they should close first.
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            ended: Duration::from_secs(1),
        }
    }
}

/// Listens at one address or, if a name has several (as `localhost` often does), at all of them.
pub struct Listener {
    sockets: Vec<(TcpListener, SocketAddr)>,
    deadlines: Deadlines,
}

impl Listener {
    /// Begins to listen at `address`, which is `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`;
    /// port 0 takes any that is free.
    ///
    /// # Errors
    /// Says the address, and what is wrong with it in a person's words.
    pub async fn bind(address: &str, deadlines: Deadlines) -> io::Result<Self> {
        let failed = |error: io::Error| {
            let why = match error.kind() {
                io::ErrorKind::AddrInUse => "another program listens there already".to_owned(),
                _ => error.to_string(),
            };
            io::Error::new(error.kind(), format!("cannot listen at {address}: {why}"))
        };

        let mut sockets: Vec<(TcpListener, SocketAddr)> = Vec::new();
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for mut candidate in lookup_host(address).await.map_err(failed)? {
            if let (0, Some((_, first))) = (candidate.port(), sockets.first()) {
                candidate.set_port(first.port());
            }
            match bind(candidate) {
                Ok(socket) => sockets.push(socket),
                // A name may stand for an address of a family that this machine does not speak.
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => failure = error,
                Err(error) => return Err(failed(error)),
            }
        }
        if sockets.is_empty() {
            return Err(failed(failure));
        }
        Ok(Self { sockets, deadlines })
    }

    /// Where it listens: real addresses, real ports.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.sockets.iter().map(|(_, address)| *address)
    }

    fn poll_accept(&self, context: &mut Context) -> Poll<io::Result<Accepted>> {
        for (socket, local) in &self.sockets {
            if let Poll::Ready(accepted) = socket.poll_accept(context) {
                return Poll::Ready(accepted.map(|(stream, remote)| (stream, *local, remote)));
            }
        }
        Poll::Pending
    }
}

type Accepted = (TcpStream, SocketAddr, SocketAddr);

fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // As any server does: it can start again at once where it just listened.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let socket = socket.listen(WAITING)?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

impl Acceptor for Listener {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        let addresses = self.addresses();
        addresses.map(|address| LocalAddr(address.into())).collect()
    }

    /// Never fails: poem would try again at once, and spin.
    async fn accept(&mut self) -> io::Result<(Connection, LocalAddr, RemoteAddr, Scheme)> {
        loop {
            match poll_fn(|context| self.poll_accept(context)).await {
                Ok((stream, local, remote)) => {
                    // An answer is written whole, so nothing is won by holding its last piece
                    // back. If it fails, the client is gone already.
                    let _ = stream.set_nodelay(true);
                    return Ok((
                        Connection::new(stream, self.deadlines),
                        LocalAddr(local.into()),
                        RemoteAddr(remote.into()),
                        Scheme::HTTP,
                    ));
                }
                // One client hung up while it waited; the next is not concerned.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept a connection");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }
}
