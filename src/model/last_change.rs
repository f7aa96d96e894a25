//! Which event "undo my last change" and "redo" mean. Knows no board: it walks back through the log.

use std::collections::BTreeSet;

use super::{action::Action, event::EventSummary, id::ParticipantId};

/// What a participant wants to do with their last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Undo the last own change that is in effect.
    Undo,
    /// Redo what oneself undid last, unless there is a newer own change in effect.
    Redo,
}

/// Finds the event that a participant means, in a log that it is shown backwards.
pub struct LastChange {
    by: ParticipantId,
    direction: Direction,
    /// The events that a newer one undid, until the walk reaches them.
    undone: BTreeSet<i64>,
}

/// The result of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The number of the event to undo; to undo an undo is to redo.
    Event(i64),
    /// There is none.
    Nothing,
}

impl LastChange {
    pub fn new(by: ParticipantId, direction: Direction) -> LastChange {
        LastChange {
            by,
            direction,
            undone: BTreeSet::new(),
        }
    }

    /// The next older event. It must be shown all undos, and all events of the participant; others have no effect. Returns none
    /// if the walk has to go on.
    ///
    /// An event is in effect unless an undo that is in effect undid it. Undos are no changes to undo: a redo brings back the
    /// change that it redid, at its old place. Joining and becoming another participant are not among the changes, because
    /// afterwards this browser would be somebody else; the history undoes them.
    pub fn visit(&mut self, event: &EventSummary) -> Option<Found> {
        if self.undone.remove(&event.number) {
            return None;
        }
        let is_own = event.actor.id == self.by;
        match &event.action {
            Action::Undid { number, .. } => {
                self.undone.insert(*number);
                let is_meant = is_own && self.direction == Direction::Redo;
                is_meant.then_some(Found::Event(event.number))
            }
            Action::Redid { number, .. } => {
                self.undone.insert(*number);
                None
            }
            Action::Joined | Action::Claimed { .. } | Action::HandedOver { .. } => None,
            _ if !is_own => None,
            _ => Some(match self.direction {
                Direction::Undo => Found::Event(event.number),
                Direction::Redo => Found::Nothing,
            }),
        }
    }
}
