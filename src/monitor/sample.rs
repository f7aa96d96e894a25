//! The values of all metrics at one point in time.

use std::time::Instant;

use super::process;
use crate::{
    db::Backend,
    metrics::HistogramSnapshot,
    web::{App, RouteStats},
};

/// Counters and histograms hold totals since the start of the process.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) at: Instant,
    pub(super) routes: Vec<RouteStats>,
    /// Response times of all requests for boards, in seconds.
    pub(super) responses: HistogramSnapshot,
    pub(super) failures: u64,
    pub(super) page_bytes: HistogramSnapshot,
    pub(super) fragment_bytes: HistogramSnapshot,
    pub(super) cache_hits: u64,
    pub(super) cache_misses: u64,
    /// Open database connections, including the one that only listens for notifications.
    pub(super) connections: u64,
    pub(super) connections_in_use: u64,
    /// Commands in the queues of all writers.
    pub(super) queued_commands: u64,
    pub(super) streams: u64,
    pub(super) reloads: u64,
    pub(super) events: u64,
    /// From a commit to the last stream, in seconds.
    pub(super) fan_out: HistogramSnapshot,
    /// Time spent waiting for a database connection, in seconds.
    pub(super) connection_wait: HistogramSnapshot,
    /// Duration of statements, in seconds.
    pub(super) query: HistogramSnapshot,
    /// Duration of write transactions, in seconds.
    pub(super) write: HistogramSnapshot,
    /// Commands per transaction.
    pub(super) batch_size: HistogramSnapshot,
    /// In seconds.
    pub(super) scheduling_delay: HistogramSnapshot,
    pub(super) resident_bytes: Option<u64>,
}

impl Sample {
    pub(super) fn take(app: &App) -> Sample {
        let boards = app.boards();
        let database = boards.database();
        let routes = app.metrics().by_route();
        let (page_bytes, fragment_bytes) = app.metrics().sizes();
        let cache = boards.cache_state();
        let pool = database.pool_state();
        let listening = match database.backend() {
            Backend::Sqlite => 0,
            Backend::Postgres => 1,
        };
        let mut responses = HistogramSnapshot::default();
        let mut failures = 0;
        for route in routes.iter().filter(|route| route.is_board_route) {
            responses.add(&route.durations);
            failures += route.failures;
        }
        let snapshot = HistogramSnapshot::from_histogram;
        Sample {
            at: Instant::now(),
            routes,
            responses,
            failures,
            page_bytes,
            fragment_bytes,
            cache_hits: cache.hits,
            cache_misses: cache.misses,
            connections: u64::from(pool.in_use + pool.idle) + listening,
            connections_in_use: u64::from(pool.in_use),
            queued_commands: boards.queued_commands() as u64,
            streams: boards.metrics().streams().max(0).unsigned_abs(),
            reloads: boards.metrics().reloads(),
            events: boards.metrics().events(),
            fan_out: snapshot(boards.metrics().fan_out()),
            connection_wait: snapshot(database.metrics().wait()),
            query: snapshot(database.metrics().query()),
            write: snapshot(database.metrics().write()),
            batch_size: snapshot(boards.metrics().batch()),
            scheduling_delay: snapshot(app.scheduling_delay()),
            resident_bytes: process::resident_bytes(),
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::metrics::{LATENCY_BUCKETS, histogram};

    /// The state before the first request.
    pub(in crate::monitor) fn empty_sample(at: Instant) -> Sample {
        Sample {
            at,
            routes: Vec::new(),
            responses: HistogramSnapshot::default(),
            failures: 0,
            page_bytes: HistogramSnapshot::default(),
            fragment_bytes: HistogramSnapshot::default(),
            cache_hits: 0,
            cache_misses: 0,
            connections: 0,
            connections_in_use: 0,
            queued_commands: 0,
            streams: 0,
            reloads: 0,
            events: 0,
            fan_out: HistogramSnapshot::default(),
            connection_wait: HistogramSnapshot::default(),
            query: HistogramSnapshot::default(),
            write: HistogramSnapshot::default(),
            batch_size: HistogramSnapshot::default(),
            scheduling_delay: HistogramSnapshot::default(),
            resident_bytes: None,
        }
    }

    pub(in crate::monitor) fn snapshot(values: &[f64]) -> HistogramSnapshot {
        let histogram = histogram("h", "A histogram.", &LATENCY_BUCKETS);
        for value in values {
            histogram.observe(*value);
        }
        HistogramSnapshot::from_histogram(&histogram)
    }
}
