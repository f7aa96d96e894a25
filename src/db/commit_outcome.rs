//! The outcome of a transaction.

use super::error::Error;

/// The outcome of a transaction that did not fail.
#[derive(Debug)]
pub enum CommitOutcome {
    /// Committed and on disk.
    Committed,
    /// The guard affected no row, so nothing was done.
    GuardFailed,
    /// The database did not confirm the commit: either everything or nothing is stored.
    Unknown(Error),
}
