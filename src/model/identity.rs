//! Rule 12 in its two variants: whether anybody may claim a name, or a name belongs to the browser that took it.

use super::{
    command::{BoardAction, Command},
    event::Event,
    name::Name,
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

    /// The action behind "Undo".
    pub fn undo(self, event: Event) -> BoardAction {
        let event = Box::new(event);
        match self {
            Identity::Open => BoardAction::Undo(event),
            Identity::Claimed => BoardAction::UndoOwnIdentity(event),
        }
    }
}
