//! A budget of events that recovers over time (a leaky bucket, as in the generic cell rate algorithm).
//!
//! The `governor` crate does not fit: each of its checks takes from the quota, and it cannot tell the waiting time without one. A
//! login attempt has to be checked before anybody knows whether it counts.

use std::time::{Duration, Instant};

/// How many events are free, and how often another one is allowed after that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    pub(super) burst: u32,
    pub(super) interval: Duration,
}

/// Each event postpones the time at which the full quota is available again.
#[derive(Debug, Default)]
pub(super) struct Budget {
    reset_at: Option<Instant>,
}

impl Budget {
    /// The time until the next event is allowed; `None` if it is allowed now.
    pub(super) fn wait(&self, quota: Quota, now: Instant) -> Option<Duration> {
        let until_reset = self.reset_at?.saturating_duration_since(now);
        let allowed = quota.interval * (quota.burst - 1);
        until_reset
            .checked_sub(allowed)
            .filter(|wait| !wait.is_zero())
    }

    pub(super) fn record(&mut self, quota: Quota, now: Instant) {
        let from = self.reset_at.map_or(now, |reset_at| reset_at.max(now));
        self.reset_at = Some(from + quota.interval);
    }

    /// Whether the full quota is available.
    pub(super) fn is_reset(&self, now: Instant) -> bool {
        self.reset_at.is_none_or(|reset_at| reset_at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_is_free_and_recovers_over_time() {
        let interval = Duration::from_secs(12);
        let quota = Quota { burst: 5, interval };
        let (mut budget, start) = (Budget::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(budget.wait(quota, start), None);
            budget.record(quota, start);
        }
        assert_eq!(budget.wait(quota, start), Some(interval));
        assert_eq!(budget.wait(quota, start + interval), None);
        budget.record(quota, start + interval);
        assert_eq!(budget.wait(quota, start + interval), Some(interval));
        assert!(!budget.is_reset(start + interval * 5));
        assert!(budget.is_reset(start + interval * 6));
    }
}
