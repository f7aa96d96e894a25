//! Shows the progress of a run on standard error: one line that is overwritten on a terminal, else a line every few seconds.

use std::io::{IsTerminal, Write};

use super::{duration::format_ms, run_stats::Sample};

/// The interval between lines where standard error is not a terminal, in seconds.
const LINE_INTERVAL_S: f64 = 5.0;

pub(super) struct Progress {
    is_terminal: bool,
    /// When the last line was written, in seconds since the start of the run.
    written_at_s: f64,
}

impl Progress {
    pub(super) fn new() -> Progress {
        Progress {
            is_terminal: std::io::stderr().is_terminal(),
            written_at_s: 0.0,
        }
    }

    /// Shows a sample. `failures` is the total so far.
    pub(super) fn show(&mut self, sample: &Sample, failures: u64, duration_s: f64) {
        if self.is_terminal {
            self.write(&format!("\r\x1b[K{}", line(sample, failures, duration_s)));
        } else if sample.at_s - self.written_at_s >= LINE_INTERVAL_S - 0.5 {
            self.written_at_s = sample.at_s;
            self.write(&format!("{}\n", line(sample, failures, duration_s)));
        }
    }

    /// Shows the current phase, on a terminal only.
    pub(super) fn show_phase(&mut self, phase: &str) {
        if self.is_terminal {
            self.write(&format!("\r\x1b[K{phase}"));
        }
    }

    /// Clears the line on a terminal.
    pub(super) fn clear(&mut self) {
        if self.is_terminal {
            self.write("\r\x1b[K");
        }
    }

    fn write(&self, text: &str) {
        // The run goes on without progress output if standard error is closed.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

fn line(sample: &Sample, failures: u64, duration_s: f64) -> String {
    let delivery = match sample.delivery.count {
        0 => String::new(),
        _ => format!(
            ", delivery to all p95 {} ms",
            format_ms(sample.delivery.p95_ms)
        ),
    };
    format!(
        "{:.0} of {duration_s:.0} s: {} users, {:.0} requests/s, p50 {} ms, p95 {} ms{delivery}, {failures} failures",
        sample.at_s,
        sample.users,
        sample.requests_per_second,
        format_ms(sample.responses.p50_ms),
        format_ms(sample.responses.p95_ms),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_the_current_values() {
        let sample = Sample {
            at_s: 12.04,
            users: 33,
            requests_per_second: 15.2,
            ..Sample::default()
        };
        assert_eq!(
            line(&sample, 2, 300.0),
            "12 of 300 s: 33 users, 15 requests/s, p50 0.00 ms, p95 0.00 ms, 2 failures"
        );
    }
}
