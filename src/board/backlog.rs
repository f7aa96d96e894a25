//! How far a door is behind with the wishes that wait at it.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::{Duration, Instant};

/// When nobody was served yet who came after this, those who come now would wait for a second or so.
const TOO_OLD: Duration = Duration::from_millis(300);

pub(super) struct Backlog {
    began: Instant,
    /// Milliseconds after `began` when the last wish came that was taken in; 0 while the door waits for wishes.
    taken: AtomicU64,
}

impl Backlog {
    pub(super) fn new() -> Backlog {
        Backlog {
            began: Instant::now(),
            taken: AtomicU64::new(0),
        }
    }

    /// The door has nothing to do.
    pub(super) fn rests(&self) {
        self.taken.store(0, Ordering::Relaxed);
    }

    /// The door took in all wishes up to one that came at this time.
    pub(super) fn took(&self, came: Instant) {
        let taken = came.saturating_duration_since(self.began).as_millis() as u64;
        self.taken.store(taken.max(1), Ordering::Relaxed);
    }

    /// Whether those that wait, if any do, may have waited for too long.
    pub(super) fn is_too_old(&self) -> bool {
        match self.taken.load(Ordering::Relaxed) {
            0 => false,
            taken => self.began.elapsed() > Duration::from_millis(taken) + TOO_OLD,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_door_that_keeps_up_is_not_behind() {
        let backlog = Backlog::new();
        for _ in 0..10 {
            let came = Instant::now();
            advance(Duration::from_millis(140)).await;
            assert!(!backlog.is_too_old());
            backlog.took(came);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_does_not_is_until_it_has_caught_up() {
        let backlog = Backlog::new();
        backlog.took(Instant::now());
        advance(Duration::from_millis(600)).await;
        assert!(backlog.is_too_old());
        backlog.took(Instant::now());
        assert!(!backlog.is_too_old());
    }

    #[tokio::test(start_paused = true)]
    async fn a_door_that_has_nothing_to_do_is_not_behind_when_many_come() {
        let backlog = Backlog::new();
        backlog.took(Instant::now());
        backlog.rests();
        advance(Duration::from_secs(3_600)).await;
        assert!(!backlog.is_too_old());
    }
}
