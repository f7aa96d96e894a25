//! What a rule returns: the action to record, and what the page should show.

use crate::model::{action::Action, id::BoardObject, name::Name};

/// Information for the person although nothing changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A suggestion had no effect: the feature already has the maximum amount.
    Full(Name),
}

/// The result of a rule, besides the rows it wrote into the edit.
pub(in crate::model) struct Effect {
    pub(in crate::model) action: Action,
    pub(in crate::model) about: Option<BoardObject>,
    pub(in crate::model) note: Option<Notice>,
    pub(in crate::model) undoes: Option<i64>,
}

impl Effect {
    /// An effect on one object, which the page scrolls to.
    pub(super) fn on(object: BoardObject, action: Action) -> Effect {
        Effect {
            about: Some(object),
            ..Effect::new(action)
        }
    }

    pub(super) fn new(action: Action) -> Effect {
        Effect {
            action,
            about: None,
            note: None,
            undoes: None,
        }
    }
}
