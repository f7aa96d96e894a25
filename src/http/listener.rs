//! TCP listener for poem: immediate sending of small responses, and deadlines for clients that hold a connection without using
//! it (poem itself would wait forever). Handles bytes, not requests.

mod connection;
mod deadlines;
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
pub use deadlines::Deadlines;

/// Pause after a failed accept. The usual cause is a lack of file descriptors, which an immediate retry does not fix.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Connections that may wait to be accepted, if the system allows that many. When all clients reconnect at once, the kernel
/// silently drops connections beyond this number, and those clients retry only after a second.
const BACKLOG: u32 = 4_096;

/// Listens at one address or, if a name has several (as `localhost` often does), at all of them.
pub struct Listener {
    sockets: Vec<(TcpListener, SocketAddr)>,
    deadlines: Deadlines,
}

impl Listener {
    /// Listens at `address`, such as `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`; port 0 picks a free port.
    ///
    /// # Errors
    /// Names the address and the reason.
    pub async fn bind(address: &str, deadlines: Deadlines) -> io::Result<Self> {
        let failed = |error: io::Error| {
            let why = match error.kind() {
                io::ErrorKind::AddrInUse => "another program is already listening there".to_owned(),
                _ => error.to_string(),
            };
            // A URL given by mistake may contain a password.
            let shown = if address.contains('@') {
                "…"
            } else {
                address
            };
            io::Error::new(error.kind(), format!("cannot listen at {shown}: {why}"))
        };

        let mut sockets: Vec<(TcpListener, SocketAddr)> = Vec::new();
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for mut candidate in lookup_host(address).await.map_err(failed)? {
            if let (0, Some((_, first))) = (candidate.port(), sockets.first()) {
                candidate.set_port(first.port());
            }
            match bind(candidate) {
                Ok(socket) => sockets.push(socket),
                // The name may resolve to an address family that this machine does not support.
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => failure = error,
                Err(error) => return Err(failed(error)),
            }
        }
        if sockets.is_empty() {
            return Err(failed(failure));
        }
        Ok(Self { sockets, deadlines })
    }

    /// The resolved addresses and ports.
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
    // Lets a restarted server bind its old port at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let socket = socket.listen(BACKLOG)?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

impl Acceptor for Listener {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        let addresses = self.addresses();
        addresses.map(|address| LocalAddr(address.into())).collect()
    }

    /// Never fails: poem would retry at once and spin.
    async fn accept(&mut self) -> io::Result<(Connection, LocalAddr, RemoteAddr, Scheme)> {
        loop {
            match poll_fn(|context| self.poll_accept(context)).await {
                Ok((stream, local, remote)) => {
                    // A response is written in one piece, so delaying its last segment gains nothing. This fails only if
                    // the client has already disconnected.
                    let _ = stream.set_nodelay(true);
                    return Ok((
                        Connection::new(stream, self.deadlines),
                        LocalAddr(local.into()),
                        RemoteAddr(remote.into()),
                        Scheme::HTTP,
                    ));
                }
                // A client disconnected before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept a connection");
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
            }
        }
    }
}
