//! How a run goes, on standard error: one line that changes on a terminal, else a line now and then.

use std::io::{IsTerminal, Write};

use super::{tally::Sample, time::ms};

/// How often a line is written where it cannot change, in seconds.
const PAUSE: f64 = 5.0;

pub(super) struct Progress {
    terminal: bool,
    written: f64,
}

impl Progress {
    pub(super) fn new() -> Progress {
        Progress {
            terminal: std::io::stderr().is_terminal(),
            written: 0.0,
        }
    }

    /// `failed` is the number of all failures so far.
    pub(super) fn show(&mut self, sample: &Sample, failed: u64, duration_s: f64) {
        if self.terminal {
            self.write(&format!("\r\x1b[K{}", line(sample, failed, duration_s)));
        } else if sample.at_s - self.written >= PAUSE - 0.5 {
            self.written = sample.at_s;
            self.write(&format!("{}\n", line(sample, failed, duration_s)));
        }
    }

    /// Says on a terminal what is done when nothing can be measured yet, or no more.
    pub(super) fn say(&mut self, what: &str) {
        if self.terminal {
            self.write(&format!("\r\x1b[K{what}"));
        }
    }

    /// Makes room for what comes next.
    pub(super) fn clear(&mut self) {
        if self.terminal {
            self.write("\r\x1b[K");
        }
    }

    fn write(&self, text: &str) {
        // Nobody may be listening; the run goes on.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

fn line(sample: &Sample, failed: u64, duration_s: f64) -> String {
    let shown = match sample.shown.count {
        0 => String::new(),
        _ => format!(", shown to all p95 {} ms", ms(sample.shown.p95_ms)),
    };
    format!(
        "{:.0} of {duration_s:.0} s: {} people, {:.0} requests/s, p50 {} ms, p95 {} ms{shown}, {failed} failures",
        sample.at_s,
        sample.people,
        sample.requests_per_second,
        ms(sample.answers.p50_ms),
        ms(sample.answers.p95_ms),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_it_goes() {
        let sample = Sample {
            at_s: 12.04,
            people: 33,
            requests_per_second: 15.2,
            ..Sample::default()
        };
        assert_eq!(
            line(&sample, 2, 300.0),
            "12 of 300 s: 33 people, 15 requests/s, p50 0.00 ms, p95 0.00 ms, 2 failures"
        );
    }
}
