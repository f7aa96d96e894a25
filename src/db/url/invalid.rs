//! The error for an address that cannot be parsed.

use crate::db::error::Error;

/// An error with a reason. The address is not repeated, because it may contain a password.
pub(super) fn invalid_address(reason: &str) -> Error {
    Error::Unusable(format!("invalid database address: {reason}"))
}
