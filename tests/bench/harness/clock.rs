//! One clock for all timestamps that are compared.

use std::{sync::LazyLock, time::Instant};

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Microseconds since the first call in this process. Never 0, which means "not yet".
pub fn now() -> u64 {
    START.elapsed().as_micros() as u64 + 1
}

/// Milliseconds between two times of this clock; 0 if `to` is before `from`.
pub fn ms_between(from: u64, to: u64) -> f64 {
    to.saturating_sub(from) as f64 / 1_000.0
}
