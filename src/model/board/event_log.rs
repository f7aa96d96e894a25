//! How a board and its event log move together: applying the next event, and recording one.

use std::mem;

use super::{row::Row, state::Board};
use crate::model::{
    action::Action,
    change::{Change, Edit},
    consent::Renewal,
    event::{Actor, Event},
    id::{ParticipantId, Timestamp},
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
        remove(self, &change.consents);
        remove(self, &change.settings);
        insert(self, &change.participants);
        insert(self, &change.browsers);
        insert(self, &change.items);
        insert(self, &change.features);
        insert(self, &change.vetoes);
        insert(self, &change.consents);
        insert(self, &change.settings);
        self.version = event.number;
        self.last_event_at = Some(event.at);
        self.recent_creations.add(event);
        self.follow(change, event.actor.id);
    }

    /// Updates what depends on the order of events, after the rows of the last event are in place. Returns whether the event made
    /// the board agreed.
    fn follow(&mut self, change: &Change, actor: ParticipantId) -> bool {
        if change.is_renewal() {
            self.renew(Renewal {
                event: self.version,
                by: actor,
            });
        }
        let is_agreed = self.is_agreed();
        let was_agreed = mem::replace(&mut self.was_agreed, is_agreed);
        is_agreed && !was_agreed
    }

    /// Whether the board is agreed since its last event, which [`Event::makes_agreed`] has to tell.
    pub(in crate::model) fn was_agreed(&self) -> bool {
        self.was_agreed
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
        let makes_agreed = self.follow(&change, actor.id);
        let event = Event {
            number: self.version,
            at,
            actor,
            action,
            change,
            undoes,
            makes_agreed,
        };
        self.recent_creations.add(&event);
        event
    }
}
