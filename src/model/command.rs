//! The commands a board accepts, as data. `decide` handles them.

use super::{
    amount::Amount,
    event::Event,
    id::{FeatureId, ItemId},
    name::{Kind, Name, Reason},
    personal_link::PersonalLink,
};

/// A request by one browser to change a board.
#[derive(Clone, Debug)]
pub enum Command {
    /// Choose or change the participant's name.
    Rename(Name),
    /// "That's me": become the existing participant of this name.
    Claim(Name),
    /// Become the participant of this personal link.
    UsePersonalLink(PersonalLink),
    /// Act as the browser's participant.
    Act(BoardAction),
    /// The same for a form that a double press sends twice: if the participant has just created the same, nothing changes.
    Press(BoardAction),
}

/// An action of a participant on a board.
#[derive(Clone, Debug)]
pub enum BoardAction {
    CreateItem {
        /// `None`: the next available of `fallback`-1, `fallback`-2, …
        name: Option<Name>,
        kind: Option<Kind>,
        fallback: Name,
    },
    /// Creates several items at once: all of them or none.
    CreateItems {
        names: Vec<Name>,
        kind: Option<Kind>,
    },
    EditItem {
        item: ItemId,
        name: Name,
        kind: Option<Kind>,
    },
    Merge {
        item: ItemId,
        into: ItemId,
    },
    Split(ItemId),
    DeleteItem(ItemId),
    Suggest {
        name: Name,
        amount: Amount,
        item: Option<ItemId>,
    },
    EditFeature {
        feature: FeatureId,
        name: Name,
        amount: Amount,
    },
    Move {
        feature: FeatureId,
        to: Option<ItemId>,
    },
    DeleteFeature(FeatureId),
    /// Keeps the reason of an existing veto.
    Veto(FeatureId),
    /// Sets the reason, also of an existing veto; `None` removes it.
    VetoWithReason {
        feature: FeatureId,
        reason: Option<Reason>,
    },
    WithdrawVeto(FeatureId),
    /// Undo an event of this board.
    Undo(Box<Event>),
    /// The same, but an identity change may be undone only by the participant it concerns.
    UndoOwnIdentity(Box<Event>),
}

impl From<BoardAction> for Command {
    fn from(action: BoardAction) -> Command {
        Command::Act(action)
    }
}
