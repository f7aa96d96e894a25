//! Counters, gauges and histograms: updating one costs an atomic operation or two. Each module owns its metrics; this module
//! does not know what any of them means.

mod gauge_guard;
mod histogram_snapshot;
mod instruments;

pub use gauge_guard::GaugeGuard;
pub use histogram_snapshot::HistogramSnapshot;
pub use instruments::{
    Collectors, LATENCY_BUCKETS, SHORT_LATENCY_BUCKETS, counter, counters, gauge, gauges,
    histogram, histograms,
};
