//! Database errors, classified by how a caller reacts to them. Contains no statements and no passwords.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::sqlstate;

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A person must correct the settings or the database first. A message of one line.
    #[error("{0}")]
    Unusable(String),
    /// The server cannot be reached, has no connection to spare, or is starting or stopping. Only opening a database fails so.
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

/// SQLSTATEs of temporary conditions that are not the statement's fault, or the classes (the first two characters) of such.
/// PostgreSQL documentation, appendix A.
const TEMPORARY_SQLSTATES: [&str; 11] = [
    "08",    // the connection; also what a pooler reports
    "40",    // rolled back: deadlocks, serialization failures
    "53",    // a full disk, no memory, too many connections
    "57",    // cancelled by a time limit; the server is starting or stopping
    "25006", // read-only
    "25P03", // idle for too long in a transaction
    "25P04", // a transaction took too long
    "55P03", // the time limit for a lock
    "58000", // the server's system
    "58030", // input and output
    // The server itself. It reports so what it has no code for: a full quota (EDQUOT), or in version 15 a transaction that
    // changes a row while others roll back ("new multixact has more than one updating member").
    "XX000",
];

/// Messages of SQLite, which is not translated, for such conditions. diesel provides only the text, not the error code.
const TEMPORARY_SQLITE_ERRORS: [&str; 9] = [
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "out of memory",
    "locking protocol",
];

fn is_temporary(message: &str) -> bool {
    match sqlstate::of(message) {
        Some(code) => TEMPORARY_SQLSTATES
            .iter()
            .any(|temporary| code.starts_with(temporary)),
        None => TEMPORARY_SQLITE_ERRORS
            .iter()
            .any(|text| message.contains(text)),
    }
}

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
            Unknown if is_temporary(message) => Error::Unavailable(message.to_owned()),
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
        assert!(!unknown("no such table: pizzas").is_unavailable());
        assert!(!Error::from(DieselError::NotFound).is_unavailable());
    }

    #[test]
    fn errors_of_postgres_are_distinguished_by_their_sqlstate_in_any_language() {
        for temporary in [
            "53100: konnte Datei »base/5/16404« nicht erweitern: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
            "53300: désolé, trop de clients sont déjà connectés",
            "57P01: breche Verbindung ab aufgrund von Anweisung des Administrators",
            "57P03: データベースシステムは起動処理中です",
            "57014: canceling statement due to statement timeout",
            "55P03: canceling statement due to lock timeout",
            "40P01: Verklemmung (Deadlock) entdeckt",
            "08P01: query_wait_timeout",
            "XX000: new multixact has more than one updating member: 0 2[3245 (nokeyupd), 3259 (nokeyupd)]",
        ] {
            assert!(unknown(temporary).is_unavailable(), "{temporary}");
        }
        for fault in [
            "42P01: relation \"database is locked\" does not exist",
            "22P02: ungültige Eingabesyntax",
            "XX001: could not read block 0 in file \"base/5/16404\"",
        ] {
            assert!(!unknown(fault).is_unavailable(), "{fault}");
        }
    }
}
