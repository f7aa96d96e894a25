//! What can go wrong with a database, sorted by what a caller does about it.
//! Knows both databases' ways to say so; knows no statement and no password.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why the database did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings or the database itself must be put right by a person first; one clear line.
    #[error("{0}")]
    Unusable(String),
    /// Nothing wrong with the question: no connection in time, a lost one, a full disk, too busy.
    /// The same question may be answered later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A row with this key is there already; the text names the key.
    #[error("already there: {0}")]
    UniqueViolation(String),
    /// A transaction in which a statement failed was to be committed. Nothing of it is kept.
    #[error("a transaction with a failed statement was not committed")]
    Failed,
    /// The database refused the statement itself.
    #[error("the database refused a statement: {0}")]
    Query(DieselError),
    /// A migration could not be run or taken back.
    #[error("migration: {0}")]
    Migration(String),
}

impl Error {
    /// Whether waiting and asking again can help: the difference between a 503 and a 500.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Error::Unavailable(_))
    }

    /// Whether SQLite cannot make sense of its file.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        matches!(self, Error::Query(error) if error.to_string().contains("disk image is malformed"))
    }

    /// Whether the database answered with something that cannot be read: it was changed by something else.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Error::Unusable(_) | Error::Query(DieselError::DeserializationError(_))
        )
    }

    /// The same error for another one whom it concerns.
    pub(super) fn again(&self) -> Error {
        match self {
            Error::Unusable(why) => Error::Unusable(why.clone()),
            Error::Unavailable(why) => Error::Unavailable(why.clone()),
            Error::UniqueViolation(key) => Error::UniqueViolation(key.clone()),
            Error::Failed => Error::Failed,
            Error::Query(error) => Error::Query(DieselError::DatabaseError(
                DatabaseErrorKind::Unknown,
                Box::new(error.to_string()),
            )),
            Error::Migration(why) => Error::Migration(why.clone()),
        }
    }
}

/// What SQLite and PostgreSQL say when the trouble is around the statement, not in it.
/// diesel hands on the text alone, neither SQLite's codes nor PostgreSQL's. A PostgreSQL set to another
/// language is understood less well: its own time limits and a full disk then count as refusals.
const PASSING_TROUBLE: [&str; 22] = [
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
    "could not extend file", // on a disk with room for half a page
    "Disk quota exceeded",
    "out of shared memory",
    "in a read-only transaction",
    // seldom, where many change one row while others give up doing so (seen on PostgreSQL 15)
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
            Unknown if PASSING_TROUBLE.iter().any(|said| message.contains(said)) => {
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
    fn passing_trouble_is_told_from_a_wrong_statement() {
        assert!(unknown("database is locked").is_unavailable());
        assert!(unknown("canceling statement due to lock timeout").is_unavailable());
        let many = "new multixact has more than one updating member: 0 2[3245 (nokeyupd), 3259 (nokeyupd)]";
        assert!(unknown(many).is_unavailable());
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
