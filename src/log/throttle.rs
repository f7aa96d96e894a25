//! Limits how often an event that can occur thousands of times a second is logged.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// The minimum time between two logged events.
const INTERVAL: Duration = Duration::from_secs(1);

/// Lets one event through per interval and counts the suppressed ones.
pub struct LogThrottle {
    created_at: Instant,
    /// When the next event may be logged, in milliseconds after `created_at`.
    next_ms: AtomicU64,
    suppressed: AtomicU64,
}

impl Default for LogThrottle {
    fn default() -> LogThrottle {
        LogThrottle {
            created_at: Instant::now(),
            next_ms: AtomicU64::new(0),
            suppressed: AtomicU64::new(0),
        }
    }
}

impl LogThrottle {
    /// Records an event. If it should be logged, returns how many events were suppressed since the last logged one.
    pub fn record(&self) -> Option<u64> {
        let now = self.created_at.elapsed().as_millis() as u64;
        let next = self.next_ms.load(Ordering::Relaxed);
        let following = now + INTERVAL.as_millis() as u64;
        let acquired = now >= next
            && self
                .next_ms
                .compare_exchange(next, following, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        match acquired {
            true => Some(self.suppressed.swap(0, Ordering::Relaxed)),
            false => {
                self.suppressed.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_per_interval_is_logged_and_the_rest_are_counted() {
        let throttle = LogThrottle::default();
        let logged: Vec<u64> = (0..1_000).filter_map(|_| throttle.record()).collect();
        // A slow machine may log more than one.
        assert_eq!(logged[0], 0);
        let suppressed = throttle.suppressed.load(Ordering::Relaxed);
        let total = logged.len() as u64 + logged.iter().sum::<u64>() + suppressed;
        assert_eq!(total, 1_000);
        throttle.next_ms.store(0, Ordering::Relaxed);
        assert_eq!(throttle.record(), Some(suppressed));
    }
}
