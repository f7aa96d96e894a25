//! How a board and its event log move together: applying the next event, and recording one.

use super::{row::Row, state::Board};
use crate::model::{
    action::Action,
    change::{Change, Edit},
    event::{Actor, Event},
    id::Timestamp,
};

impl Board {
    /// Applies the next event of this board.
    pub fn apply(&mut self, event: &Event) {
        fn remove<R: Row>(board: &mut Board, edits: &[Edit<R>]) {
            for key in edits.iter().filter_map(Edit::key) {
                R::set(board, &key, None);
            }
        }
        fn insert<R: Row>(board: &mut Board, edits: &[Edit<R>]) {
            for row in edits.iter().filter_map(|edit| edit.after.clone()) {
                R::set(board, &row.key(), Some(row));
            }
        }
        // Remove all rows before inserting any, so that two rows can swap names.
        let change = &event.change;
        remove(self, &change.participants);
        remove(self, &change.browsers);
        remove(self, &change.items);
        remove(self, &change.features);
        remove(self, &change.vetoes);
        insert(self, &change.participants);
        insert(self, &change.browsers);
        insert(self, &change.items);
        insert(self, &change.features);
        insert(self, &change.vetoes);
        self.version = event.number;
        self.last_event_at = Some(event.at);
        self.recent_creations.add(event);
    }

    /// Creates the event for a change that this board already contains, and advances the version.
    pub(in crate::model) fn record(
        &mut self,
        actor: Actor,
        action: Action,
        change: Change,
        undoes: Option<i64>,
        at: Timestamp,
    ) -> Event {
        self.version += 1;
        self.last_event_at = Some(at);
        let event = Event {
            number: self.version,
            at,
            actor,
            action,
            change,
            undoes,
        };
        self.recent_creations.add(&event);
        event
    }
}
