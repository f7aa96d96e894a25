//! What a process knows while it delivers to an endpoint.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use tokio::{
    task::{Id, JoinSet},
    time::Instant,
};

use super::{
    delivery::{Error, Outcome, Report},
    queue::Queue,
    settings::Timing,
};
use crate::{
    board::now,
    model::{BoardId, Timestamp},
    store::webhooks::Cursor,
};

/// How often to look which boards have changed: a board that changes all the time must not wake the worker all the time.
const CHANGES_INTERVAL: Duration = Duration::from_millis(20);

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
    /// When to look again which boards have changed.
    pub(super) changes_at: Instant,
    /// Until when boards wait because of a failure. A scan finds them afterwards.
    waiting: HashMap<BoardId, Timestamp>,
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
            changes_at: now,
            waiting: HashMap::new(),
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

    /// Queues boards that have changed, unless they wait because of a failure.
    pub(super) fn add_changed(&mut self, boards: HashSet<BoardId>) {
        let now = now();
        for board in boards {
            if self.waiting.get(&board).is_none_or(|until| *until <= now) {
                self.queue.add(board);
            }
        }
        self.changes_at = Instant::now() + CHANGES_INTERVAL;
    }

    /// Records until when a board waits.
    pub(super) fn wait(&mut self, board: BoardId, until: Option<Timestamp>) {
        match until {
            Some(until) => self.waiting.insert(board, until),
            None => self.waiting.remove(&board),
        };
    }

    /// All boards try again.
    pub(super) fn end_waiting(&mut self) {
        self.has_failing = false;
        self.waiting.clear();
        for cursor in self.unsaved.values_mut() {
            cursor.next_attempt_at = None;
        }
    }

    /// Records how far a board is. The first success after a failure makes the next scan try all boards again.
    pub(super) fn record(&mut self, report: Report) {
        let is_pause_over = |at: Instant| at.elapsed() >= RECOVERY_INTERVAL;
        if report.delivered && self.has_failing && self.recovered_at.is_none_or(is_pause_over) {
            self.recovers = true;
            self.recovered_at = Some(Instant::now());
            self.scan_at = Instant::now();
        }
        self.wait(report.board, report.cursor.next_attempt_at);
        self.has_delivered |= report.delivered;
        self.has_failing |= report.cursor.attempts > 0;
        self.unsaved.insert(report.board, report.cursor);
    }

    /// Whether it is time to look which boards have changed.
    pub(super) fn looks_at_changes(&self) -> bool {
        Instant::now() >= self.changes_at
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
        let mut deadline = self.save_at().min(self.scan_at);
        if !self.looks_at_changes() {
            deadline = deadline.min(self.changes_at);
        }
        match self.paused_until {
            Some(until) if !self.queue.is_empty() => deadline.min(until),
            _ => deadline,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::Epoch;

    fn report(next_attempt_at: Option<Timestamp>) -> Report {
        Report {
            board: BoardId(1),
            cursor: Cursor {
                next_attempt_at,
                ..Cursor::at(Epoch(1), 1)
            },
            delivered: false,
        }
    }

    #[test]
    fn the_changes_of_a_board_that_waits_start_nothing() {
        let changed = || HashSet::from([BoardId(1)]);
        let mut session = Session::new(Timing::default());
        session.record(report(Some(now() + TimeDelta::days(1))));
        session.add_changed(changed());
        assert!(session.queue.is_empty());
        // Other boards, and the same one when its time has come.
        session.add_changed(HashSet::from([BoardId(2)]));
        assert_eq!(session.queue.start_next(), Some(BoardId(2)));
        session.record(report(Some(now() - TimeDelta::days(1))));
        session.add_changed(changed());
        assert_eq!(session.queue.start_next(), Some(BoardId(1)));
        session.queue.finish(BoardId(1));
        session.record(report(Some(now() + TimeDelta::days(1))));
        session.end_waiting();
        session.add_changed(changed());
        assert_eq!(session.queue.start_next(), Some(BoardId(1)));
    }

    #[test]
    fn changes_are_looked_at_now_and_then_only() {
        let hours = |count: u64| Duration::from_secs(3_600 * count);
        let mut session = Session::new(Timing {
            renew: hours(2),
            ..Timing::default()
        });
        session.scan_at += hours(2);
        assert!(session.looks_at_changes());
        let before = Instant::now();
        session.add_changed(HashSet::new());
        assert!(session.changes_at >= before + CHANGES_INTERVAL);
        session.changes_at += hours(1);
        assert!(!session.looks_at_changes());
        assert_eq!(session.deadline(), session.changes_at);
    }
}
