//! Why a connection to PostgreSQL could not be opened.

use std::io;

use tokio_postgres::error::SqlState;

use super::error::Error;
use super::session::SessionError;

/// Why a connection could not be opened, without any part of the user information.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(super) struct ConnectError {
    reason: String,
    /// Whether the server cannot be reached, or is starting or stopping.
    is_not_ready: bool,
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Error {
        match error.is_not_ready {
            true => Error::NotReady(error.reason),
            false => Error::Unavailable(error.reason),
        }
    }
}

impl ConnectError {
    pub(super) fn new(address: &str, reason: &str, is_not_ready: bool) -> ConnectError {
        ConnectError {
            reason: format!("{address}: {reason}"),
            is_not_ready,
        }
    }

    /// The error of an attempt to connect as this user, whom the messages of the server name.
    pub(super) fn of_session(error: &SessionError, address: &str, user: &str) -> ConnectError {
        let error = match error {
            SessionError::Server(error) => error,
            SessionError::Network(cause) => {
                return ConnectError::new(address, &error.to_string(), is_unreachable(cause));
            }
        };
        let reason = match error.code() {
            Some(&SqlState::INVALID_PASSWORD) => {
                "the server rejects the user name or the password".to_owned()
            }
            Some(code @ &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => format!(
                "the server rejects this login (SQLSTATE {}): the role is missing or may not log in, or pg_hba.conf has no entry for it",
                code.code()
            ),
            Some(&SqlState::INVALID_CATALOG_NAME) => "this database does not exist".to_owned(),
            _ => without_word(&describe(error), user),
        };
        ConnectError::new(address, &reason, is_not_ready(error))
    }
}

/// Whether the server cannot be reached, or says that it is starting or stopping, or has no connection to spare.
fn is_not_ready(error: &tokio_postgres::Error) -> bool {
    if let Some(code) = error.code() {
        return [
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::TOO_MANY_CONNECTIONS,
        ]
        .contains(code);
    }
    if error.is_closed() {
        return true;
    }
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return is_unreachable(error);
        }
        cause = error.source();
    }
    false
}

fn is_unreachable(error: &io::Error) -> bool {
    use io::ErrorKind::*;
    match error.raw_os_error() {
        Some(_) => matches!(
            error.kind(),
            NotFound
                | ConnectionRefused
                | ConnectionReset
                | ConnectionAborted
                | NotConnected
                | BrokenPipe
                | TimedOut
                | HostUnreachable
                | NetworkUnreachable
                | NetworkDown
                | AddrNotAvailable
        ),
        // A name that cannot be resolved yet has no stable kind. The others are those of TLS: certificates do not change
        // by waiting.
        None => !matches!(
            error.kind(),
            InvalidData | InvalidInput | Other | Unsupported
        ),
    }
}

/// The text without a word, however it is quoted.
fn without_word(text: &str, word: &str) -> String {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word).filter(|_| !word.is_empty()) {
        let (before, found) = rest.split_at(at);
        let after = &found[word.len()..];
        let is_word = !before.ends_with(is_letter) && !after.starts_with(is_letter);
        result.push_str(before);
        result.push_str(if is_word { "…" } else { word });
        rest = after;
    }
    result + rest
}

/// The error on one line: the server's message, otherwise the chain of causes.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return error.message().to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_removed_from_a_message() {
        for (text, expected) in [
            ("role \"savt\" does not exist", "role \"…\" does not exist"),
            ("»savt« savt2 xsavt savt", "»…« savt2 xsavt …"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(without_word(text, "savt"), expected);
        }
        assert_eq!(without_word("text", ""), "text");
    }

    #[test]
    fn only_an_unreachable_server_is_waited_for() {
        use io::ErrorKind::*;
        let with_code = io::Error::from_raw_os_error;
        for (error, waits) in [
            (with_code(111), true), // ECONNREFUSED
            (with_code(2), true),   // ENOENT, of a socket
            (with_code(13), false), // EACCES
            (io::Error::from(TimedOut), true),
            (io::Error::from(InvalidData), false),
        ] {
            assert_eq!(is_unreachable(&error), waits, "{error}");
        }
    }
}
