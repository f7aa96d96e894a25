//! The ways in which a request can fail, and how often each occurred, with an example.

use std::{collections::BTreeMap, error::Error as _, fmt, io};

use hyper::StatusCode;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FailureKind {
    /// A response with an unexpected status.
    Status(u16),
    /// No response within the timeout.
    Timeout,
    ConnectionRefused,
    ConnectionReset,
    /// The connection was closed before the response was complete.
    ClosedEarly,
    /// A live stream ended while its page was open.
    StreamLost,
    /// A veto, a consent or a closing succeeded, but not all streams showed it.
    NotDelivered,
    /// SAVT does not send such a response.
    InvalidResponse,
    /// The load generator cannot open more connections.
    GeneratorLimit,
    Other,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FailureKind::Status(status) => return write!(f, "status {status}"),
            FailureKind::Timeout => "timeout",
            FailureKind::ConnectionRefused => "connection refused",
            FailureKind::ConnectionReset => "connection reset",
            FailureKind::ClosedEarly => "closed early",
            FailureKind::StreamLost => "stream lost",
            FailureKind::NotDelivered => "not delivered",
            FailureKind::InvalidResponse => "invalid response",
            FailureKind::GeneratorLimit => "load generator limit",
            FailureKind::Other => "other",
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub(super) kind: FailureKind,
    pub(super) detail: String,
}

impl Failure {
    pub(super) fn new(kind: FailureKind, detail: impl Into<String>) -> Failure {
        Failure {
            kind,
            detail: detail.into(),
        }
    }

    pub(super) fn from_status(status: StatusCode) -> Failure {
        let reason = match status {
            StatusCode::UNPROCESSABLE_ENTITY => {
                "Unprocessable Entity; the board may be full (see --max-items of savt serve)"
            }
            status => status.canonical_reason().unwrap_or_default(),
        };
        Failure::new(FailureKind::Status(status.as_u16()), reason)
    }

    pub(super) fn from_io(error: &io::Error) -> Failure {
        // `io::ErrorKind` has no variants for ENFILE (23) and EMFILE (24).
        let is_file_limit = matches!(error.raw_os_error(), Some(23 | 24));
        let kind = match error.kind() {
            _ if is_file_limit => FailureKind::GeneratorLimit,
            io::ErrorKind::AddrNotAvailable => FailureKind::GeneratorLimit,
            io::ErrorKind::ConnectionRefused => FailureKind::ConnectionRefused,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => FailureKind::ConnectionReset,
            io::ErrorKind::UnexpectedEof => FailureKind::ClosedEarly,
            io::ErrorKind::TimedOut => FailureKind::Timeout,
            _ => FailureKind::Other,
        };
        Failure::new(kind, error.to_string())
    }

    pub(super) fn from_http(error: &hyper::Error) -> Failure {
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                return Failure::from_io(error);
            }
            source = cause.source();
        }
        let kind = match error {
            error if error.is_incomplete_message() || error.is_closed() || error.is_canceled() => {
                FailureKind::ClosedEarly
            }
            error if error.is_parse() => FailureKind::InvalidResponse,
            _ => FailureKind::Other,
        };
        Failure::new(kind, error.to_string())
    }
}

/// The number of failures of each kind, with an example.
#[derive(Default)]
pub(super) struct FailureCounts(BTreeMap<FailureKind, (u64, String)>);

/// The failures of one kind in a report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FailureSummary {
    pub(super) kind: String,
    pub(super) count: u64,
    pub(super) example: String,
}

impl FailureCounts {
    /// Counts a failure. `request` describes the request, and is evaluated for the first failure of a kind only.
    pub(super) fn add(&mut self, failure: &Failure, request: impl FnOnce() -> String) {
        let entry = self.0.entry(failure.kind);
        let (count, _) = entry.or_insert_with(|| (0, format!("{}: {}", request(), failure.detail)));
        *count += 1;
    }

    /// The most frequent kind first.
    pub(super) fn summaries(&self) -> Vec<FailureSummary> {
        let kinds = self.0.iter();
        let mut summaries: Vec<FailureSummary> = kinds
            .map(|(kind, (count, example))| FailureSummary {
                kind: kind.to_string(),
                count: *count,
                example: example.clone(),
            })
            .collect();
        summaries.sort_by_key(|summary| std::cmp::Reverse(summary.count));
        summaries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_by_kind_with_the_first_as_the_example() {
        let mut counts = FailureCounts::default();
        let refused = Failure::from_io(&io::ErrorKind::ConnectionRefused.into());
        counts.add(&refused, || "GET /".to_owned());
        for path in ["/a", "/b"] {
            let status = Failure::from_status(StatusCode::SERVICE_UNAVAILABLE);
            counts.add(&status, || format!("POST {path}"));
        }
        let summaries = counts.summaries();
        let kinds = summaries
            .iter()
            .map(|summary| (&*summary.kind, summary.count));
        assert_eq!(
            kinds.collect::<Vec<_>>(),
            [("status 503", 2), ("connection refused", 1)]
        );
        assert_eq!(summaries[0].example, "POST /a: Service Unavailable");
    }

    #[test]
    fn limits_of_the_load_generator_are_distinct_from_failures_of_the_server() {
        let too_many_files = io::Error::from_raw_os_error(24);
        assert_eq!(
            Failure::from_io(&too_many_files).kind,
            FailureKind::GeneratorLimit
        );
    }
}
