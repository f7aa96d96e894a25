//! What a process knows while it delivers to an endpoint.

use std::{collections::HashMap, time::Duration};

use tokio::{
    task::{Id, JoinSet},
    time::Instant,
};

use super::{
    delivery::{Error, Outcome, Report},
    queue::Queue,
    settings::Timing,
};
use crate::{model::BoardId, store::webhooks::Cursor};

/// How often a success makes all boards try again that wait because of a failure.
const RECOVERY_INTERVAL: Duration = Duration::from_secs(10 * 60);

pub(super) struct Session {
    pub(super) queue: Queue,
    pub(super) running: JoinSet<Result<Outcome, Error>>,
    pub(super) boards: HashMap<Id, BoardId>,
    pub(super) unsaved: HashMap<BoardId, Cursor>,
    /// Whether something was delivered since the last save.
    pub(super) has_delivered: bool,
    pub(super) saved_at: Instant,
    pub(super) scan_at: Instant,
    /// Until when the receiver wants no messages.
    pub(super) paused_until: Option<Instant>,
    /// Whether boards wait because of a failure.
    pub(super) has_failing: bool,
    pub(super) recovers: bool,
    recovered_at: Option<Instant>,
    timing: Timing,
}

impl Session {
    /// Scans at once.
    pub(super) fn new(timing: Timing) -> Session {
        let now = Instant::now();
        Session {
            queue: Queue::default(),
            running: JoinSet::new(),
            boards: HashMap::new(),
            unsaved: HashMap::new(),
            has_delivered: false,
            saved_at: now,
            scan_at: now,
            paused_until: None,
            has_failing: false,
            recovers: false,
            recovered_at: None,
            timing,
        }
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused_until
            .is_some_and(|until| Instant::now() < until)
    }

    /// Records how far a board is. The first success after a failure makes the next scan try all boards again.
    pub(super) fn record(&mut self, report: Report) {
        let is_pause_over = |at: Instant| at.elapsed() >= RECOVERY_INTERVAL;
        if report.delivered && self.has_failing && self.recovered_at.is_none_or(is_pause_over) {
            self.recovers = true;
            self.recovered_at = Some(Instant::now());
            self.scan_at = Instant::now();
        }
        self.has_delivered |= report.delivered;
        self.has_failing |= report.cursor.attempts > 0;
        self.unsaved.insert(report.board, report.cursor);
    }

    /// When to save what is unsaved, or else only that this process is there.
    pub(super) fn save_at(&self) -> Instant {
        let has_unsaved = self.has_delivered || !self.unsaved.is_empty();
        self.saved_at
            + match has_unsaved {
                true => self.timing.save,
                false => self.timing.renew,
            }
    }

    /// When something is to be done, even if nothing happens.
    pub(super) fn deadline(&self) -> Instant {
        let deadline = self.save_at().min(self.scan_at);
        match self.paused_until {
            Some(until) if !self.queue.is_empty() => deadline.min(until),
            _ => deadline,
        }
    }
}
