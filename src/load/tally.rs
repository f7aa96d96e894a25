//! What was counted and measured, as a whole and second by second. Knows no HTTP.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::time::Instant;

use super::{
    action::Action,
    failure::{Failure, Failures},
    schedule::Start,
};

/// Microseconds, to three digits, however large.
pub(super) struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Times {
        // Three digits are among those there can be.
        #[expect(
            clippy::expect_used,
            reason = "the argument is a constant that is allowed"
        )]
        Times(Histogram::new(3).expect("three digits"))
    }
}

impl Times {
    pub(super) fn record(&mut self, time: Duration) {
        // It grows as needed and cannot refuse.
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX / 2);
        let _ = self.0.record(us);
    }

    /// All in milliseconds.
    pub(super) fn spread(&self) -> Spread {
        let at = |quantile| self.0.value_at_quantile(quantile) as f64 / 1_000.0;
        Spread {
            count: self.0.len(),
            average_ms: self.0.mean() / 1_000.0,
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: self.0.max() as f64 / 1_000.0,
        }
    }

    fn take(&mut self) -> Spread {
        let spread = self.spread();
        self.0.reset();
        spread
    }
}

/// How times are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) count: u64,
    pub(super) average_ms: f64,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

/// One kind of action.
#[derive(Default)]
pub(super) struct Count {
    pub(super) failed: u64,
    /// Of the answers' bodies, as they were sent.
    pub(super) bytes: u64,
    /// From the intended start to the end of the answer.
    pub(super) times: Times,
    /// From the sending on.
    pub(super) from_sending: Times,
}

/// One moment of the run.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Sample {
    /// Seconds since the beginning; what follows is about the time since the last sample.
    pub(super) at_s: f64,
    pub(super) people: usize,
    pub(super) requests_per_second: f64,
    pub(super) failures: u64,
    pub(super) answers: Spread,
    /// From a veto's answer to the last stream.
    pub(super) shown: Spread,
    #[serde(flatten)]
    pub(super) server: super::monitor::Figures,
}

#[derive(Default)]
pub(super) struct Tally {
    actions: [Count; Action::ALL.len()],
    /// Of all that people wait for.
    pub(super) answers: Times,
    pub(super) shown: Times,
    /// How late this program was itself.
    pub(super) own_delay: Times,
    pub(super) failures: Failures,
    pub(super) failed: u64,
    pub(super) requests: u64,
    /// Since the last sample.
    recent: Recent,
}

#[derive(Default)]
struct Recent {
    requests: u64,
    failed: u64,
    answers: Times,
    shown: Times,
}

impl Tally {
    pub(super) fn of(&self, action: Action) -> &Count {
        &self.actions[action as usize]
    }

    /// An answer came that was whole and right.
    pub(super) fn answered(&mut self, action: Action, start: Instant, sent: Instant, bytes: u64) {
        let now = Instant::now();
        let time = now.saturating_duration_since(start);
        let count = &mut self.actions[action as usize];
        count.times.record(time);
        count
            .from_sending
            .record(now.saturating_duration_since(sent));
        count.bytes += bytes;
        if action.is_waited_for() {
            self.answers.record(time);
            self.recent.answers.record(time);
        }
        self.requests += 1;
        self.recent.requests += 1;
    }

    /// What went wrong: no time of it is counted, since failing fast would look like speed.
    pub(super) fn failed(
        &mut self,
        action: Action,
        failure: &Failure,
        what: impl FnOnce() -> String,
    ) {
        self.actions[action as usize].failed += 1;
        self.requests += 1;
        self.recent.requests += 1;
        self.count_failure(failure, what);
    }

    /// Something went wrong that is no request's fault.
    pub(super) fn count_failure(&mut self, failure: &Failure, what: impl FnOnce() -> String) {
        self.failures.count(failure, what);
        self.failed += 1;
        self.recent.failed += 1;
    }

    pub(super) fn add_bytes(&mut self, action: Action, bytes: u64) {
        self.actions[action as usize].bytes += bytes;
    }

    pub(super) fn shown(&mut self, times: &[Duration]) {
        for time in times {
            self.shown.record(*time);
            self.recent.shown.record(*time);
        }
    }

    pub(super) fn started(&mut self, start: Start) {
        if let Some(delay) = start.own_delay {
            self.own_delay.record(delay);
        }
    }

    /// What happened since the last time, which was so long ago.
    pub(super) fn sample(&mut self, since: Duration) -> Sample {
        let recent = &mut self.recent;
        let sample = Sample {
            requests_per_second: recent.requests as f64 / since.as_secs_f64().max(1e-9),
            failures: recent.failed,
            answers: recent.answers.take(),
            shown: recent.shown.take(),
            ..Sample::default()
        };
        recent.requests = 0;
        recent.failed = 0;
        sample
    }

    /// Failures in percent of all requests.
    pub(super) fn failures_percent(&self) -> f64 {
        match self.requests {
            0 => 0.0,
            all => self.failed as f64 * 100.0 / all as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::failure::Kind, *};

    #[test]
    fn answers_and_failures_are_counted_apart() {
        let mut tally = Tally::default();
        let now = Instant::now();
        for _ in 0..3 {
            tally.answered(Action::Veto, now, now, 10);
        }
        tally.answered(Action::Asset, now, now, 1_000);
        let failure = Failure::new(Kind::Timeout, "");
        tally.failed(Action::Veto, &failure, String::new);
        assert_eq!(tally.of(Action::Veto).times.spread().count, 3);
        assert_eq!(tally.of(Action::Veto).failed, 1);
        assert_eq!(tally.of(Action::Asset).bytes, 1_000);
        assert_eq!(tally.answers.spread().count, 3, "nobody waits for assets");
        assert_eq!(tally.failures_percent(), 20.0);
        let sample = tally.sample(Duration::from_secs(1));
        assert_eq!((sample.requests_per_second, sample.failures), (5.0, 1));
        let next = tally.sample(Duration::from_secs(1));
        assert_eq!((next.requests_per_second, next.answers.count), (0.0, 0));
    }

    #[test]
    fn times_are_told_in_milliseconds() {
        let mut times = Times::default();
        for ms in 1..=100 {
            times.record(Duration::from_millis(ms));
        }
        let spread = times.spread();
        assert!((spread.p50_ms - 50.0).abs() < 0.1, "{spread:?}");
        assert!((spread.p99_ms - 99.0).abs() < 0.1, "{spread:?}");
        assert!((spread.average_ms - 50.5).abs() < 0.1, "{spread:?}");
    }
}
