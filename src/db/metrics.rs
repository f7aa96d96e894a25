//! The metrics of the database: waiting times and durations.

use prometheus::{Histogram, IntGauge};

use crate::metrics::{Collectors, SHORT_LATENCY_BUCKETS, gauge, histogram, histograms};

/// The metrics of one database, over all its pools.
pub struct Metrics {
    /// Tasks currently waiting for a connection.
    pub(super) waiting: IntGauge,
    /// How long tasks waited for a connection, including those that timed out; in seconds.
    pub(super) wait: Histogram,
    /// The duration of queries in seconds, excluding those that begin and end a transaction.
    pub(super) query: Histogram,
    /// How long transactions held their connection, including begin and end; in seconds. Likewise `write`.
    pub(super) snapshot: Histogram,
    pub(super) write: Histogram,
    transactions: prometheus::HistogramVec,
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        let transactions = histograms(
            "savt_db_transaction_duration_seconds",
            "How long transactions held their connection.",
            &["kind"],
            &SHORT_LATENCY_BUCKETS,
        );
        Metrics {
            waiting: gauge("savt_db_waiting", "Tasks waiting for a connection."),
            wait: histogram(
                "savt_db_wait_seconds",
                "How long tasks waited for a connection.",
                &SHORT_LATENCY_BUCKETS,
            ),
            query: histogram(
                "savt_db_query_duration_seconds",
                "How long the database took to answer a statement.",
                &SHORT_LATENCY_BUCKETS,
            ),
            snapshot: transactions.with_label_values(&["read"]),
            write: transactions.with_label_values(&["write"]),
            transactions,
        }
    }

    /// All metrics, for the registry.
    #[must_use]
    pub fn collectors(&self) -> Collectors {
        vec![
            Box::new(self.waiting.clone()),
            Box::new(self.wait.clone()),
            Box::new(self.query.clone()),
            Box::new(self.transactions.clone()),
        ]
    }

    /// Tasks currently waiting for a connection.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.waiting.get()
    }

    /// How long tasks waited for a connection, in seconds.
    #[must_use]
    pub fn wait(&self) -> &Histogram {
        &self.wait
    }

    /// The duration of statements in seconds.
    #[must_use]
    pub fn query(&self) -> &Histogram {
        &self.query
    }

    /// The duration of writing transactions in seconds.
    #[must_use]
    pub fn write(&self) -> &Histogram {
        &self.write
    }
}
