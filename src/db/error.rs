//! Database errors, classified by how a caller reacts to them. Contains no statements and no passwords.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A person must correct the settings or the database first. A message of one line.
    #[error("{0}")]
    Unusable(String),
    /// The server cannot be reached, or it is starting or stopping. Only opening a database fails so.
    #[error("the database is unavailable: {0}")]
    NotReady(String),
    /// Temporary: no connection in time, a lost connection, a full disk, overload.
    /// The same operation may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row with this key already exists; the text names the key.
    #[error("a row with this key already exists: {0}")]
    UniqueViolation(String),
    /// A statement of the transaction failed, so it was rolled back instead of committed.
    #[error("the transaction was rolled back because a statement failed")]
    TransactionFailed,
    /// The database rejected the statement itself.
    #[error("the database rejected a statement: {0}")]
    Query(DieselError),
    /// A migration could not be applied or reverted.
    #[error("migration failed: {0}")]
    Migration(String),
}

impl Error {
    /// Whether a retry can succeed: status 503 rather than 500.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Error::NotReady(_) | Error::Unavailable(_))
    }

    /// Whether SQLite reports its file as corrupt.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        matches!(self, Error::Query(error) if error.to_string().contains("disk image is malformed"))
    }

    /// Whether a stored value cannot be decoded, because something other than SAVT wrote it.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Error::Unusable(_) | Error::Query(DieselError::DeserializationError(_))
        )
    }

    /// No answer from the database within a time limit.
    pub(super) fn no_answer_within(limit: Duration) -> Error {
        Error::Unavailable(format!("no answer within {limit:?}"))
    }

    /// A copy, to report one error to several callers. diesel's errors cannot be cloned.
    pub(super) fn duplicate(&self) -> Error {
        match self {
            Error::Unusable(reason) => Error::Unusable(reason.clone()),
            Error::NotReady(reason) => Error::NotReady(reason.clone()),
            Error::Unavailable(reason) => Error::Unavailable(reason.clone()),
            Error::UniqueViolation(key) => Error::UniqueViolation(key.clone()),
            Error::TransactionFailed => Error::TransactionFailed,
            Error::Query(error) => Error::Query(DieselError::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(error.to_string()),
            )),
            Error::Migration(reason) => Error::Migration(reason.clone()),
        }
    }
}

/// Messages of SQLite and PostgreSQL for temporary conditions that are not the statement's fault.
/// diesel provides only the text, not the error codes. With a PostgreSQL that reports in another
/// language, its time limits and a full disk count as rejected statements.
const TRANSIENT_ERRORS: [&str; 22] = [
    // SQLite
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "out of memory",
    "locking protocol",
    // PostgreSQL
    "canceling statement due to",
    "deadlock detected",
    "terminating connection",
    "the database system is",
    "too many clients",
    "remaining connection slots",
    "too many connections",
    "No space left on device",
    "could not extend file", // on a disk with space for half a page
    "Disk quota exceeded",
    "out of shared memory",
    "in a read-only transaction",
    // rare: many transactions change one row while others roll back (seen on PostgreSQL 15)
    "new multixact has more than one updating member",
];

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Error {
        use DatabaseErrorKind::{
            ClosedConnection, ReadOnlyTransaction, SerializationFailure, UnableToSendCommand,
            UniqueViolation, Unknown,
        };
        let DieselError::DatabaseError(kind, information) = &error else {
            return Error::Query(error);
        };
        let message = information.message();
        match kind {
            UniqueViolation => {
                Error::UniqueViolation(information.constraint_name().unwrap_or(message).to_owned())
            }
            ClosedConnection | UnableToSendCommand | SerializationFailure | ReadOnlyTransaction => {
                Error::Unavailable(message.to_owned())
            }
            Unknown if TRANSIENT_ERRORS.iter().any(|text| message.contains(text)) => {
                Error::Unavailable(message.to_owned())
            }
            _ => Error::Query(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(message: &str) -> Error {
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned())).into()
    }

    #[test]
    fn transient_errors_are_distinguished_from_invalid_statements() {
        assert!(unknown("database is locked").is_unavailable());
        assert!(unknown("canceling statement due to lock timeout").is_unavailable());
        let multixact = "new multixact has more than one updating member: 0 2[3245 (nokeyupd), 3259 (nokeyupd)]";
        assert!(unknown(multixact).is_unavailable());
        for full in [
            "could not extend file \"base/5/16404\": No space left on device",
            "could not extend file \"base/5/16416\": wrote only 4096 of 8192 bytes at block 0",
        ] {
            assert!(unknown(full).is_unavailable(), "{full}");
        }
        assert!(!unknown("no such table: pizzas").is_unavailable());
        assert!(!Error::from(DieselError::NotFound).is_unavailable());
    }
}
