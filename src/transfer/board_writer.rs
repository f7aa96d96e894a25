//! Writes one board: its first line, its events and their checksum.

use sha2::{Digest, Sha256};

use super::{
    header::BoardHeader,
    line::{checksum_json, end_json, event_json},
};
use crate::model::Event;

/// Whether a file says which browser is which participant. That is a secret of each browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browsers {
    Included,
    Omitted,
}

/// Writes a board line by line.
pub struct BoardWriter {
    hash: Sha256,
    browsers: Browsers,
}

impl BoardWriter {
    /// Begins a board; returns its first line.
    ///
    /// # Errors
    /// Never: the values can be written as JSON. So do the other functions.
    pub fn begin(header: &BoardHeader) -> serde_json::Result<(BoardWriter, Vec<u8>)> {
        let mut writer = BoardWriter {
            hash: Sha256::new(),
            browsers: match header.has_browsers {
                true => Browsers::Included,
                false => Browsers::Omitted,
            },
        };
        let line = writer.counted(header.to_json()?);
        Ok((writer, line))
    }

    /// The line of the next event.
    pub fn event(&mut self, mut event: Event) -> serde_json::Result<Vec<u8>> {
        if self.browsers == Browsers::Omitted {
            event.change.browsers.clear();
        }
        Ok(self.counted(event_json(&event)?))
    }

    /// The last line.
    pub fn end(self) -> serde_json::Result<Vec<u8>> {
        let sha256 = hex::encode(self.hash.finalize());
        Ok(terminated(checksum_json(sha256)?))
    }

    fn counted(&mut self, line: Vec<u8>) -> Vec<u8> {
        let line = terminated(line);
        self.hash.update(&line);
        line
    }
}

/// The last line of a file with this many boards.
pub fn end_of_file(boards: u64) -> serde_json::Result<Vec<u8>> {
    Ok(terminated(end_json(boards)?))
}

fn terminated(mut line: Vec<u8>) -> Vec<u8> {
    line.push(b'\n');
    line
}
