//! Why a wish is refused, as data: the words are the view's.

use super::{Amount, Name, Thing};

/// What a wish was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Thing(Thing),
    Event(i64),
}

/// Why a rule says no. Nothing has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Never was on this board.
    Unknown(Target),
    /// Was there and has been deleted, merged away or undone; the name if it is still known.
    Gone(Thing, Option<Name>),
    /// Another thing of its sort has this name.
    ItemNameTaken(Name),
    FeatureNameTaken(Name),
    ParticipantNameTaken(Name),
    /// A personal link has run out, has been used, or is none.
    LinkSpent,
    /// It says who this one is, and names belong to those who took them.
    OnlyThemselves(Name),
    /// An item cannot be merged into itself.
    IntoItself(Name),
    /// No features, or one of amount 1: nothing to split.
    NothingToSplit(Name),
    /// The event cannot be undone, since this has changed.
    ChangedSince(Drift),
}

/// What stands in the way of an undo.
#[derive(Clone, Debug, PartialEq)]
pub enum Drift {
    /// The event was undone already.
    Undone,
    Deleted(Name),
    Restored(Name),
    Renamed {
        from: Name,
        to: Name,
    },
    KindChanged(Name),
    AmountChanged {
        name: Name,
        to: Amount,
    },
    Moved(Name),
    /// A veto on this feature was given or taken back.
    VetoChanged(Name),
    /// A browser has become somebody else.
    BrowserChanged,
    /// The thing was made since, and what is to be undone would leave it without its owner: this depends on it.
    BuiltUpon {
        name: Name,
        by: Name,
    },
    /// Something else has the name now.
    NameTaken(Name),
    /// What it belonged to, or who made it, is gone.
    OwnerGone(Name),
    /// A participant who has done something cannot be undone.
    TookPart(Name),
}
