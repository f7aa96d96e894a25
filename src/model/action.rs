//! What was done, in the names of that moment: what the history says in words.

use serde::{Deserialize, Serialize};

use super::{Amount, Kind, Name, Reason};

/// What an event did. An absent item means a free feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Action {
    Joined,
    Renamed {
        from: Name,
        to: Name,
    },
    /// A browser became a participant that was there before; `was` is who it was until then.
    Claimed {
        name: Name,
        was: Option<Name>,
    },
    CreatedItem {
        item: Name,
        kind: Option<Kind>,
        /// The name asked for, if that one was taken.
        wanted: Option<Name>,
    },
    EditedItem {
        from: Name,
        to: Name,
        kind: Option<Kind>,
    },
    Merged {
        item: Name,
        into: Name,
        name: Name,
        /// Not everything fitted, so the merged item is still there.
        stays: bool,
    },
    Split {
        item: Name,
        into: Vec<Name>,
    },
    DeletedItem {
        item: Name,
        /// How many of its features were set free, whole.
        freed: usize,
        /// Features that found no room among the free ones, or not for all of their amount: what was over
        /// went with the item.
        lost: Vec<Name>,
    },
    Suggested {
        feature: Name,
        item: Option<Name>,
        amount: Amount,
    },
    Added {
        feature: Name,
        item: Option<Name>,
        /// What it came to.
        amount: Amount,
        /// What did not fit.
        over: Option<Amount>,
    },
    EditedFeature {
        from: Name,
        to: Name,
        item: Option<Name>,
        amount: Amount,
    },
    Moved {
        feature: Name,
        from: Option<Name>,
        to: Option<Name>,
        /// What did not fit and stayed where it was.
        left: Option<Amount>,
    },
    DeletedFeature {
        feature: Name,
        item: Option<Name>,
    },
    Vetoed {
        feature: Name,
        item: Option<Name>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Said why, or something else than before, of a veto that stood already.
    GaveReason {
        feature: Name,
        item: Option<Name>,
        /// None: took it away.
        reason: Option<Reason>,
    },
    TookBack {
        feature: Name,
        item: Option<Name>,
    },
    /// Took back the event of this number, which did this.
    Undid {
        number: i64,
        what: Box<Action>,
    },
    /// Took back an undo, the event of this number: this is done again.
    Redid {
        number: i64,
        what: Box<Action>,
    },
}

impl Action {
    /// What taking back an event that did this is called. Undo of undo does not nest: it is done again.
    pub(super) fn undone(&self, number: i64) -> Action {
        match self {
            Action::Undid { what, .. } => Action::Redid {
                number,
                what: what.clone(),
            },
            Action::Redid { what, .. } => Action::Undid {
                number,
                what: what.clone(),
            },
            action => Action::Undid {
                number,
                what: Box::new(action.clone()),
            },
        }
    }
}
