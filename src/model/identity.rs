//! Rule 12 in its two variants: whether anybody may claim a name, or a name belongs to the browser that took it.

use super::{
    board::Board,
    command::{BoardAction, Command},
    event::Event,
    id::ParticipantId,
    name::Name,
    rules::{consent, identity, veto},
};

/// How strictly names are tied to browsers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// Anybody may claim a name with "That's me".
    #[default]
    Open,
    /// A name belongs to the browser that took it and is transferred only by a personal link.
    Claimed,
}

impl Identity {
    /// The command behind "That's me".
    pub fn claim(self, name: Name) -> Command {
        match self {
            Identity::Open => Command::Claim(name),
            Identity::Claimed => Command::Rename(name),
        }
    }

    /// Whether a participant, or a browser that is none yet, may undo an event, whether or not something stands in the way.
    pub fn may_undo(self, board: &Board, event: &Event, by: Option<ParticipantId>) -> bool {
        // A browser that is no participant would become the next one.
        let by = by.unwrap_or(ParticipantId(board.counters().participant + 1));
        let own_identity = match self {
            Identity::Open => Ok(()),
            Identity::Claimed => identity::check_undo(board, event, by),
        };
        own_identity
            .and_then(|()| veto::check_undo(board, event, by))
            .and_then(|()| consent::check_undo(board, event, by))
            .is_ok()
    }

    /// The action behind "Undo".
    pub fn undo(self, event: Event) -> BoardAction {
        let event = Box::new(event);
        match self {
            Identity::Open => BoardAction::Undo(event),
            Identity::Claimed => BoardAction::UndoOwnIdentity(event),
        }
    }
}
