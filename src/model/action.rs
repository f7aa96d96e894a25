//! What was done, in the names of that moment: what the history says in words.

use serde::{Deserialize, Serialize};

use super::{Amount, Kind, Name, Reason};

/// What an event did. An absent item means a free feature.
///
/// Events are stored with these tags and field names: they stay, whatever the names in Rust.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did")]
pub enum Action {
    #[serde(rename = "joined")]
    Joined,
    #[serde(rename = "renamed")]
    Renamed { from: Name, to: Name },
    /// A browser became a participant that was there before; `was` is who it was until then.
    #[serde(rename = "claimed")]
    Claimed { name: Name, was: Option<Name> },
    #[serde(rename = "created_item")]
    CreatedItem {
        item: Name,
        kind: Option<Kind>,
        /// The name asked for, if that one was taken.
        wanted: Option<Name>,
    },
    #[serde(rename = "edited_item")]
    EditedItem {
        from: Name,
        to: Name,
        kind: Option<Kind>,
    },
    #[serde(rename = "merged")]
    Merged {
        item: Name,
        into: Name,
        name: Name,
        /// Not everything fitted, so the merged item is still there.
        stays: bool,
    },
    #[serde(rename = "split")]
    Split { item: Name, into: Vec<Name> },
    #[serde(rename = "deleted_item")]
    DeletedItem {
        item: Name,
        /// How many of its features were set free, whole.
        freed: usize,
        /// Features that found no room among the free ones, or not for all of their amount: what was over
        /// went with the item.
        lost: Vec<Name>,
    },
    #[serde(rename = "suggested")]
    Suggested {
        feature: Name,
        item: Option<Name>,
        amount: Amount,
    },
    #[serde(rename = "added")]
    Added {
        feature: Name,
        item: Option<Name>,
        /// What it came to.
        amount: Amount,
        /// What did not fit.
        over: Option<Amount>,
    },
    #[serde(rename = "edited_feature")]
    EditedFeature {
        from: Name,
        to: Name,
        item: Option<Name>,
        amount: Amount,
    },
    #[serde(rename = "moved")]
    Moved {
        feature: Name,
        from: Option<Name>,
        to: Option<Name>,
        /// What did not fit and stayed where it was.
        left: Option<Amount>,
    },
    #[serde(rename = "deleted_feature")]
    DeletedFeature { feature: Name, item: Option<Name> },
    #[serde(rename = "vetoed")]
    Vetoed {
        feature: Name,
        item: Option<Name>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// Said why, or something else than before, of a veto that stood already.
    #[serde(rename = "gave_reason")]
    GaveReason {
        feature: Name,
        item: Option<Name>,
        /// None: took it away.
        reason: Option<Reason>,
    },
    #[serde(rename = "took_back")]
    TookBack { feature: Name, item: Option<Name> },
    /// Took back the event of this number, which did this.
    #[serde(rename = "undid")]
    Undid { number: i64, what: Box<Action> },
    /// Took back an undo, the event of this number: this is done again.
    #[serde(rename = "redid")]
    Redid { number: i64, what: Box<Action> },
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
