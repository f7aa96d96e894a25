//! How much of a feature: 1 to 3.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The amount of a feature: 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(u8);

impl Amount {
    pub const ONE: Amount = Amount(1);
    pub const MAX: Amount = Amount(3);

    /// An amount of 1 to 3, or nothing.
    pub fn new(amount: i64) -> Option<Amount> {
        (1..=3).contains(&amount).then_some(Amount(amount as u8))
    }

    pub fn get(self) -> u8 {
        self.0
    }

    /// Adds another amount up to 3: what fits, and what is left over.
    pub fn pour(self, other: Amount) -> (Amount, Option<Amount>) {
        let full = Amount((self.0 + other.0).min(Self::MAX.0));
        let left = self.0 + other.0 - full.0;
        (full, (left > 0).then_some(Amount(left)))
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Not a whole number from 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadAmount;

impl FromStr for Amount {
    type Err = BadAmount;

    /// Reads what a form sends; nothing at all is 1.
    fn from_str(text: &str) -> Result<Self, BadAmount> {
        match text.trim() {
            "" => Ok(Self::ONE),
            number => number.parse().ok().and_then(Self::new).ok_or(BadAmount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_to_three_and_one_if_nothing_is_said() {
        assert_eq!("".parse(), Ok(Amount::ONE));
        assert_eq!(" 3 ".parse(), Ok(Amount::MAX));
        for wrong in ["0", "4", "-1", "1.5", "many", "99999999999999999999"] {
            assert_eq!(wrong.parse::<Amount>(), Err(BadAmount), "{wrong}");
        }
    }

    #[test]
    fn pours_up_to_three_and_keeps_the_rest() {
        let [one, two, three] = [1, 2, 3].map(|n| Amount::new(n).unwrap_or_default());
        assert_eq!(one.pour(one), (two, None));
        assert_eq!(two.pour(two), (three, Some(one)));
        assert_eq!(three.pour(three), (three, Some(three)));
    }
}
