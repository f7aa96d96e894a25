//! What an event did, with the names at that time. The history renders it as text; the names of variants and fields are stored.

use serde::{Deserialize, Serialize};

use super::{
    amount::Amount,
    id::Timestamp,
    name::{Kind, Name, Reason},
    setting::ReasonPolicy,
    text::OutcomeText,
};

/// What an event did. No item means a feature that belongs to none.
///
/// Events are stored with these tags and field names: the names in Rust may change, the stored ones may not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did")]
pub enum Action {
    #[serde(rename = "joined")]
    Joined,
    #[serde(rename = "renamed")]
    Renamed { from: Name, to: Name },
    /// A browser became an existing participant; `was` is its previous participant.
    #[serde(rename = "claimed")]
    Claimed { name: Name, was: Option<Name> },
    /// A browser became an existing participant, and what it did before as `was`, whom nobody had named, became that
    /// participant's. `was` no longer exists.
    #[serde(rename = "handed_over")]
    HandedOver { name: Name, was: Name },
    #[serde(rename = "created_item")]
    CreatedItem {
        item: Name,
        kind: Option<Kind>,
        /// The requested name, if it was taken.
        wanted: Option<Name>,
    },
    /// Several items at once, all of the same kind.
    #[serde(rename = "created_items")]
    CreatedItems {
        /// The first new items, at most [`Action::MAX_NAMES`].
        items: Vec<Name>,
        /// How many new items are not in `items`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more")]
        unlisted: usize,
        kind: Option<Kind>,
        /// The first requested names that were taken, at most [`Action::MAX_NAMES`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        taken: Vec<Name>,
        /// How many such names are not in `taken`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more_taken")]
        unlisted_taken: usize,
    },
    #[serde(rename = "edited_item")]
    EditedItem {
        from: Name,
        to: Name,
        kind: Option<Kind>,
        /// Whether the note was changed.
        #[serde(default, skip_serializing_if = "is_false")]
        note: bool,
    },
    #[serde(rename = "merged")]
    Merged {
        item: Name,
        into: Name,
        name: Name,
        /// Some amount did not fit, so the merged item still exists.
        stays: bool,
        /// The features that did not fit, in whole or in part; at most [`Action::MAX_NAMES`]. Events of earlier versions name none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left: Vec<Name>,
        /// How many such features are not in `left`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more")]
        unlisted: usize,
    },
    #[serde(rename = "split")]
    Split {
        item: Name,
        /// The first new items, at most [`Action::MAX_NAMES`]. Events of earlier versions have all of them.
        into: Vec<Name>,
        /// How many new items are not in `into`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more")]
        unlisted: usize,
    },
    #[serde(rename = "deleted_item")]
    DeletedItem {
        item: Name,
        /// How many of its features were detached with their full amount.
        freed: usize,
        /// Features whose amount did not fit among those without an item, in whole or in part; at most
        /// [`Action::MAX_NAMES`], in events of earlier versions all of them. The rest was deleted with the item.
        lost: Vec<Name>,
        /// How many such features are not in `lost`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more")]
        unlisted: usize,
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
        /// The resulting amount.
        amount: Amount,
        /// The amount that did not fit.
        over: Option<Amount>,
    },
    #[serde(rename = "edited_feature")]
    EditedFeature {
        from: Name,
        to: Name,
        item: Option<Name>,
        amount: Amount,
        /// If the feature was renamed: how many of its vetoes were given to another name than the new one.
        #[serde(default, skip_serializing_if = "is_zero")]
        vetoes: usize,
    },
    #[serde(rename = "moved")]
    Moved {
        feature: Name,
        from: Option<Name>,
        to: Option<Name>,
        /// The amount that did not fit and was not moved.
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
    /// Changed the reason of an existing veto.
    #[serde(rename = "gave_reason")]
    GaveReason {
        feature: Name,
        item: Option<Name>,
        /// `None` if the reason was removed.
        reason: Option<Reason>,
    },
    #[serde(rename = "took_back")]
    WithdrewVeto { feature: Name, item: Option<Name> },
    /// Changed settings of the board: those that are not empty.
    #[serde(rename = "edited_board")]
    EditedBoard {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Name>,
        /// Whether the purpose was changed.
        #[serde(default, skip_serializing_if = "is_false")]
        purpose: bool,
        /// Whether the terminology was changed.
        #[serde(default, skip_serializing_if = "is_false")]
        terminology: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasons: Option<ReasonPolicy>,
    },
    /// Filled the board with the content of another one or of a template, or with a part of it.
    #[serde(rename = "filled")]
    Filled {
        /// The name of the board that was copied.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Name>,
        /// How many items and features it added.
        items: usize,
        features: usize,
    },
    #[serde(rename = "consented")]
    Consented,
    #[serde(rename = "withdrew_consent")]
    WithdrewConsent,
    /// Set this participant aside.
    #[serde(rename = "set_aside")]
    SetAside { name: Name },
    /// This participant counts again: brought back by somebody, or by acting.
    #[serde(rename = "brought_back")]
    BroughtBack { name: Name },
    #[serde(rename = "closed")]
    Closed {
        /// The first chosen items, at most [`Action::MAX_NAMES`].
        chosen: Vec<Name>,
        /// How many chosen items are not in `chosen`.
        #[serde(default, skip_serializing_if = "is_zero", rename = "more")]
        unlisted: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<OutcomeText>,
    },
    /// Set when the board closes by itself, or that it does not.
    #[serde(rename = "set_deadline")]
    SetDeadline { at: Option<Timestamp> },
    #[serde(rename = "reopened")]
    Reopened,
    /// Undid the event of this number, which did `what`.
    #[serde(rename = "undid")]
    Undid { number: i64, what: Box<Action> },
    /// Undid the undo with this event number, so `what` is in effect again.
    #[serde(rename = "redid")]
    Redid { number: i64, what: Box<Action> },
}

/// Keeps the first names of a list; returns them and how many were left out.
pub(super) fn first_names(mut names: Vec<Name>) -> (Vec<Name>, usize) {
    let left_out = names.len().saturating_sub(Action::MAX_NAMES);
    names.truncate(Action::MAX_NAMES);
    names.shrink_to_fit();
    (names, left_out)
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Action {
    /// How many names an action lists at most. It counts the others, so that its size does not grow with an item.
    pub const MAX_NAMES: usize = 10;

    /// The same with at most [`Action::MAX_NAMES`] names in each list.
    #[must_use]
    pub fn abbreviated(&self) -> Action {
        match self.clone() {
            Action::Split {
                item,
                into,
                unlisted,
            } => {
                let (into, left_out) = first_names(into);
                Action::Split {
                    item,
                    into,
                    unlisted: unlisted + left_out,
                }
            }
            Action::Merged {
                item,
                into,
                name,
                stays,
                left,
                unlisted,
            } => {
                let (left, left_out) = first_names(left);
                Action::Merged {
                    item,
                    into,
                    name,
                    stays,
                    left,
                    unlisted: unlisted + left_out,
                }
            }
            Action::DeletedItem {
                item,
                freed,
                lost,
                unlisted,
            } => {
                let (lost, left_out) = first_names(lost);
                Action::DeletedItem {
                    item,
                    freed,
                    lost,
                    unlisted: unlisted + left_out,
                }
            }
            Action::Undid { number, what } => Action::Undid {
                number,
                what: Box::new(what.abbreviated()),
            },
            Action::Redid { number, what } => Action::Redid {
                number,
                what: Box::new(what.abbreviated()),
            },
            action => action,
        }
    }

    /// What was done in the first place: an undo or a redo concerns the action that it undid or restored.
    fn origin(&self) -> &Action {
        match self {
            Action::Undid { what, .. } | Action::Redid { what, .. } => what.origin(),
            action => action,
        }
    }

    /// Whether this gave, changed or withdrew one participant's veto, or undid or restored that. Actions that move vetoes along with
    /// features are not meant.
    pub fn concerns_one_veto(&self) -> bool {
        self.vetoed_feature().is_some()
    }

    /// The feature whose veto this gave, changed or withdrew.
    pub(super) fn vetoed_feature(&self) -> Option<&Name> {
        match self.origin() {
            Action::Vetoed { feature, .. }
            | Action::GaveReason { feature, .. }
            | Action::WithdrewVeto { feature, .. } => Some(feature),
            _ => None,
        }
    }

    /// The name that the feature of an action on vetoes or of a move had then.
    pub(super) fn feature_of_vetoes(&self) -> Option<&Name> {
        match self.origin() {
            Action::Moved { feature, .. } => Some(feature),
            _ => self.vetoed_feature(),
        }
    }

    /// Whether this gave or withdrew one participant's consent, or undid or restored that.
    pub fn concerns_consent(&self) -> bool {
        matches!(self.origin(), Action::Consented | Action::WithdrewConsent)
    }

    /// Whether this closed or reopened the board or set its deadline, or undid or restored that.
    pub fn concerns_closing(&self) -> bool {
        matches!(
            self.origin(),
            Action::Closed { .. } | Action::SetDeadline { .. } | Action::Reopened
        )
    }

    /// Whether this concerns who participants are, or undid or restored that.
    pub fn concerns_identity(&self) -> bool {
        matches!(
            self.origin(),
            Action::Joined
                | Action::Renamed { .. }
                | Action::Claimed { .. }
                | Action::HandedOver { .. }
        )
    }

    /// The action of an event that undoes event `number`, which did this. Undoing an undo is a redo; actions do not nest deeper.
    pub(super) fn inverse(&self, number: i64) -> Action {
        match self.abbreviated() {
            Action::Undid { what, .. } => Action::Redid { number, what },
            Action::Redid { what, .. } => Action::Undid { number, what },
            action => Action::Undid {
                number,
                what: Box::new(action),
            },
        }
    }
}
