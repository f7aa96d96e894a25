//! HTTP server plumbing: connections, client addresses, content coding, and middleware.
//!
//! Knows nothing about boards, pages or languages. A middleware that rejects a request returns a typed error; the application
//! renders it.

pub mod accept_encoding;
pub mod allowed_hosts;
pub mod allowed_origins;
pub mod attachment;
pub mod client_address;
pub mod cookies;
pub mod error_chain;
pub mod etag;
pub mod listener;
pub mod middleware;
pub mod origin;
pub mod pieces;
pub mod scheduling_delay;
