//! The other processes on the same database: their messages, and how this process keeps up with their changes.

pub(super) mod bus;
pub(super) mod message;
pub(super) mod sync;
