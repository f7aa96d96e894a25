//! How SAVT counts what it does: figures that cost an atomic or two where they are counted. Each room keeps its own;
//! knows what none of them is about.

mod tally;

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    core::Collector,
};

pub use tally::Tally;

/// Upper bounds for times, in seconds: from what the memory answers (half a millisecond) to what nobody waits for. The
/// plan's 0.5 s and 1.5 s are among them, so that these limits are told exactly.
pub const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0,
];

/// The same for what takes microseconds at its best.
pub const SHORT: [f64; 14] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0,
    2.5,
];

/// What a room has counted, for whoever collects it.
pub type Collected = Vec<Box<dyn Collector>>;

/// Counts up.
#[must_use]
pub fn counter(name: &str, help: &str) -> IntCounter {
    sound(IntCounter::new(name, help))
}

/// Counts up, apart for each combination of labels.
#[must_use]
pub fn counters(name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    sound(IntCounterVec::new(Opts::new(name, help), labels))
}

/// What there is at this moment.
#[must_use]
pub fn gauge(name: &str, help: &str) -> IntGauge {
    sound(IntGauge::new(name, help))
}

/// The same, apart for each combination of labels.
#[must_use]
pub fn gauges(name: &str, help: &str, labels: &[&str]) -> IntGaugeVec {
    sound(IntGaugeVec::new(Opts::new(name, help), labels))
}

/// How much something was each time, by upper bounds.
#[must_use]
pub fn histogram(name: &str, help: &str, bounds: &[f64]) -> Histogram {
    let options = HistogramOpts::new(name, help).buckets(bounds.to_vec());
    sound(Histogram::with_opts(options))
}

/// The same, apart for each combination of labels.
#[must_use]
pub fn histograms(name: &str, help: &str, labels: &[&str], bounds: &[f64]) -> HistogramVec {
    let options = HistogramOpts::new(name, help).buckets(bounds.to_vec());
    sound(HistogramVec::new(options, labels))
}

/// Names and bounds stand in the source: a bad one fails wherever SAVT starts, and so in every test.
fn sound<T>(made: prometheus::Result<T>) -> T {
    match made {
        Ok(made) => made,
        Err(error) => panic!("a figure that cannot be: {error}"),
    }
}

/// One of those that a gauge counts, as long as this is kept.
pub struct Counted(IntGauge);

impl Counted {
    #[must_use]
    pub fn by(gauge: &IntGauge) -> Counted {
        gauge.inc();
        Counted(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_counted_while_it_is_kept() {
        let here = gauge("here", "Who is here.");
        let one = Counted::by(&here);
        let other = Counted::by(&here);
        assert_eq!(here.get(), 2);
        drop(one);
        assert_eq!(here.get(), 1);
        drop(other);
        assert_eq!(here.get(), 0);
    }

    #[test]
    fn bounds_rise() {
        assert!(SECONDS.is_sorted());
        assert!(SHORT.is_sorted());
    }
}
