//! The outcome of an accepted command.

use super::{board::Board, event::Event, id::BoardObject, rules::effect::Notice};

/// The board after a command, and the events that led to it (none if nothing changed).
#[derive(Clone, Debug)]
pub struct Decision {
    pub board: Board,
    pub events: Vec<Event>,
    /// The object the command affected, which the page scrolls to.
    pub about: Option<BoardObject>,
    pub note: Option<Notice>,
    /// The number of the earlier event that the command repeats; it is answered like the command of that event.
    pub repeats: Option<i64>,
}
