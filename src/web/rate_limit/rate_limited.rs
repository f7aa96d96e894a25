//! The error for a client above its limit.

use std::time::Duration;

use poem::{
    Response,
    error::ResponseError,
    http::{StatusCode, header},
};

use super::quota::whole_seconds;

/// The client has used up its limit. No endpoint has seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Rate limit exceeded.")]
pub struct RateLimited {
    /// Time until the next request is allowed.
    pub wait: Duration,
}

impl RateLimited {
    /// In whole seconds, rounded up, at least one.
    pub(crate) fn retry_after(&self) -> u64 {
        whole_seconds(self.wait).max(1)
    }
}

impl ResponseError for RateLimited {
    fn status(&self) -> StatusCode {
        StatusCode::TOO_MANY_REQUESTS
    }

    fn as_response(&self) -> Response {
        Response::builder()
            .status(self.status())
            .header(header::RETRY_AFTER, self.retry_after())
            .body(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_rounded_up_to_whole_seconds() {
        for (ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (3_600_000, 3_600)] {
            let wait = Duration::from_millis(ms);
            assert_eq!(RateLimited { wait }.retry_after(), seconds);
        }
    }
}
