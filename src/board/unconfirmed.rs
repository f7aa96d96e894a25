//! When to ask the database again whether a commit that it did not confirm was stored.

use tokio::time::{Duration, Instant};

/// The delay before the first attempt, which doubles up to the last.
const FIRST_DELAY: Duration = Duration::from_millis(50);
const LAST_DELAY: Duration = Duration::from_secs(1);

/// A commit whose outcome is unknown.
pub(super) struct Unconfirmed {
    delay: Duration,
    /// When to ask.
    pub(super) retry_at: Instant,
}

impl Unconfirmed {
    pub(super) fn new() -> Unconfirmed {
        Unconfirmed::after(FIRST_DELAY)
    }

    /// The database did not answer.
    pub(super) fn postpone(&mut self) {
        *self = Unconfirmed::after((self.delay * 2).min(LAST_DELAY));
    }

    fn after(delay: Duration) -> Unconfirmed {
        Unconfirmed {
            delay,
            retry_at: Instant::now() + delay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_delay_grows_up_to_a_second() {
        let mut unconfirmed = Unconfirmed::new();
        let mut delays = Vec::new();
        for _ in 0..7 {
            delays.push((unconfirmed.retry_at - Instant::now()).as_millis());
            unconfirmed.postpone();
        }
        assert_eq!(delays, [50, 100, 200, 400, 800, 1_000, 1_000]);
    }
}
