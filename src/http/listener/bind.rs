//! Opens the listening sockets of an address.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use rustix::io::Errno;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, lookup_host};

/// Connections that may wait to be accepted, if the system allows that many. When all clients reconnect at once, the kernel
/// silently drops connections beyond this number, and those clients retry only after a second.
const BACKLOG: i32 = 4_096;

/// The kernel's send buffer of each connection, in bytes; Linux doubles the figure for its own overhead. Without it the buffer grows
/// to 4 MB (`tcp_wmem`): a client that does not read would fill that much memory, and would pass for one that reads.
const SEND_BUFFER: usize = 256 * 1024;

/// Opens a socket at each address behind `address`: all interfaces, with IPv4 and IPv6, for `:8000`, `*:8000` and `[::]:8000`. Leaves
/// out addresses that this machine does not have or does not support, if any other works.
///
/// # Errors
/// Names the address and the reason.
pub(super) async fn bind(address: &str) -> io::Result<Vec<(TcpListener, SocketAddr)>> {
    bind_with(address, open).await
}

async fn bind_with(
    address: &str,
    open: impl Fn(SocketAddr) -> io::Result<TcpListener>,
) -> io::Result<Vec<(TcpListener, SocketAddr)>> {
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
    let mut skipped: Vec<(SocketAddr, io::Error)> = Vec::new();
    for mut candidate in resolve(address).await.map_err(failed)? {
        if let (0, Some((_, first))) = (candidate.port(), sockets.first()) {
            candidate.set_port(first.port());
        }
        match open(candidate).and_then(|socket| Ok((socket.local_addr()?, socket))) {
            Ok((local, socket)) => sockets.push((socket, local)),
            Err(error) if is_unavailable(&error) => skipped.push((candidate, error)),
            Err(error) => return Err(failed(error)),
        }
    }
    if sockets.is_empty() {
        let error = skipped.pop().map(|(_, error)| error);
        return Err(failed(
            error.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into()),
        ));
    }
    for (candidate, error) in skipped {
        tracing::info!(%error, "not listening at {candidate}");
    }
    Ok(sockets)
}

/// The port of an address that means all interfaces: `:8000`, `*:8000` or `[::]:8000`. `0.0.0.0:8000` means IPv4 only.
pub fn all_interfaces_port(address: &str) -> Option<u16> {
    let (host, port) = address.rsplit_once(':')?;
    let in_brackets = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let is_unspecified = in_brackets.is_some_and(|host| host.parse() == Ok(Ipv6Addr::UNSPECIFIED));
    match host.is_empty() || host == "*" || is_unspecified {
        true => port.parse().ok(),
        false => None,
    }
}

/// The addresses of a name, each once: `/etc/hosts` may repeat them.
async fn resolve(address: &str) -> io::Result<Vec<SocketAddr>> {
    if let Some(port) = all_interfaces_port(address) {
        return Ok(vec![
            (Ipv4Addr::UNSPECIFIED, port).into(),
            (Ipv6Addr::UNSPECIFIED, port).into(),
        ]);
    }
    let mut addresses = Vec::new();
    for address in lookup_host(address).await? {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// Whether this machine does not have the address, or its kernel does not support the address family: without IPv6,
/// `socket` fails with EAFNOSUPPORT, and with IPv6 turned off by `sysctl`, `bind` fails with EADDRNOTAVAIL.
fn is_unavailable(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::AFNOSUPPORT | Errno::PROTONOSUPPORT | Errno::ADDRNOTAVAIL)
    )
}

fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() && address.ip().is_unspecified() {
        // The other socket takes IPv4, whatever the default of the system (`net.ipv6.bindv6only`) is.
        socket.set_only_v6(true)?;
    }
    // Lets a restarted server bind its old port at once.
    socket.set_reuse_address(true)?;
    // Accepted connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, net::IpAddr};

    use super::*;

    /// Binds an address on a machine on which IPv6 fails with this error, and IPv4 is always on loopback. Returns the requested
    /// addresses and the number of sockets.
    async fn bind_without_ipv6(address: &str, error: Errno) -> (Vec<IpAddr>, io::Result<usize>) {
        let requested = RefCell::new(Vec::new());
        let bound = bind_with(address, |candidate| {
            requested.borrow_mut().push(candidate.ip());
            match candidate {
                SocketAddr::V4(_) => open((Ipv4Addr::LOCALHOST, candidate.port()).into()),
                SocketAddr::V6(_) => Err(error.into()),
            }
        });
        let bound = bound.await.map(|sockets| sockets.len());
        (requested.into_inner(), bound)
    }

    #[tokio::test]
    async fn without_ipv6_all_interfaces_are_those_of_ipv4() {
        for error in [
            Errno::AFNOSUPPORT,
            Errno::PROTONOSUPPORT,
            Errno::ADDRNOTAVAIL,
        ] {
            for address in [":0", "*:0", "[::]:0"] {
                let (requested, bound) = bind_without_ipv6(address, error).await;
                let both: [IpAddr; 2] =
                    [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()];
                assert_eq!(requested, both, "{address}");
                assert_eq!(bound.unwrap(), 1, "{address}: {error}");
            }
            let (_, bound) = bind_without_ipv6("localhost:0", error).await;
            assert_eq!(bound.unwrap(), 1);
            let (requested, bound) = bind_without_ipv6("0.0.0.0:0", error).await;
            assert_eq!((requested.len(), bound.unwrap()), (1, 1));
            let (_, bound) = bind_without_ipv6("[::1]:0", error).await;
            let message = bound.unwrap_err().to_string();
            assert!(
                message.starts_with("cannot listen at [::1]:0: "),
                "{message}"
            );
        }
    }

    #[tokio::test]
    async fn any_other_failure_of_one_address_is_reported() {
        for error in [Errno::ADDRINUSE, Errno::ACCESS] {
            let (_, bound) = bind_without_ipv6(":0", error).await;
            assert!(bound.is_err(), "{error}");
        }
    }

    #[test]
    fn three_forms_mean_all_interfaces() {
        for (address, port) in [
            (":8000", Some(8000)),
            ("*:8000", Some(8000)),
            ("[::]:8000", Some(8000)),
            ("[0:0:0:0:0:0:0:0]:1", Some(1)),
            ("0.0.0.0:8000", None),
            ("[::1]:8000", None),
            ("localhost:8000", None),
            (":http", None),
            (":", None),
            ("*", None),
        ] {
            assert_eq!(all_interfaces_port(address), port, "{address}");
        }
    }
}
