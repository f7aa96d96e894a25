//! What a reconnecting stream missed, read from the log. The last result is cached, because many browsers often reconnect at
//! once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

use super::{
    super::{dirty_set::DirtySet, snapshot::Snapshot},
    delta::Delta,
};
use crate::{
    db::Database,
    model::{Epoch, Event},
    store,
};

/// A browser that missed more events than this has to load the board again.
const MAX_MISSED_EVENTS: i64 = 200;
/// The same for the bytes of these events: many browsers may reconnect at different versions.
const MAX_MISSED_BYTES: usize = 1_024 * 1_024;

/// How a browser gets from its version to the current one.
pub(in crate::board) enum Resume {
    UpToDate,
    Delta(Arc<Delta>),
    Reload,
}

/// The version before, the version after, and the epoch of both.
type Span = (i64, i64, Epoch);

/// A delta that the first caller reads from the log; none if the log does not have all of its events, or they are too large.
type SharedDelta = Arc<OnceCell<Option<Arc<Delta>>>>;

/// The delta that was requested last.
#[derive(Default)]
pub(in crate::board) struct ResumeCache(Mutex<Option<(Span, SharedDelta)>>);

impl ResumeCache {
    /// How a browser that has all events up to `since` gets to this snapshot.
    pub(in crate::board) async fn resume(
        &self,
        database: &Database,
        since: i64,
        snapshot: &Arc<Snapshot>,
    ) -> Resume {
        let version = snapshot.board.version();
        match version.checked_sub(since) {
            Some(0) => return Resume::UpToDate,
            Some(1..=MAX_MISSED_EVENTS) if since >= 0 => {}
            _ => return Resume::Reload,
        }
        let shared = self.get_or_insert((since, version, snapshot.board.epoch));
        let delta = shared
            .get_or_init(|| read_delta(database, since, snapshot))
            .await;
        match delta {
            Some(delta) if delta.changes_every_text() => Resume::Reload,
            Some(delta) => Resume::Delta(delta.clone()),
            None => {
                // The database may have failed: let the next caller try again.
                *self.last() = None;
                Resume::Reload
            }
        }
    }

    /// Drops the delta: the log was rewritten.
    pub(in crate::board) fn clear(&self) {
        *self.last() = None;
    }

    fn get_or_insert(&self, span: Span) -> SharedDelta {
        let mut last = self.last();
        match &*last {
            Some((last_span, delta)) if *last_span == span => delta.clone(),
            _ => {
                let delta = SharedDelta::default();
                *last = Some((span, delta.clone()));
                delta
            }
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<(Span, SharedDelta)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The delta from `since` to this snapshot; none if the log does not have all of its events, or they are too large.
async fn read_delta(
    database: &Database,
    since: i64,
    snapshot: &Arc<Snapshot>,
) -> Option<Arc<Delta>> {
    let board = &snapshot.board;
    let span = since..=board.version();
    let events = store::events_between(database, board.id, span, MAX_MISSED_BYTES)
        .await
        .inspect_err(|error| database.outages().reading.failed(error))
        .ok()??;
    let complete =
        events.len() as i64 == board.version() - since && Event::are_gapless_after(since, &events);
    if !complete {
        return None;
    }
    let changes = events.iter().map(|event| &event.change);
    let dirty = DirtySet::from_changes(changes, board);
    Some(Arc::new(Delta::new(snapshot.clone(), dirty, None)))
}
