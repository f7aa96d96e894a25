//! The epoch of a board.

use std::{fmt, num::ParseIntError, str::FromStr};

/// Identifies one history of a board. Restoring a backup starts another history: event numbers of two epochs must not be
/// compared, because the same number may then belong to different events. Written as a hexadecimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Epoch(pub i64);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        i64::from_str_radix(text, 16).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_keeps_its_text() {
        for (epoch, text) in [(0, "0"), (255, "ff"), ((1 << 53) - 1, "1fffffffffffff")] {
            assert_eq!(Epoch(epoch).to_string(), text);
            assert_eq!(text.parse(), Ok(Epoch(epoch)));
        }
        for text in ["", "g", "1 2", "10000000000000000"] {
            assert!(text.parse::<Epoch>().is_err(), "{text:?}");
        }
    }
}
