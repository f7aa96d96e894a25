//! Publishes the next version of a board: first to readers of the snapshot, then to the streams. Must not use the database.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::{
    broadcast::{
        channel::{Broadcast, StreamMessage},
        delta::Delta,
        log_cache::LogCache,
        resume::ResumeCache,
    },
    closing_timer::ClosingTimer,
    dirty_set::DirtySet,
    metrics::Metrics,
    presence::tracker::PresenceTracker,
    snapshot::Snapshot,
};
use crate::model::{Board, Event};

/// Used by the writer alone, so that versions advance in order.
pub(super) struct Publisher {
    pub(super) current: Arc<ArcSwap<Snapshot>>,
    pub(super) broadcast: Arc<Broadcast>,
    pub(super) presence: Arc<PresenceTracker>,
    pub(super) closing: Arc<ClosingTimer>,
    /// What was read from the log for streams.
    pub(super) resume_cache: Arc<ResumeCache>,
    pub(super) log_cache: Arc<LogCache>,
    pub(super) metrics: Arc<Metrics>,
}

impl Publisher {
    /// The snapshot that readers see.
    pub(super) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Makes `board` the current snapshot. The delta is still to be sent by [`Publisher::broadcast`].
    pub(super) fn advance(&self, base: &Snapshot, board: Board, events: &[Event]) -> Delta {
        debug_assert!(
            Event::are_gapless_after(base.board.version(), events),
            "a board advances without gaps"
        );
        debug_assert_eq!(
            events.last().map(|last| last.number),
            Some(board.version()),
            "a board is at the number of its last event"
        );
        let changes = events.iter().map(|event| &event.change);
        let mut dirty = DirtySet::from_changes(changes, &board);
        dirty
            .undone
            .extend(events.iter().filter_map(|event| event.undoes));
        let next = Arc::new(base.next_version(board, &dirty));
        self.current.store(next.clone());
        let mut delta = Delta::new(next, dirty, Some(&base.board)).with_events(events);
        if self.broadcast.has_subscribers() {
            delta.start_timer(&self.metrics.fan_out);
        }
        delta
    }

    /// Sends a delta to every stream.
    pub(super) fn broadcast(&self, delta: Delta) {
        if delta.affects_presence() {
            self.presence.schedule_update();
        }
        if delta.changes_closing() {
            self.closing.schedule();
        }
        self.broadcast
            .publish(StreamMessage::Delta(Arc::new(delta)));
    }

    /// Publishes the board with the events of other processes applied.
    pub(super) fn apply_remote(&self, base: &Arc<Snapshot>, missed: &[Event]) -> Arc<Snapshot> {
        if missed.is_empty() {
            return base.clone();
        }
        let mut board = base.board.clone();
        for event in missed {
            board.apply(event);
        }
        let delta = self.advance(base, board, missed);
        let next = delta.snapshot.clone();
        self.broadcast(delta);
        next
    }

    /// Publishes a board that no delta leads to: every page has to load it again.
    pub(super) fn replace(&self, board: Board) {
        let languages = self.current.load().languages.clone();
        self.current
            .store(Arc::new(Snapshot::new(board, languages)));
        self.resume_cache.clear();
        self.log_cache.clear();
        self.broadcast.publish(StreamMessage::Resync);
        self.presence.schedule_update();
        self.closing.schedule();
    }
    /// Ends the board: it was deleted.
    pub(super) fn end_deleted(&self) {
        self.broadcast.end_deleted();
    }

    pub(super) fn is_of_deleted_board(&self) -> bool {
        self.broadcast.is_of_deleted_board()
    }
}
