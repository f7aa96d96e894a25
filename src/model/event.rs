//! An event: one recorded change of a board, with its time, its actor, the action, and the rows before and after.

use super::{
    action::Action,
    change::{Change, Edit},
    id::{FeatureId, ParticipantId, Timestamp},
    name::Name,
};

/// The participant who acted, with the name at that time.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub id: ParticipantId,
    pub name: Name,
}

/// One recorded change of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Numbered by the board from 1 without gaps; the board's version after this event.
    pub number: i64,
    pub at: Timestamp,
    pub actor: Actor,
    pub action: Action,
    pub change: Change,
    /// The number of the event that this one undoes.
    pub undoes: Option<i64>,
    /// Whether the board is agreed after this event and was not before it (rule 14).
    pub makes_agreed: bool,
}

/// What an event did, by whom and when, without the rows it changed. Its size does not depend on how much the event changed.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSummary {
    pub number: i64,
    pub at: Timestamp,
    pub actor: Actor,
    pub action: Action,
}

impl From<&Event> for EventSummary {
    fn from(event: &Event) -> EventSummary {
        EventSummary {
            number: event.number,
            at: event.at,
            actor: event.actor.clone(),
            action: event.action.abbreviated(),
        }
    }
}

impl Event {
    /// The feature of the first veto that was changed.
    pub fn vetoed_feature(&self) -> Option<FeatureId> {
        let mut vetoes = self.change.vetoes.iter().filter_map(Edit::latest);
        vetoes.next().map(|veto| veto.feature)
    }

    /// Whether `events` continue a board at `version` without a gap in their numbers.
    pub fn are_gapless_after(version: i64, events: &[Event]) -> bool {
        let numbers = version + 1..;
        events
            .iter()
            .zip(numbers)
            .all(|(event, number)| event.number == number)
    }
}
