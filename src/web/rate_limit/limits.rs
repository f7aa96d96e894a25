//! Rate limits as the command line options give them.

use std::{fmt, num::NonZeroU32, str::FromStr};

/// The limits for one client. A client that was idle may use its full limit at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Changes per minute.
    pub writes: RateLimit,
    /// Pages and streams per minute.
    pub reads: RateLimit,
    /// New boards per hour: they are kept forever.
    pub boards: RateLimit,
    /// Open streams: each uses memory while it is open.
    pub streams: RateLimit,
}

impl Default for RateLimits {
    /// Enough for 200 people behind one address who each make one change and two page views per second and five boards per hour,
    /// with ten pages open. An abusive script is a hundred times as fast.
    fn default() -> Self {
        Self {
            writes: RateLimit::new(12_000),
            reads: RateLimit::new(24_000),
            boards: RateLimit::new(1_000),
            streams: RateLimit::new(2_000),
        }
    }
}

/// A number of requests per period, of open streams or of connections; or no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit(Option<NonZeroU32>);

impl RateLimit {
    /// No limit.
    pub const UNLIMITED: RateLimit = RateLimit(None);

    /// A limit; 0 stands for no limit.
    pub const fn new(limit: u32) -> RateLimit {
        RateLimit(NonZeroU32::new(limit))
    }

    /// The number; `None` without a limit.
    pub fn get(self) -> Option<NonZeroU32> {
        self.0
    }
}

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<RateLimit, &'static str> {
        match text {
            "off" => Ok(RateLimit::UNLIMITED),
            number => number
                .parse()
                .map(|limit| RateLimit(Some(limit)))
                .map_err(|_| "must be a number of 1 or more, or `off`"),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Some(limit) => limit.fmt(f),
            None => f.write_str("off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_positive_number_or_off() {
        for text in ["1", "12000", "off"] {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "1.5", "none", "99999999999"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }
}
