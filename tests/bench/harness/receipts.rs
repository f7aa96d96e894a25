//! Which streams received which change, and when.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use savt::load::message::{Kind, Message};

use super::clock;

/// The highest event number that can be recorded.
const MAX_EVENT: usize = 30_000;

/// Everything that the streams received.
pub struct Receipts {
    /// By event number: how many streams received the message with exactly this number.
    counts: Vec<AtomicU32>,
    /// By event number: when the last stream so far reached the event.
    last_at: Vec<AtomicU64>,
    pub bytes: AtomicU64,
    /// Messages that contain changes.
    pub messages: AtomicU64,
    pub anomalies: Anomalies,
}

/// Counters of events that must not happen.
#[derive(Default)]
pub struct Anomalies {
    /// Streams that could not be opened, or ended.
    pub failed: AtomicU64,
    /// Messages that were duplicated or out of order.
    pub out_of_order: AtomicU64,
    /// Reconnected streams that did not receive the changes they missed.
    pub skipped: AtomicU64,
    /// Streams that received a request to reload the board.
    pub reloads: AtomicU64,
}

/// The position of one stream in the log.
#[derive(Default)]
pub struct Position {
    /// The number of the last received event; 0 before the first.
    at: AtomicI64,
    /// When the current connection received its first event number; 0 before that.
    pub connected_at: AtomicU64,
}

impl Receipts {
    pub fn new() -> Receipts {
        Receipts {
            counts: (0..MAX_EVENT).map(|_| AtomicU32::new(0)).collect(),
            last_at: (0..MAX_EVENT).map(|_| AtomicU64::new(0)).collect(),
            bytes: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            anomalies: Anomalies::default(),
        }
    }

    /// Records a message that a stream received.
    pub fn record(&self, position: &Position, message: Message) {
        match (message.kind, message.id) {
            (Kind::Hello, Some(id)) => self.start_stream(position, id),
            (Kind::Plain, Some(id)) => self.receive_change(position, id),
            (Kind::Reload, _) => {
                self.anomalies.reloads.fetch_add(1, Relaxed);
                position.at.store(0, Relaxed);
            }
            _ => {}
        }
    }

    fn start_stream(&self, position: &Position, id: i64) {
        let before = position.at.swap(id, Relaxed);
        if before != 0 && before != id {
            self.anomalies.skipped.fetch_add(1, Relaxed);
        }
        position.connected_at.store(clock::now(), Relaxed);
    }

    fn receive_change(&self, position: &Position, id: i64) {
        let now = clock::now();
        self.messages.fetch_add(1, Relaxed);
        let before = position.at.swap(id, Relaxed);
        if before >= id {
            self.anomalies.out_of_order.fetch_add(1, Relaxed);
            return;
        }
        if position.connected_at.load(Relaxed) == 0 {
            position.connected_at.store(now, Relaxed);
        }
        self.counts[id as usize].fetch_add(1, Relaxed);
        let first = if before == 0 { id } else { before + 1 };
        for last in &self.last_at[first as usize..=id as usize] {
            last.fetch_max(now, Relaxed);
        }
    }

    /// How many streams received the message with exactly this number.
    pub fn count(&self, number: i64) -> usize {
        self.counts[number as usize].load(Relaxed) as usize
    }

    /// When the last stream reached the event, on the clock.
    pub fn last_at(&self, number: i64) -> u64 {
        self.last_at[number as usize].load(Relaxed)
    }
}

impl Position {
    pub fn at(&self) -> i64 {
        self.at.load(Relaxed)
    }

    /// Resets the position's connection time; the next connection sets it again.
    pub fn disconnect(&self) {
        self.connected_at.store(0, Relaxed);
    }
}
