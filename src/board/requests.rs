//! Requests that take effect once.

pub(super) mod cleanup;
pub(super) mod locks;
pub(super) mod once;
