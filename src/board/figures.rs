//! What is counted of the boards: their doors and their streams.

use prometheus::{Histogram, IntCounter, IntGauge};

use crate::figures::{Collected, SHORT, counter, gauge, histogram};

/// Wishes that may share a transaction, up to the most a door takes.
const BATCHES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The figures of all boards of a process together.
pub struct Figures {
    /// Events this process wrote.
    pub(super) events: IntCounter,
    /// How many wishes the doors took at once.
    pub(super) batch: Histogram,
    /// From knocking to being taken in, in seconds.
    pub(super) door_wait: Histogram,
    /// Open streams.
    pub(super) streams: IntGauge,
    /// Streams told to load the board again, since they missed too much or fell behind.
    pub(super) reloads: IntCounter,
    /// From a commit (or, of another process's, from hearing of it) until the last of those who looked has taken the step off
    /// the queue, and been rendered its message; in seconds. What the network then takes is not in it. One that falls behind
    /// counts until it is told to load again.
    pub(super) fan_out: Histogram,
}

impl Figures {
    pub(super) fn new() -> Figures {
        Figures {
            events: counter(
                "savt_events_written_total",
                "Events written by this process.",
            ),
            batch: histogram(
                "savt_door_batch_size",
                "How many wishes the doors took at once.",
                &BATCHES,
            ),
            door_wait: histogram(
                "savt_door_wait_seconds",
                "How long wishes waited at a door before they were begun.",
                &SHORT,
            ),
            streams: gauge("savt_streams_open", "Event streams open."),
            reloads: counter(
                "savt_streams_reloads_total",
                "Event streams told to load the board again.",
            ),
            fan_out: histogram(
                "savt_fan_out_seconds",
                "From a commit until the last stream has taken the message off the queue.",
                &SHORT,
            ),
        }
    }

    /// All of them, for whoever collects.
    pub fn collected(&self) -> Collected {
        vec![
            Box::new(self.events.clone()),
            Box::new(self.batch.clone()),
            Box::new(self.door_wait.clone()),
            Box::new(self.streams.clone()),
            Box::new(self.reloads.clone()),
            Box::new(self.fan_out.clone()),
        ]
    }

    pub fn events(&self) -> u64 {
        self.events.get()
    }

    /// How many wishes the doors took at once.
    pub fn batch(&self) -> &Histogram {
        &self.batch
    }

    pub fn streams(&self) -> i64 {
        self.streams.get()
    }

    pub fn reloads(&self) -> u64 {
        self.reloads.get()
    }

    /// From a commit until the last stream has taken the message off the queue, in seconds.
    pub fn fan_out(&self) -> &Histogram {
        &self.fan_out
    }
}
