//! How long a client may keep a connection without using it.

use std::time::Duration;

/// Deadlines for a client's part of a connection; the connection is closed when one passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// From connecting, or from the first byte of a later request, to the end of the request head.
    pub head: Duration,
    /// From the last byte of a response to the next request. An event stream has to send something more often than that.
    pub idle: Duration,
    /// For a client that does not read its response. Each KiB that it reads gives it a second back.
    pub write: Duration,
    /// From the end of the client's input to the end of the response it may still read.
    pub ended: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            // Longer than the 60 s for which proxies keep a connection for reuse: the proxy should close first.
            idle: Duration::from_secs(75),
            write: Duration::from_secs(30),
            ended: Duration::from_secs(1),
        }
    }
}
