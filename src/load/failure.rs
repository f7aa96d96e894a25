//! What can go wrong with a request, told apart as a person would, with one example of each kind.

use std::{collections::BTreeMap, error::Error as _, fmt, io};

use hyper::StatusCode;
use serde::Serialize;

/// A kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An answer, but not the one that was due.
    Status(u16),
    /// No answer in the time a browser's script waits.
    Timeout,
    /// Nobody listens.
    Refused,
    /// The connection broke.
    Reset,
    /// The connection was closed before the answer was whole.
    Closed,
    /// A live stream ended while somebody looked.
    StreamLost,
    /// A veto was granted and did not come to all streams.
    NotShown,
    /// The answer was not what SAVT answers.
    Senseless,
    /// This program may not open more connections.
    OwnLimit,
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Status(status) => return write!(f, "status {status}"),
            Kind::Timeout => "timeout",
            Kind::Refused => "refused",
            Kind::Reset => "reset",
            Kind::Closed => "closed early",
            Kind::StreamLost => "stream lost",
            Kind::NotShown => "not shown",
            Kind::Senseless => "senseless answer",
            Kind::OwnLimit => "own limit",
            Kind::Other => "other",
        })
    }
}

/// One failure, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(super) kind: Kind,
    pub(super) detail: String,
}

impl Failure {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Failure {
        Failure {
            kind,
            detail: detail.into(),
        }
    }

    pub(super) fn of_status(status: StatusCode) -> Failure {
        let reason = status.canonical_reason().unwrap_or_default();
        Failure::new(Kind::Status(status.as_u16()), reason)
    }

    pub(super) fn of_io(error: &io::Error) -> Failure {
        // EMFILE and ENFILE have no kind of their own.
        let own_limit = matches!(error.raw_os_error(), Some(23 | 24));
        let kind = match error.kind() {
            _ if own_limit => Kind::OwnLimit,
            io::ErrorKind::AddrNotAvailable => Kind::OwnLimit,
            io::ErrorKind::ConnectionRefused => Kind::Refused,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Kind::Reset,
            io::ErrorKind::UnexpectedEof => Kind::Closed,
            io::ErrorKind::TimedOut => Kind::Timeout,
            _ => Kind::Other,
        };
        Failure::new(kind, error.to_string())
    }

    pub(super) fn of_http(error: &hyper::Error) -> Failure {
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                return Failure::of_io(error);
            }
            source = cause.source();
        }
        let kind = match error {
            error if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => {
                Kind::Closed
            }
            error if error.is_parse() => Kind::Senseless,
            _ => Kind::Other,
        };
        Failure::new(kind, error.to_string())
    }
}

/// All failures, by kind.
#[derive(Default)]
pub(super) struct Failures(BTreeMap<Kind, (u64, String)>);

/// One kind, as it is reported.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Told {
    pub(super) kind: String,
    pub(super) count: u64,
    pub(super) example: String,
}

impl Failures {
    /// Counts one. `what` is the request, told only for the first of its kind.
    pub(super) fn count(&mut self, failure: &Failure, what: impl FnOnce() -> String) {
        let entry = self.0.entry(failure.kind);
        let (count, _) = entry.or_insert_with(|| (0, format!("{}: {}", what(), failure.detail)));
        *count += 1;
    }

    /// The most frequent kind first.
    pub(super) fn told(&self) -> Vec<Told> {
        let kinds = self.0.iter();
        let mut told: Vec<Told> = kinds
            .map(|(kind, (count, example))| Told {
                kind: kind.to_string(),
                count: *count,
                example: example.clone(),
            })
            .collect();
        told.sort_by_key(|told| std::cmp::Reverse(told.count));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_told_apart_with_the_first_of_each_kind() {
        let mut failures = Failures::default();
        let refused = Failure::of_io(&io::ErrorKind::ConnectionRefused.into());
        failures.count(&refused, || "GET /".to_owned());
        for path in ["/a", "/b"] {
            let status = Failure::of_status(StatusCode::SERVICE_UNAVAILABLE);
            failures.count(&status, || format!("POST {path}"));
        }
        let told = failures.told();
        let kinds: Vec<_> = told.iter().map(|told| (&*told.kind, told.count)).collect();
        assert_eq!(kinds, [("status 503", 2), ("refused", 1)]);
        assert_eq!(told[0].example, "POST /a: Service Unavailable");
    }

    #[test]
    fn ones_own_limits_are_not_the_servers() {
        let many = io::Error::from_raw_os_error(24);
        assert_eq!(Failure::of_io(&many).kind, Kind::OwnLimit);
    }
}
