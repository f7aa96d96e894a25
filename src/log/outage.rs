//! Logs an outage of something that may fail thousands of times a second: its cause, then a line a second, then its end.

use std::{
    fmt::Display,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::throttle::LogThrottle;

/// An outage ends with the first success after this time without a failure. While only some operations fail, the log would
/// otherwise alternate between failure and recovery.
const CALM: Duration = Duration::from_secs(1);

/// How many different causes of one outage are logged at once. The first failure may only be a consequence: "all connections are in
/// use", because one of them waits for a lock.
const MAX_CAUSES: usize = 5;

/// The failures of one kind of operation, from all parts of the process.
pub struct OutageLog {
    failing: &'static str,
    recovered: &'static str,
    throttle: LogThrottle,
    /// Whether there is an outage, so that a success costs one atomic load.
    active: AtomicBool,
    outage: Mutex<Option<Outage>>,
}

struct Outage {
    started_at: Instant,
    failed_at: Instant,
    failures: u64,
    causes: Vec<String>,
}

impl OutageLog {
    /// Logs failures as `failing` and the end of an outage as `recovered`.
    pub fn new(failing: &'static str, recovered: &'static str) -> OutageLog {
        OutageLog {
            failing,
            recovered,
            throttle: LogThrottle::default(),
            active: AtomicBool::new(false),
            outage: Mutex::default(),
        }
    }

    /// Records a failure. Each cause of an outage is logged when it first occurs, later failures once a second with the number of
    /// the others.
    pub fn failed(&self, error: &dyn Display) {
        let now = Instant::now();
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        let outage = outage.get_or_insert(Outage {
            started_at: now,
            failed_at: now,
            failures: 0,
            causes: Vec::new(),
        });
        outage.failed_at = now;
        outage.failures += 1;
        self.active.store(true, Ordering::Relaxed);
        let error = error.to_string();
        let suppressed = self.throttle.record();
        let is_new = outage.causes.len() < MAX_CAUSES && !outage.causes.contains(&error);
        if is_new || suppressed.is_some() {
            tracing::error!(error, suppressed, "{}", self.failing);
        }
        if is_new {
            outage.causes.push(error);
        }
    }

    /// Records a success, which ends an outage.
    pub fn succeeded(&self) {
        if self.active.load(Ordering::Relaxed) {
            self.succeeded_at(Instant::now());
        }
    }

    fn succeeded_at(&self, now: Instant) {
        let mut outage = self.outage.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |outage: &mut Outage| now.saturating_duration_since(outage.failed_at) >= CALM;
        if let Some(Outage {
            started_at,
            failures,
            ..
        }) = outage.take_if(is_over)
        {
            self.active.store(false, Ordering::Relaxed);
            let seconds = now.saturating_duration_since(started_at).as_secs();
            tracing::info!(failures, seconds, "{}", self.recovered);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Format, testing::Captured};

    #[test]
    fn an_outage_has_a_cause_and_an_end() {
        let log = Captured::start(Format::Json, "info");
        let outage = OutageLog::new("cannot write", "can write again");
        outage.succeeded();
        assert_eq!(log.text(), "");
        for n in 0..1_000 {
            outage.failed(&format!("failure {n}"));
            outage.succeeded();
        }
        let text = log.text();
        // A slow machine may log more than one.
        assert!(text.lines().count() < 100, "{text}");
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["message"], "cannot write");
        assert_eq!(first["error"], "failure 0");

        outage.succeeded_at(Instant::now() + CALM);
        outage.succeeded_at(Instant::now() + CALM);
        let text = log.text();
        assert_eq!(text.matches("can write again").count(), 1, "{text}");
        let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        assert_eq!(last["failures"], 1_000);
    }
}
