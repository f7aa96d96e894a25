//! Who of a crowd heard what, and when.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering::Relaxed};

use savt::load::message::{Kind, Message};

use super::clock;

/// The largest number of an event that is followed.
const LARGEST: usize = 30_000;

/// What all streams of a crowd heard.
pub struct Receipts {
    /// By number: how many streams had the message of this very number.
    heard: Vec<AtomicU32>,
    /// By number: when the last stream so far came to the event, or past it.
    last: Vec<AtomicU64>,
    pub bytes: AtomicU64,
    /// Messages with changes.
    pub messages: AtomicU64,
    pub wrong: Wrong,
}

/// What should not happen.
#[derive(Default)]
pub struct Wrong {
    /// Streams that could not be opened, or ended.
    pub broken: AtomicU64,
    /// Messages that came twice, or in the wrong order.
    pub disordered: AtomicU64,
    /// Streams that were told they lack nothing, and did.
    pub skipped: AtomicU64,
    /// Streams that were told to load the board again.
    pub reloads: AtomicU64,
}

/// One stream's place in the log.
#[derive(Default)]
pub struct Position {
    /// The number of the last event it has; 0 before it was told.
    at: AtomicI64,
    /// When the connection it has now first told it where it is.
    pub known: AtomicU64,
}

impl Receipts {
    pub fn new() -> Receipts {
        Receipts {
            heard: (0..LARGEST).map(|_| AtomicU32::new(0)).collect(),
            last: (0..LARGEST).map(|_| AtomicU64::new(0)).collect(),
            bytes: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            wrong: Wrong::default(),
        }
    }

    /// A stream heard something.
    pub fn take_in(&self, position: &Position, message: Message) {
        match (message.kind, message.id) {
            (Kind::Hello, Some(id)) => self.begin(position, id),
            (Kind::Plain, Some(id)) => self.step(position, id),
            (Kind::Reload, _) => {
                self.wrong.reloads.fetch_add(1, Relaxed);
                position.at.store(0, Relaxed);
            }
            _ => {}
        }
    }

    fn begin(&self, position: &Position, id: i64) {
        let before = position.at.swap(id, Relaxed);
        if before != 0 && before != id {
            self.wrong.skipped.fetch_add(1, Relaxed);
        }
        position.known.store(clock::now(), Relaxed);
    }

    fn step(&self, position: &Position, id: i64) {
        let now = clock::now();
        self.messages.fetch_add(1, Relaxed);
        let before = position.at.swap(id, Relaxed);
        if before >= id {
            self.wrong.disordered.fetch_add(1, Relaxed);
            return;
        }
        if position.known.load(Relaxed) == 0 {
            position.known.store(now, Relaxed);
        }
        self.heard[id as usize].fetch_add(1, Relaxed);
        let first = if before == 0 { id } else { before + 1 };
        for last in &self.last[first as usize..=id as usize] {
            last.fetch_max(now, Relaxed);
        }
    }

    /// How many streams had the message of this very number.
    pub fn heard(&self, number: i64) -> usize {
        self.heard[number as usize].load(Relaxed) as usize
    }

    /// When the last stream had the event, on the clock.
    pub fn last(&self, number: i64) -> u64 {
        self.last[number as usize].load(Relaxed)
    }
}

impl Position {
    pub fn at(&self) -> i64 {
        self.at.load(Relaxed)
    }

    /// From now on it is another connection's, which has to tell first.
    pub fn dropped(&self) {
        self.known.store(0, Relaxed);
    }
}
