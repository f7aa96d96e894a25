//! Reads lines of a bounded length, and knows where each begins.

use std::io::{BufRead, Read};

use super::damage::{Damage, ReadError};

/// The longest line. The largest event that `--max-event-kib` allows is shorter.
const MAX_LINE: u64 = 72 * 1_024 * 1_024;

/// The lines of a file.
pub(super) struct LineReader<R> {
    input: R,
    max: u64,
    /// The current line with its line break.
    line: Vec<u8>,
    /// The number of the current line, from 1.
    number: u64,
    /// The position of the current line in the file.
    start: u64,
}

impl<R: BufRead> LineReader<R> {
    pub(super) fn new(input: R) -> LineReader<R> {
        LineReader {
            input,
            max: MAX_LINE,
            line: Vec::new(),
            number: 0,
            start: 0,
        }
    }

    /// Reads the next line, with its line break; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, ReadError> {
        self.start += self.line.len() as u64;
        self.number += 1;
        self.line.clear();
        let mut bounded = self.input.by_ref().take(self.max);
        let bytes = bounded.read_until(b'\n', &mut self.line)?;
        if bytes == 0 {
            return Ok(None);
        }
        if self.line.last() != Some(&b'\n') {
            let is_long = bytes as u64 == self.max;
            let reason = match is_long {
                true => "the line is too long: this is not a file that savt export wrote",
                false => "the file ends within a line: it was cut",
            };
            let at = if is_long { 0 } else { bytes };
            return Err(self.damage(at, reason).into());
        }
        Ok(Some(&self.line))
    }

    /// The length of the current line.
    pub(super) fn line_bytes(&self) -> usize {
        self.line.len()
    }

    /// A damage at a position in the current line.
    pub(super) fn damage(&self, at: usize, reason: &str) -> Damage {
        Damage::new(self.number, self.start + at as u64, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines as text, and what ended them.
    fn lines(text: &str, max: u64) -> (Vec<String>, Option<String>) {
        let mut reader = LineReader {
            max,
            ..LineReader::new(text.as_bytes())
        };
        let mut lines = Vec::new();
        loop {
            match reader.next() {
                Ok(Some(line)) => lines.push(String::from_utf8(line.to_vec()).unwrap()),
                Ok(None) => return (lines, None),
                Err(error) => return (lines, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn lines_are_bounded_and_complete() {
        assert_eq!(lines("", 4), (vec![], None));
        let both = vec!["ab\n".to_owned(), "\n".to_owned()];
        assert_eq!(lines("ab\n\n", 4), (both, None));
        assert_eq!(lines("abc\n", 4).0, ["abc\n"]);
        let (read, error) = lines("a\nbcdefgh\n", 4);
        assert_eq!(read, ["a\n"]);
        assert!(
            error
                .unwrap()
                .starts_with("line 2, byte 2: the line is too long")
        );
        let (read, error) = lines("ab\ncd", 4);
        assert_eq!(read, ["ab\n"]);
        assert!(
            error
                .unwrap()
                .starts_with("line 2, byte 5: the file ends within")
        );
    }
}
