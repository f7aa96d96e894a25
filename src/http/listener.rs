//! TCP listener for poem: immediate sending of small responses, limits on the number of connections, and deadlines for clients that
//! hold a connection without using it (poem itself would wait forever). Handles bytes, not requests.

mod bind;
mod connection;
mod connection_limits;
mod deadlines;
mod head;
mod http2;
#[cfg(test)]
mod tests;
mod write_budget;

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    task::{Context, Poll},
    time::Duration,
};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::net::{TcpListener, TcpStream};

use crate::log::LogThrottle;

pub use bind::all_interfaces_port;
pub use connection::Connection;
pub use connection_limits::{ConnectionLimits, Refusal};
pub use deadlines::Deadlines;

/// Pause after a failed accept. The usual cause is a lack of file descriptors, which an immediate retry does not fix.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Shared by all listeners, as is the number of file descriptors.
static FAILED_ACCEPTS: LazyLock<LogThrottle> = LazyLock::new(LogThrottle::default);

/// Listens at one address or, if a name has several (as `localhost` often does), at all of them.
pub struct Listener {
    sockets: Vec<(TcpListener, SocketAddr)>,
    deadlines: Deadlines,
    limits: Arc<ConnectionLimits>,
}

impl Listener {
    /// Listens at `address`, such as `127.0.0.1:8000`, `[::1]:8000` or `localhost:8000`, or on all interfaces with `:8000`, `*:8000` or
    /// `[::]:8000`; port 0 picks a free port.
    ///
    /// # Errors
    /// Names the address and the reason.
    pub async fn bind(address: &str, deadlines: Deadlines) -> io::Result<Self> {
        let sockets = bind::bind(address).await?;
        Ok(Self {
            sockets,
            deadlines,
            limits: Arc::default(),
        })
    }

    /// Limits the number of connections; by default there is no limit.
    #[must_use]
    pub fn with_limits(self, limits: Arc<ConnectionLimits>) -> Self {
        Self { limits, ..self }
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
                    // Closes a connection beyond a limit. If it waited instead, the client could not tell, and others would wait behind it.
                    let Ok(permit) = self.limits.admit(remote.ip()) else {
                        continue;
                    };
                    // A response is written in one piece, so delaying its last segment gains nothing. This fails only if
                    // the client has already disconnected.
                    let _ = stream.set_nodelay(true);
                    return Ok((
                        Connection::new(stream, self.deadlines, permit),
                        LocalAddr(local.into()),
                        RemoteAddr(remote.into()),
                        Scheme::HTTP,
                    ));
                }
                // A client disconnected before it was accepted.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    if let Some(suppressed) = FAILED_ACCEPTS.record() {
                        tracing::error!(%error, suppressed, "cannot accept a connection");
                    }
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
            }
        }
    }
}
