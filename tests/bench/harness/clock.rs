//! One clock for everything that is compared.

use std::{sync::LazyLock, time::Instant};

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Microseconds since this process first asked; never 0, which stands for "not yet".
pub fn now() -> u64 {
    BEGAN.elapsed().as_micros() as u64 + 1
}

/// Milliseconds from one moment of this clock to another; 0 if the other was first.
pub fn ms(from: u64, to: u64) -> f64 {
    to.saturating_sub(from) as f64 / 1_000.0
}
