//! Constructors for metrics, and the histogram buckets they share.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    core::Collector,
};

/// Upper bounds for response times, in seconds: from half a millisecond (answered from memory) to 10 s. The target limits of
/// 0.5 s and 1.5 s are bounds themselves, so that the share below them is exact.
pub const LATENCY_BUCKETS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0,
];

/// Upper bounds for operations that can take microseconds, in seconds.
pub const SHORT_LATENCY_BUCKETS: [f64; 14] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0,
    2.5,
];

/// The metrics of one module, to be registered for collection.
pub type Collectors = Vec<Box<dyn Collector>>;

#[must_use]
pub fn counter(name: &str, help: &str) -> IntCounter {
    expect_valid(IntCounter::new(name, help))
}

/// A counter for each combination of label values.
#[must_use]
pub fn counters(name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    expect_valid(IntCounterVec::new(Opts::new(name, help), labels))
}

#[must_use]
pub fn gauge(name: &str, help: &str) -> IntGauge {
    expect_valid(IntGauge::new(name, help))
}

/// A gauge for each combination of label values.
#[must_use]
pub fn gauges(name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    expect_valid(IntGaugeVec::new(Opts::new(name, help), labels))
}

/// A histogram with these upper bounds.
#[must_use]
pub fn histogram(name: &str, help: &str, buckets: &[f64]) -> Histogram {
    let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
    expect_valid(Histogram::with_opts(options))
}

/// A histogram for each combination of label values.
#[must_use]
pub fn histograms(name: &str, help: &str, labels: &[&str], buckets: &[f64]) -> HistogramVec {
    let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
    expect_valid(HistogramVec::new(options, labels))
}

/// Names and buckets are constants in the source, so an invalid one fails at every start and in every test.
fn expect_valid<T>(metric: prometheus::Result<T>) -> T {
    match metric {
        Ok(metric) => metric,
        Err(error) => panic!("invalid metric definition: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_sorted() {
        assert!(LATENCY_BUCKETS.is_sorted());
        assert!(SHORT_LATENCY_BUCKETS.is_sorted());
    }
}
