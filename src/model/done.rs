//! What a rule has done: what to record of it and where to look.

use super::{Action, Name, Thing};

/// Something the person should know although nothing changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// Suggested again, but the feature has the largest amount already.
    Full(Name),
}

/// What a rule has done to its draft.
pub(super) struct Done {
    pub(super) action: Action,
    pub(super) about: Option<Thing>,
    pub(super) note: Option<Note>,
    pub(super) undoes: Option<i64>,
}

impl Done {
    pub(super) fn about(thing: Thing, action: Action) -> Done {
        Done {
            about: Some(thing),
            ..Done::just(action)
        }
    }

    pub(super) fn just(action: Action) -> Done {
        Done {
            action,
            about: None,
            note: None,
            undoes: None,
        }
    }
}
