//! How old the commands in a writer's mailbox may be. Knows nothing of what they do.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::{Duration, Instant};

/// If the writer has processed nothing that arrived later than this long ago, a new command would wait for about a second.
const MAX_AGE: Duration = Duration::from_millis(300);

/// The value of `last_received_ms` while the mailbox is empty.
const IDLE: u64 = 0;

/// An upper bound for the age of the oldest queued command.
pub(super) struct QueueAge {
    created_at: Instant,
    /// When the command arrived that the writer received last, in milliseconds after `created_at`; or [`IDLE`].
    last_received_ms: AtomicU64,
}

impl QueueAge {
    pub(super) fn new() -> QueueAge {
        QueueAge {
            created_at: Instant::now(),
            last_received_ms: AtomicU64::new(IDLE),
        }
    }

    /// Records that the mailbox is empty.
    pub(super) fn set_idle(&self) {
        self.last_received_ms.store(IDLE, Ordering::Relaxed);
    }

    /// Records that the writer received a command that arrived at this time, and with it all earlier ones.
    pub(super) fn record_received(&self, arrived_at: Instant) {
        let arrived_after = arrived_at.saturating_duration_since(self.created_at);
        let arrived_ms = arrived_after.as_millis() as u64;
        self.last_received_ms
            .store(arrived_ms.max(IDLE + 1), Ordering::Relaxed);
    }

    /// Whether queued commands, if there are any, may have waited too long.
    pub(super) fn is_too_old(&self) -> bool {
        match self.last_received_ms.load(Ordering::Relaxed) {
            IDLE => false,
            received_ms => self.created_at.elapsed() > Duration::from_millis(received_ms) + MAX_AGE,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_writer_that_keeps_up_has_no_old_queue() {
        let queue_age = QueueAge::new();
        for _ in 0..10 {
            let arrived_at = Instant::now();
            advance(Duration::from_millis(140)).await;
            assert!(!queue_age.is_too_old());
            queue_age.record_received(arrived_at);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_writer_has_an_old_queue_until_it_catches_up() {
        let queue_age = QueueAge::new();
        queue_age.record_received(Instant::now());
        advance(Duration::from_millis(600)).await;
        assert!(queue_age.is_too_old());
        queue_age.record_received(Instant::now());
        assert!(!queue_age.is_too_old());
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_writer_has_no_old_queue() {
        let queue_age = QueueAge::new();
        queue_age.record_received(Instant::now());
        queue_age.set_idle();
        advance(Duration::from_secs(3_600)).await;
        assert!(!queue_age.is_too_old());
    }
}
