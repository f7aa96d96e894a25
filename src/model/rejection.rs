//! Why a command was rejected, as data. The view turns it into text.

use super::{
    amount::Amount,
    id::{BoardObject, ParticipantId, Timestamp},
    limits::Limit,
    name::{Kind, Name},
    setting::{BoardTerminology, ReasonPolicy, SettingKey},
    text::{Note, Purpose},
};

/// What a command referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    BoardObject(BoardObject),
    Event(i64),
    Participant(ParticipantId),
}

/// Why a command was rejected. A rejected command changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// Never existed on this board.
    Unknown(Target),
    /// Existed and has been deleted, merged or undone; with its name if still known.
    Gone(BoardObject, Option<Name>),
    /// The browser is no participant, or was one that has been erased.
    NoParticipant,
    /// The participant has no veto on this feature any more, so there is no reason to change.
    NoVeto(Name),
    /// Another item has this name. Likewise for features and participants below.
    ItemNameTaken(Name),
    FeatureNameTaken(Name),
    ParticipantNameTaken(Name),
    /// Somebody else changed these fields, at least one, after the sender saw them.
    EditConflict(Vec<FieldConflict>),
    /// The personal link has expired, has been used, or is malformed.
    LinkInvalid,
    /// The event concerns the identity of this other participant, and identities are claimed.
    NotOwnIdentity(Name),
    /// The event concerns the veto of this other participant.
    NotOwnVeto(Name),
    /// The event concerns the consent of this other participant.
    NotOwnConsent(Name),
    /// The board is closed.
    Closed {
        /// Who closed it, or set its deadline.
        by: Name,
        at: Timestamp,
        by_deadline: bool,
    },
    /// A veto on this feature has to say why.
    ReasonRequired(Name),
    /// A deadline has to be in the future.
    DeadlinePassed,
    /// An item cannot be merged into itself.
    IntoItself(Name),
    /// The item has no features, or a single one of amount 1.
    NothingToSplit(Name),
    /// The board would grow beyond a limit, or the event would be too large.
    LimitExceeded {
        limit: Limit,
        max: usize,
    },
    /// The row is not as the sender knows it.
    RowChanged(BoardObject, Name),
    /// The event cannot be undone because of this later change.
    ChangedSince(UndoConflict),
}

/// A field that somebody else changed after the sender saw it: the value it has now, and the one that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldConflict {
    Name {
        now: Name,
        sent: Name,
    },
    Kind {
        now: Option<Kind>,
        sent: Option<Kind>,
    },
    Amount {
        now: Amount,
        sent: Amount,
    },
    Note {
        now: Option<Note>,
        sent: Option<Note>,
    },
    Purpose {
        now: Option<Purpose>,
        sent: Option<Purpose>,
    },
    /// Without words: that of the program.
    Terminology {
        now: Option<BoardTerminology>,
        sent: Option<BoardTerminology>,
    },
    Reasons {
        now: ReasonPolicy,
        sent: ReasonPolicy,
    },
}

/// The later change that prevents an undo.
#[derive(Clone, Debug, PartialEq)]
pub enum UndoConflict {
    /// The event has already been undone.
    AlreadyUndone,
    /// All that the event changed was erased with a participant.
    Erased,
    Deleted(Name),
    Restored(Name),
    Renamed {
        from: Name,
        to: Name,
    },
    KindChanged(Name),
    NoteChanged(Name),
    SettingChanged(SettingKey),
    /// This participant consented again, withdrew consent, or was set aside.
    ConsentChanged(Name),
    AmountChanged {
        name: Name,
        to: Amount,
    },
    Moved(Name),
    /// A veto on this feature was cast or withdrawn.
    VetoChanged(Name),
    /// A browser has become another participant.
    BrowserChanged,
    /// `by` was created since and depends on `name`, which the undo would remove.
    DependedOn {
        name: Name,
        by: Name,
    },
    /// The name is taken by another object.
    NameTaken(Name),
    /// The item it belonged to, or its author, no longer exists.
    OwnerGone(Name),
    /// The participant has acted on the board since joining.
    HasParticipated(Name),
}
