//! The metrics of all boards in this process: their writers and their streams.

use prometheus::{Histogram, IntCounter, IntGauge};

use crate::metrics::{Collectors, SHORT_LATENCY_BUCKETS, counter, gauge, histogram};

/// Upper bounds for the number of commands in a batch, up to the largest batch.
const BATCH_SIZES: [f64; 11] = [
    1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0,
];

/// The metrics of all boards in this process together.
pub struct Metrics {
    /// Events written by this process.
    pub(super) events: IntCounter,
    /// Commands per batch.
    pub(super) batch: Histogram,
    /// Seconds from the arrival of a command until its batch starts.
    pub(super) writer_wait: Histogram,
    /// Open streams.
    pub(super) streams: IntGauge,
    /// Streams told to reload the board, because they missed too much or fell behind.
    pub(super) reloads: IntCounter,
    /// Seconds from a commit, or from fetching a commit of another process, until the last stream has taken the delta from
    /// the channel and rendered its message. Network time is not included. A stream that falls behind counts until it is
    /// told to reload.
    pub(super) fan_out: Histogram,
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        Metrics {
            events: counter(
                "savt_events_written_total",
                "Events written by this process.",
            ),
            batch: histogram(
                "savt_writer_batch_size",
                "Commands that a writer processed in one batch.",
                &BATCH_SIZES,
            ),
            writer_wait: histogram(
                "savt_writer_wait_seconds",
                "Time that commands waited for their writer before processing started.",
                &SHORT_LATENCY_BUCKETS,
            ),
            streams: gauge("savt_streams_open", "Open event streams."),
            reloads: counter(
                "savt_streams_reloads_total",
                "Event streams told to reload the board.",
            ),
            fan_out: histogram(
                "savt_fan_out_seconds",
                "Time from a commit until the last stream has taken the message from the channel.",
                &SHORT_LATENCY_BUCKETS,
            ),
        }
    }

    /// All metrics, for export.
    pub fn collectors(&self) -> Collectors {
        vec![
            Box::new(self.events.clone()),
            Box::new(self.batch.clone()),
            Box::new(self.writer_wait.clone()),
            Box::new(self.streams.clone()),
            Box::new(self.reloads.clone()),
            Box::new(self.fan_out.clone()),
        ]
    }

    pub fn events(&self) -> u64 {
        self.events.get()
    }

    /// Commands per batch.
    pub fn batch(&self) -> &Histogram {
        &self.batch
    }

    pub fn streams(&self) -> i64 {
        self.streams.get()
    }

    pub fn reloads(&self) -> u64 {
        self.reloads.get()
    }

    /// Seconds from a commit until the last stream has taken the message from the channel.
    pub fn fan_out(&self) -> &Histogram {
        &self.fan_out
    }
}

#[cfg(test)]
mod tests {
    use super::{super::batch::MAX_BATCH, *};

    #[test]
    fn batch_buckets_cover_the_largest_batch() {
        assert_eq!(BATCH_SIZES.last(), Some(&(MAX_BATCH as f64)));
        assert!(BATCH_SIZES.is_sorted());
    }
}
