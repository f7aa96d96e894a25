//! What one client may do in which time, as the options say it.

use std::{fmt, num::NonZeroU32, str::FromStr};

/// What one client may do in which time; all of it at once too, if it did nothing before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowances {
    /// Changes of boards, a minute.
    pub writes: Allowance,
    /// Pages and streams, a minute.
    pub reads: Allowance,
    /// New boards, an hour: they stay.
    pub boards: Allowance,
    /// Streams open at once: each takes its memory as long as it lasts.
    pub streams: Allowance,
}

impl Default for Allowances {
    /// For 200 people behind one address of whom each does something every second, looks at two things a second besides, and
    /// makes five boards in an hour, and has ten pages open. What hammers is a hundred times as fast.
    fn default() -> Self {
        Self {
            writes: Allowance::of(12_000),
            reads: Allowance::of(24_000),
            boards: Allowance::of(1_000),
            streams: Allowance::of(2_000),
        }
    }
}

/// How often something may be done in a span of time, or at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance(pub(super) Option<NonZeroU32>);

impl Allowance {
    /// As often as one likes.
    pub const UNLIMITED: Allowance = Allowance(None);

    /// So often; 0: as often as one likes.
    pub const fn of(times: u32) -> Allowance {
        Allowance(NonZeroU32::new(times))
    }
}

impl FromStr for Allowance {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Allowance, &'static str> {
        match text {
            "off" => Ok(Allowance::UNLIMITED),
            times => times
                .parse()
                .map(|times| Allowance(Some(times)))
                .map_err(|_| "is a number of 1 or more, or `off`"),
        }
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Some(times) => times.fmt(f),
            None => f.write_str("off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_a_number_or_off() {
        for text in ["1", "12000", "off"] {
            assert_eq!(text.parse::<Allowance>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "1.5", "none", "99999999999"] {
            assert!(text.parse::<Allowance>().is_err(), "{text}");
        }
    }
}
