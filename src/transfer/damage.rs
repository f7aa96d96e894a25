//! Why a file cannot be read, and where.

use std::{fmt, io};

/// How much of a reason is shown. A reason can quote what the file contains.
const MAX_REASON: usize = 300;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The number of the line, from 1.
    pub line: u64,
    /// The position in the file, from 0.
    pub byte: u64,
    reason: String,
}

impl Damage {
    pub(super) fn new(line: u64, byte: u64, reason: &str) -> Damage {
        // One line, whatever the file contains.
        let shown = reason
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(MAX_REASON);
        Damage {
            line,
            byte,
            reason: shown.collect(),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Damage { line, byte, reason } = self;
        write!(f, "line {line}, byte {byte}: {reason}")
    }
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{0}")]
    Damaged(Damage),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Damage> for ReadError {
    fn from(damage: Damage) -> ReadError {
        ReadError::Damaged(damage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damage_is_one_short_line() {
        let damage = Damage::new(7, 1_234, &"a\nb\u{1b}[31m".repeat(100));
        let line = damage.to_string();
        assert!(line.starts_with("line 7, byte 1234: a b [31ma b"), "{line}");
        assert!(!line.contains(['\n', '\u{1b}']) && line.len() < 400);
    }
}
