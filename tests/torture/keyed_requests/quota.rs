//! How many requests all clients of a database send together.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

#[derive(Clone)]
pub struct Quota(Arc<AtomicU64>);

impl Quota {
    pub fn new(requests: u64) -> Quota {
        Quota(Arc::new(AtomicU64::new(requests)))
    }

    pub fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes one, if any is left.
    pub fn take(&self) -> bool {
        let less = |left: u64| left.checked_sub(1);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }
}
