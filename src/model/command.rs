//! The commands a board accepts, as data. `decide` handles them.

use super::{
    amount::Amount,
    content::BoardContent,
    event::Event,
    id::{BoardObject, FeatureId, ItemId, ParticipantId, Timestamp},
    name::{Kind, Name, Reason},
    personal_link::PersonalLink,
    row_tag::RowTag,
    setting::{BoardTerminology, Outcome, ReasonPolicy},
    text::{Note, Purpose},
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
    /// The same; a browser that is nobody yet joins under this name, if it is free.
    ActAs { name: Name, action: BoardAction },
    /// The same for a form that a double press sends twice: if the participant has just created the same, nothing changes.
    Press {
        name: Option<Name>,
        action: BoardAction,
    },
    /// A command of a browser that has to be a participant already: the command makes nobody join.
    AsParticipant(Box<Command>),
    /// Take part: a browser that is nobody yet joins, as `User-N`. Changes nothing otherwise.
    Join,
    /// Act several times, in order: all or nothing.
    Sequence(Box<ActionSequence>),
    /// Close the board as the operator, who is no participant.
    CloseAsOperator(Outcome),
    /// Fill a new board, as a participant of this name.
    Fill {
        name: Option<Name>,
        content: Box<BoardContent>,
    },
}

/// Several actions of one participant as one command.
#[derive(Clone, Debug)]
pub struct ActionSequence {
    /// The row that has to be as the sender knows it, and its tag.
    pub precondition: Option<(BoardObject, RowTag)>,
    pub actions: Vec<BoardAction>,
}

/// The new value of one field of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldEdit<T> {
    pub to: T,
    /// The value that the sender saw. `None` if the sender did not say: `to` then replaces any value.
    pub was: Option<T>,
}

impl<T> FieldEdit<T> {
    /// Replaces whatever the field holds.
    pub fn replacing(to: T) -> FieldEdit<T> {
        FieldEdit { to, was: None }
    }
}

/// The settings to change; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct SettingsEdit {
    pub name: Option<FieldEdit<Name>>,
    pub purpose: Option<FieldEdit<Option<Purpose>>>,
    /// No terminology is that of the program.
    pub terminology: Option<FieldEdit<Option<BoardTerminology>>>,
    pub reasons: Option<FieldEdit<ReasonPolicy>>,
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
    /// The same under exactly this name, which must not be taken.
    AddItem {
        name: Name,
        kind: Option<Kind>,
        note: Option<Note>,
    },
    /// Creates several items at once: all of them or none.
    CreateItems {
        names: Vec<Name>,
        kind: Option<Kind>,
    },
    /// Changes the given fields.
    EditItem {
        item: ItemId,
        name: Option<FieldEdit<Name>>,
        kind: Option<FieldEdit<Option<Kind>>>,
        note: Option<FieldEdit<Option<Note>>>,
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
    /// Changes the given fields.
    EditFeature {
        feature: FeatureId,
        name: Option<FieldEdit<Name>>,
        amount: Option<FieldEdit<Amount>>,
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
    /// Changes the reason of an existing veto; `None` removes it. Never vetoes.
    ChangeReason {
        feature: FeatureId,
        reason: Option<Reason>,
    },
    WithdrawVeto(FeatureId),
    EditSettings(Box<SettingsEdit>),
    /// "I'm fine with the rest", as of the last event that the sender saw; `None`: the last event of the board.
    Consent {
        seen: Option<i64>,
    },
    WithdrawConsent,
    /// Sets a participant aside ("not taking part").
    SetAside(ParticipantId),
    /// Makes a participant who was set aside count again.
    BringBack(ParticipantId),
    Close(Outcome),
    /// Makes the board close at this time; `None`: not by itself.
    SetDeadline(Option<Timestamp>),
    Reopen,
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
