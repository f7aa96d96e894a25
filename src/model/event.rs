//! One recorded change of a board: who, when, what, and the rows before and after.

use super::{Action, Change, Moment, Name, ParticipantId};

/// Who did it, by the name of that moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    pub id: ParticipantId,
    pub name: Name,
}

/// One recorded change of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Counted by the board from 1, without gaps: the board's version after it.
    pub number: i64,
    pub at: Moment,
    pub actor: Actor,
    pub action: Action,
    pub change: Change,
    /// The number of the event this one takes back.
    pub undoes: Option<i64>,
}
