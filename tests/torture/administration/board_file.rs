//! A file that `savt export` wrote, with one board.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::{Datelike, Utc};
use rand::{RngExt, rngs::StdRng};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What happened long ago, so that a board is idle.
const LONG_AGO: &str = "2020";

#[derive(Debug)]
pub struct BoardFile {
    pub path: PathBuf,
    header: Value,
    /// The line of each event.
    pub events: Vec<String>,
}

impl BoardFile {
    /// None if it is not whole.
    pub fn read(path: &Path) -> Option<BoardFile> {
        let text = fs::read_to_string(path).ok()?;
        let lines: Vec<&str> = text.lines().collect();
        let [header, events @ .., checksum, end] = lines.as_slice() else {
            return None;
        };
        let is_whole = checksum.starts_with("{\"sha256\":") && end.starts_with("{\"boards\":");
        is_whole.then(|| BoardFile {
            path: path.to_owned(),
            header: serde_json::from_str(header).unwrap_or_default(),
            events: events.iter().map(|line| (*line).to_owned()).collect(),
        })
    }

    pub fn arguments(&self) -> &str {
        self.path.to_str().unwrap()
    }

    /// Whether everything on the board happened long ago.
    pub fn is_aged(&self) -> bool {
        let created = self.header["created"].as_str();
        created.is_some_and(|created| created.starts_with(LONG_AGO))
    }

    /// What an import keeps of the first line: all but the address, the epoch, and the number of events so far.
    pub fn kept_header(&self) -> Value {
        let mut header = self.header.clone();
        for changing in ["slug", "epoch", "events"] {
            header[changing] = Value::Null;
        }
        header
    }

    /// The number and the time of an event. They stay when its actor is forgotten.
    pub fn identity(line: &str) -> (Value, Value) {
        let event: Value = serde_json::from_str(line).unwrap_or_default();
        (event["number"].clone(), event["at"].clone())
    }

    /// The same file with a damage, at another path.
    pub fn damaged(&self, path: &Path, rng: &mut StdRng) {
        let mut bytes = fs::read(&self.path).unwrap();
        let at = rng.random_range(0..bytes.len() - 1);
        match rng.random_range(0..3) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1,
            _ => {
                bytes.remove(at);
            }
        }
        fs::write(path, bytes).unwrap();
    }

    /// The same board, but everything on it happened long ago.
    pub fn aged(&self, path: &Path) -> BoardFile {
        let text = fs::read_to_string(&self.path).unwrap();
        // Every time on the board is of one of these years.
        let created = self.header["created"].as_str().unwrap_or_default();
        let years = [created[..4].to_owned(), Utc::now().year().to_string()];
        let aged = |line: &str| {
            years.iter().fold(line.to_owned(), |line, year| {
                line.replace(&format!(":\"{year}-"), &format!(":\"{LONG_AGO}-"))
            })
        };
        let mut lines: Vec<String> = text.lines().map(aged).collect();
        let last = lines.len() - 2;
        let board = lines[..last].join("\n") + "\n";
        let sha256 = hex::encode(Sha256::digest(board));
        lines[last] = format!("{{\"sha256\":\"{sha256}\"}}");
        fs::write(path, lines.join("\n") + "\n").unwrap();
        BoardFile::read(path).unwrap()
    }
}
