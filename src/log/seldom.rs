//! Things that may happen ten thousand times a second, and are told once.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How often one of them is told.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps count of what was not told.
pub struct Seldom {
    began: Instant,
    /// Milliseconds after `began` from which on one is told again.
    next: AtomicU64,
    untold: AtomicU64,
}

impl Default for Seldom {
    fn default() -> Seldom {
        Seldom {
            began: Instant::now(),
            next: AtomicU64::new(0),
            untold: AtomicU64::new(0),
        }
    }
}

impl Seldom {
    /// It happened: if it is to be told, how often it happened since the last time that it was, this one not counted.
    pub fn happened(&self) -> Option<u64> {
        let now = self.began.elapsed().as_millis() as u64;
        let next = self.next.load(Ordering::Relaxed);
        let then = now + PAUSE.as_millis() as u64;
        let mine = now >= next
            && self
                .next
                .compare_exchange(next, then, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        match mine {
            true => Some(self.untold.swap(0, Ordering::Relaxed)),
            false => {
                self.untold.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_of_many_is_told_and_the_rest_are_counted() {
        let refusals = Seldom::default();
        let told: Vec<u64> = (0..1_000).filter_map(|_| refusals.happened()).collect();
        // More than one if the machine took more than a second for it.
        assert_eq!(told[0], 0);
        let untold = refusals.untold.load(Ordering::Relaxed);
        assert_eq!(told.len() as u64 + told.iter().sum::<u64>() + untold, 1_000);
        refusals.next.store(0, Ordering::Relaxed);
        assert_eq!(refusals.happened(), Some(untold));
    }
}
