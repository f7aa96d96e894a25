//! The progress of a command on standard error: one line that is overwritten, on a terminal only.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

const INTERVAL: Duration = Duration::from_millis(200);

pub(super) struct ProgressLine {
    is_terminal: bool,
    /// When it was last written; none if there is no line now.
    shown_at: Option<Instant>,
}

impl ProgressLine {
    pub(super) fn new() -> ProgressLine {
        ProgressLine {
            is_terminal: io::stderr().is_terminal(),
            shown_at: None,
        }
    }

    /// Shows how many events of a board are done.
    pub(super) fn show(&mut self, done: i64, all: i64) {
        let is_due = self.shown_at.is_none_or(|at| at.elapsed() >= INTERVAL);
        if self.is_terminal && is_due {
            self.shown_at = Some(Instant::now());
            write(&format!("\r\x1b[K{done} of {all} events"));
        }
    }

    /// Removes the line.
    pub(super) fn clear(&mut self) {
        if self.shown_at.take().is_some() {
            write("\r\x1b[K");
        }
    }
}

/// A line that cannot be written ends nothing.
fn write(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
