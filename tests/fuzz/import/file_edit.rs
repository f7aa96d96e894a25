//! What can happen to a file between an export and an import.

use arbitrary::Arbitrary;
use sha2::{Digest, Sha256};

use crate::text_input::TextInput;

/// What happens to a file.
#[derive(Arbitrary, Debug)]
pub enum FileEdit {
    Flip {
        at: u16,
        bit: u8,
    },
    Cut {
        at: u16,
    },
    SwapLines {
        one: u8,
        other: u8,
    },
    RepeatLine(u8),
    RemoveLine(u8),
    /// Replaces a number of a line.
    Number {
        line: u8,
        nth: u8,
        by: i64,
    },
    /// Replaces a text of a line.
    Text {
        line: u8,
        nth: u8,
        by: TextInput,
    },
    Insert {
        at: u16,
        bytes: Vec<u8>,
    },
    /// Opens this many brackets.
    Nest {
        at: u16,
        depth: u16,
    },
}

impl FileEdit {
    pub(super) fn apply(self, mut file: Vec<u8>) -> Vec<u8> {
        if file.is_empty() {
            return file;
        }
        let position = |at: u16| usize::from(at) % file.len();
        match self {
            FileEdit::Flip { at, bit } => {
                let at = position(at);
                file[at] ^= 1 << (bit % 8);
                file
            }
            FileEdit::Cut { at } => {
                file.truncate(position(at));
                file
            }
            FileEdit::Insert { at, bytes } => {
                let at = position(at);
                file.splice(at..at, bytes);
                file
            }
            FileEdit::Nest { at, depth } => {
                let at = position(at);
                file.splice(at..at, vec![b'['; usize::from(depth)]);
                file
            }
            FileEdit::SwapLines { one, other } => edit_lines(&file, |lines| {
                let (one, other) = (nth(lines, one), nth(lines, other));
                lines.swap(one, other);
            }),
            FileEdit::RepeatLine(line) => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines.insert(line, lines[line].clone());
            }),
            FileEdit::RemoveLine(line) => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines.remove(line);
            }),
            FileEdit::Number { line, nth: n, by } => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines[line] = with_number(&lines[line], n, by);
            }),
            FileEdit::Text { line, nth: n, by } => edit_lines(&file, |lines| {
                let line = nth(lines, line);
                lines[line] = with_text(&lines[line], n, &by.text());
            }),
        }
    }
}

fn nth(lines: &[Vec<u8>], n: u8) -> usize {
    usize::from(n) % lines.len()
}

fn edit_lines(file: &[u8], edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = file
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    edit(&mut lines);
    lines.concat()
}

/// Replaces one of the runs of digits.
fn with_number(line: &[u8], n: u8, by: i64) -> Vec<u8> {
    let text = String::from_utf8_lossy(line).into_owned();
    let runs: Vec<_> = text
        .split_inclusive(|c: char| !c.is_ascii_digit())
        .map(str::to_owned)
        .collect();
    let numbers = runs
        .iter()
        .filter(|run| run.starts_with(|c: char| c.is_ascii_digit()));
    let count = numbers.count();
    if count == 0 {
        return line.to_vec();
    }
    let mut left = usize::from(n) % count;
    let mut edited = String::new();
    for run in runs {
        let digits = run.chars().take_while(char::is_ascii_digit).count();
        match (digits, left) {
            (1.., 0) => {
                edited += &by.to_string();
                edited += &run[digits..];
                left = usize::MAX;
            }
            (digits, _) => {
                left = left.saturating_sub(usize::from(digits > 0 && left != usize::MAX));
                edited += &run;
            }
        }
    }
    edited.into_bytes()
}

/// Replaces one of the texts in quotes.
fn with_text(line: &[u8], n: u8, by: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(line).into_owned();
    let mut parts: Vec<String> = text.split('"').map(str::to_owned).collect();
    let count = parts.len() / 2;
    if count == 0 {
        return line.to_vec();
    }
    let quoted = serde_json::to_string(by).unwrap();
    parts[1 + 2 * (usize::from(n) % count)] = quoted[1..quoted.len() - 1].to_owned();
    parts.join("\"").into_bytes()
}

/// The file with the checksums that its boards have now.
pub(super) fn with_checksums(file: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    edit_lines(file, |lines| {
        for line in lines {
            if line.starts_with(b"{\"sha256\":") {
                let sha256 = hex::encode(hash.finalize_reset());
                *line = format!("{{\"sha256\":\"{sha256}\"}}\n").into_bytes();
            } else {
                if line.starts_with(b"{\"savt\":") {
                    hash = Sha256::new();
                }
                hash.update(line);
            }
        }
    })
}
