//! What is counted of the database: how long one waits for it, and how long it takes.

use prometheus::{Histogram, IntGauge};

use crate::figures::{Collected, SHORT, gauge, histogram, histograms};

/// The figures of one database, all its pools together.
pub struct Figures {
    /// Who waits for a connection at this moment.
    pub(super) waiting: IntGauge,
    /// From asking for a connection to having one, or none within the longest wait; in seconds.
    pub(super) wait: Histogram,
    /// From a question to its answer, in seconds; without those that begin and end a transaction.
    pub(super) query: Histogram,
    /// Each from having its connection to giving it back, so with its begin and its end; in seconds.
    pub(super) snapshot: Histogram,
    pub(super) write: Histogram,
    transactions: prometheus::HistogramVec,
}

impl Figures {
    pub(super) fn new() -> Figures {
        let transactions = histograms(
            "savt_db_transaction_duration_seconds",
            "How long transactions held their connection.",
            &["kind"],
            &SHORT,
        );
        Figures {
            waiting: gauge("savt_db_waiting", "Tasks that wait for a connection."),
            wait: histogram(
                "savt_db_wait_seconds",
                "How long tasks waited for a connection.",
                &SHORT,
            ),
            query: histogram(
                "savt_db_query_duration_seconds",
                "How long the database took to answer a statement.",
                &SHORT,
            ),
            snapshot: transactions.with_label_values(&["read"]),
            write: transactions.with_label_values(&["write"]),
            transactions,
        }
    }

    /// All of them, for whoever collects.
    #[must_use]
    pub fn collected(&self) -> Collected {
        vec![
            Box::new(self.waiting.clone()),
            Box::new(self.wait.clone()),
            Box::new(self.query.clone()),
            Box::new(self.transactions.clone()),
        ]
    }

    /// Who waits for a connection at this moment.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.waiting.get()
    }

    /// How long tasks waited for a connection, in seconds.
    #[must_use]
    pub fn wait(&self) -> &Histogram {
        &self.wait
    }

    /// How long statements took, in seconds.
    #[must_use]
    pub fn query(&self) -> &Histogram {
        &self.query
    }

    /// How long transactions that write took, in seconds.
    #[must_use]
    pub fn write(&self) -> &Histogram {
        &self.write
    }
}
