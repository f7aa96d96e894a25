//! How long a client may keep the server waiting to send. Each byte that it reads earns time, so that a slow client gets its
//! response and one that reads a few bytes now and then does not hold a connection for hours.

use std::time::Duration;

use tokio::time::Instant;

/// The lowest average rate at which a client must read, in bytes per second, once its budget is used up. A GPRS connection
/// carries five times as much; other servers ask for 240 (Kestrel, IIS).
const MIN_RATE: f64 = 1024.0;

pub(super) struct WriteBudget {
    max: Duration,
    /// What is left, up to `max`.
    left: Duration,
    /// Since when the server has been waiting.
    waiting_since: Option<Instant>,
}

impl WriteBudget {
    /// A client that reads nothing is given `max`.
    pub(super) fn new(max: Duration) -> WriteBudget {
        WriteBudget {
            max,
            left: max,
            waiting_since: None,
        }
    }

    /// The server has to wait for the client. If it did not wait before, returns how long it may.
    pub(super) fn wait(&mut self, now: Instant) -> Option<Duration> {
        if self.waiting_since.is_some() {
            return None;
        }
        self.waiting_since = Some(now);
        Some(self.left)
    }

    /// The client took this many bytes.
    pub(super) fn written(&mut self, now: Instant, bytes: usize) {
        let waited = self.waiting_since.take().map(|since| now - since);
        let earned = Duration::from_secs_f64(bytes as f64 / MIN_RATE);
        let left = self.left.saturating_sub(waited.unwrap_or_default());
        self.left = left.saturating_add(earned).min(self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: Duration = Duration::from_secs(30);

    /// For how long a client that reads `bytes` every `pause` is served, at most a day.
    fn served_for(pause: Duration, bytes: usize) -> Duration {
        let begin = Instant::now();
        let mut now = begin;
        let mut budget = WriteBudget::new(MAX);
        while now - begin < Duration::from_secs(24 * 3_600) {
            let left = budget.wait(now).unwrap();
            assert_eq!(budget.wait(now), None);
            if left < pause {
                return now + left - begin;
            }
            now += pause;
            budget.written(now, bytes);
        }
        now - begin
    }

    #[test]
    fn a_client_that_reads_nothing_has_the_full_budget() {
        assert_eq!(served_for(Duration::MAX, 0), MAX);
    }

    #[test]
    fn a_dribbling_client_is_not_served_much_longer() {
        for (seconds, bytes) in [(1, 1), (5, 500), (29, 1)] {
            let served = served_for(Duration::from_secs(seconds), bytes);
            assert!(served < MAX * 2, "{served:?}");
        }
    }

    #[test]
    fn a_slow_client_is_served_to_the_end() {
        for (seconds, bytes) in [(1, 2_048), (20, 100_000)] {
            let served = served_for(Duration::from_secs(seconds), bytes);
            assert!(served > Duration::from_secs(80_000), "{served:?}");
        }
    }

    #[test]
    fn time_between_responses_does_not_count() {
        let mut budget = WriteBudget::new(MAX);
        let now = Instant::now();
        budget.written(now, 10);
        assert_eq!(budget.wait(now + MAX * 100), Some(MAX));
    }
}
