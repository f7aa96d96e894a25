//! Ports that belong to a test before anybody listens there, and after.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

/// A port of 127.0.0.1 for programs that cannot be told to take any that is free, or come back to where they were. The system
/// gives it to no connection of others meanwhile, as it does with one that merely was free a moment ago: thousands of
/// connections of other tests may be open, or have just been closed.
pub struct Port {
    /// Bound, and never listening: so the port is taken for whoever asks for any, and free for who names it and, like all
    /// servers, lets addresses be reused.
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
