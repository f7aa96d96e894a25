//! Reserves TCP ports for programs under test.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A reserved port of 127.0.0.1, for programs that need a fixed port or restart on the same one. A port that was merely
/// free a moment ago can be assigned to one of the many connections of other tests; a reserved one cannot.
pub struct Port {
    /// Bound but never listening: the system does not assign the port to others, and a server that sets SO_REUSEADDR
    /// can bind it.
    _bound: TcpSocket,
    address: SocketAddr,
}

impl Port {
    pub fn reserve() -> Port {
        let bound = TcpSocket::new_v4().unwrap();
        bound.set_reuseaddr(true).unwrap();
        bound.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = bound.local_addr().unwrap();
        Port {
            _bound: bound,
            address,
        }
    }

    pub fn number(&self) -> u16 {
        self.address.port()
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
