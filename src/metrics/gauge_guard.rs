//! Counts something in a gauge for as long as it exists.

use prometheus::IntGauge;

/// Holds one unit of a gauge; dropping it decrements the gauge.
pub struct GaugeGuard(IntGauge);

impl GaugeGuard {
    #[must_use]
    pub fn increment(gauge: &IntGauge) -> GaugeGuard {
        gauge.inc();
        GaugeGuard(gauge.clone())
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::instruments::gauge;

    #[test]
    fn a_gauge_counts_the_guards_that_exist() {
        let gauge = gauge("guards", "Number of guards.");
        let first = GaugeGuard::increment(&gauge);
        let second = GaugeGuard::increment(&gauge);
        assert_eq!(gauge.get(), 2);
        drop(first);
        assert_eq!(gauge.get(), 1);
        drop(second);
        assert_eq!(gauge.get(), 0);
    }
}
