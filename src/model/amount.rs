//! The amount of a feature: 1 to 3.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The amount of a feature: 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Amount(u8);

impl Amount {
    pub const ONE: Amount = Amount(1);
    pub const MAX: Amount = Amount(3);

    /// An amount of 1 to 3; `None` for any other number.
    pub fn new(amount: i64) -> Option<Amount> {
        (1..=3).contains(&amount).then_some(Amount(amount as u8))
    }

    pub fn get(self) -> u8 {
        self.0
    }

    /// Adds another amount, capped at 3. Returns the sum and the overflow, if any.
    pub fn add_capped(self, other: Amount) -> (Amount, Option<Amount>) {
        let sum = Amount((self.0 + other.0).min(Self::MAX.0));
        let overflow = self.0 + other.0 - sum.0;
        (sum, (overflow > 0).then_some(Amount(overflow)))
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ONE
    }
}

impl TryFrom<u8> for Amount {
    type Error = InvalidAmount;

    fn try_from(amount: u8) -> Result<Self, InvalidAmount> {
        Amount::new(amount.into()).ok_or(InvalidAmount)
    }
}

impl From<Amount> for u8 {
    fn from(amount: Amount) -> u8 {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Not a whole number from 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAmount;

impl fmt::Display for InvalidAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount must be a whole number from 1 to 3")
    }
}

impl FromStr for Amount {
    type Err = InvalidAmount;

    /// Parses a form field; empty means 1.
    fn from_str(text: &str) -> Result<Self, InvalidAmount> {
        match text.trim() {
            "" => Ok(Self::ONE),
            number => number.parse().ok().and_then(Self::new).ok_or(InvalidAmount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_1_to_3_and_defaults_to_1() {
        assert_eq!("".parse(), Ok(Amount::ONE));
        assert_eq!(" 3 ".parse(), Ok(Amount::MAX));
        for invalid in ["0", "4", "-1", "1.5", "many", "99999999999999999999"] {
            assert_eq!(invalid.parse::<Amount>(), Err(InvalidAmount), "{invalid}");
        }
    }

    #[test]
    fn adding_is_capped_at_3_and_returns_the_overflow() {
        let [one, two, three] = [1, 2, 3].map(|n| Amount::new(n).unwrap_or_default());
        assert_eq!(one.add_capped(one), (two, None));
        assert_eq!(two.add_capped(two), (three, Some(one)));
        assert_eq!(three.add_capped(three), (three, Some(three)));
    }
}
