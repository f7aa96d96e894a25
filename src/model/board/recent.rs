//! The latest creations on a board, by which a rule recognizes a repeated press. Made from events, never stored.

use std::sync::Arc;

use chrono::TimeDelta;
use imbl::Vector;

use crate::model::{action::Action, event::Event, id::Timestamp};

/// How long a creation is kept: longer than the two presses of a double click or double tap are apart.
const KEPT_FOR: TimeDelta = TimeDelta::milliseconds(400);

/// The events that created an item or a feature, or added to one, oldest first. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub(super) struct RecentCreations(Vector<Arc<Event>>);

impl RecentCreations {
    /// Adds an event if it is a creation, and forgets those that are too old.
    pub(super) fn add(&mut self, event: &Event) {
        if !is_creation(&event.action) {
            return;
        }
        while self.0.front().is_some_and(|old| !is_recent(old, event.at)) {
            self.0.pop_front();
        }
        self.0.push_back(Arc::new(event.clone()));
    }

    /// Those before a time, newest first.
    pub(super) fn before(&self, at: Timestamp) -> impl Iterator<Item = &Event> {
        let newest_first = self.0.iter().rev().map(Arc::as_ref);
        newest_first.take_while(move |event| is_recent(event, at))
    }
}

/// Boards with the same rows are equal, whether they were loaded from tables or from the log.
impl PartialEq for RecentCreations {
    fn eq(&self, _: &RecentCreations) -> bool {
        true
    }
}

fn is_creation(action: &Action) -> bool {
    matches!(
        action,
        Action::CreatedItem { .. }
            | Action::CreatedItems { .. }
            | Action::Suggested { .. }
            | Action::Added { .. }
    )
}

/// A clock that was set back makes no event recent.
fn is_recent(event: &Event, at: Timestamp) -> bool {
    (TimeDelta::zero()..=KEPT_FOR).contains(&(at - event.at))
}
