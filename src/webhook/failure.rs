//! Why a message was not delivered. The texts contain nothing of the address but the host.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hyper::{HeaderMap, StatusCode, header::RETRY_AFTER};

/// The longest pause that a receiver can ask for.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Failure {
    pub why: String,
    /// Whether the receiver wants no further messages.
    pub is_gone: bool,
    /// The pause that the receiver asks for.
    pub pause: Option<Duration>,
}

impl Failure {
    pub(super) fn new(why: impl Into<String>) -> Failure {
        Failure {
            why: why.into(),
            is_gone: false,
            pause: None,
        }
    }

    /// The failure that an answer means, unless it is a success.
    pub(super) fn of_answer(
        status: StatusCode,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Option<Failure> {
        if status.is_success() {
            return None;
        }
        let mut failure = Failure::new(format!("the receiver answered {}", status.as_u16()));
        if status.is_redirection() {
            failure.why.push_str("; redirects are not followed");
        }
        if status == StatusCode::GONE {
            failure.is_gone = true;
        }
        if matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) {
            let after = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok());
            failure.pause = after.and_then(|after| retry_after(after.trim(), now));
        }
        Some(failure)
    }
}

/// The pause of a `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let pause = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(value).ok()?.to_utc();
            (until - now).to_std().unwrap_or_default()
        }
    };
    Some(pause.min(MAX_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, after: Option<&str>) -> Option<Failure> {
        let mut headers = HeaderMap::new();
        if let Some(after) = after {
            headers.insert(RETRY_AFTER, after.parse().unwrap());
        }
        let now = "2030-01-02T18:00:00Z".parse().unwrap();
        Failure::of_answer(StatusCode::from_u16(status).unwrap(), &headers, now)
    }

    #[test]
    fn only_an_answer_of_200_to_299_is_a_success() {
        for status in [200, 202, 204, 299] {
            assert_eq!(failure(status, None), None);
        }
        for status in [302, 400, 404, 500, 503] {
            let failure = failure(status, None).unwrap();
            assert!(!failure.is_gone && failure.pause.is_none(), "{failure:?}");
            assert!(failure.why.contains(&status.to_string()));
        }
        assert!(failure(410, None).unwrap().is_gone);
    }

    #[test]
    fn the_receiver_can_ask_for_a_pause() {
        let pause = |status, after| failure(status, Some(after)).unwrap().pause;
        assert_eq!(pause(429, "120"), Some(Duration::from_secs(120)));
        assert_eq!(pause(503, " 0 "), Some(Duration::ZERO));
        let date = "Wed, 02 Jan 2030 18:01:30 GMT";
        assert_eq!(pause(503, date), Some(Duration::from_secs(90)));
        assert_eq!(
            pause(429, "Wed, 02 Jan 2030 17:00:00 GMT"),
            Some(Duration::ZERO)
        );
        assert_eq!(pause(429, "99999999999"), Some(MAX_PAUSE));
        for after in ["", "soon", "-1", "1.5"] {
            assert_eq!(pause(429, after), None, "{after}");
        }
        assert_eq!(pause(500, "120"), None);
    }
}
