//! What somebody wants, and the one function that decides what comes of it.

use super::{
    Amount, Board, Event, FeatureId, ItemId, Kind, Moment, Name, Note, ParticipantId, PersonalLink,
    Reason, Refusal, Thing, Token, done::Done, draft::Draft, feature, identity, item, participant,
    undo, veto,
};

/// What a browser wants of a board.
#[derive(Clone, Debug)]
pub enum Wish {
    /// "Call me this."
    Call(Name),
    /// "That's me": become the participant of this name.
    Claim(Name),
    /// Become the participant whose personal link this is.
    ComeAs(PersonalLink),
    /// Do this, as whoever this browser is.
    Do(Deed),
}

/// What a participant wants done.
#[derive(Clone, Debug)]
pub enum Deed {
    CreateItem {
        /// None: the next free of `fallback`-1, `fallback`-2, …
        name: Option<Name>,
        kind: Option<Kind>,
        fallback: Name,
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
    /// Leaves the reason as it is where the veto stands already.
    Veto(FeatureId),
    /// Says why as well, also where the veto stands already; none takes the reason away.
    VetoBecause {
        feature: FeatureId,
        reason: Option<Reason>,
    },
    TakeBack(FeatureId),
    /// Undo this event of the same board.
    Undo(Box<Event>),
    /// The same, but what says who somebody is only as that very person.
    UndoAsOneself(Box<Event>),
}

impl From<Deed> for Wish {
    fn from(deed: Deed) -> Wish {
        Wish::Do(deed)
    }
}

/// What comes of a wish: the board after it and the events that lead there (none if nothing changed).
#[derive(Clone, Debug)]
pub struct Decision {
    pub board: Board,
    pub events: Vec<Event>,
    /// What the wish was about: where a page should look.
    pub about: Option<Thing>,
    pub note: Option<Note>,
}

/// Decides one wish of one browser at one moment.
pub fn decide(board: &Board, by: &Token, wish: &Wish, at: Moment) -> Result<Decision, Refusal> {
    match wish {
        Wish::Call(name) => participant::call(board, by, name, at),
        Wish::Claim(name) => participant::claim(board, by, name, at),
        Wish::ComeAs(link) => participant::come_as(board, by, link, at),
        Wish::Do(deed) => act(board, by, deed, at),
    }
}

/// A browser that acts for the first time becomes a participant by an event of its own, before what it
/// wishes; if nothing comes of the wish, it stays a stranger.
fn act(board: &Board, by: &Token, deed: &Deed, at: Moment) -> Result<Decision, Refusal> {
    let (peopled, actor, joined) = match board.actor(by) {
        Some(actor) => (board.clone(), actor, None),
        None => {
            let (peopled, joined) = participant::join(board, by, None, at);
            (peopled, joined.actor.clone(), Some(joined))
        }
    };
    let mut draft = Draft::of(&peopled);
    let done = carry_out(&mut draft, deed, actor.id, at)?;
    let (mut after, change) = draft.finish();
    let mut events = Vec::new();
    if change.is_empty() {
        after = board.clone();
    } else {
        events.extend(joined);
        events.push(after.record(actor, done.action, change, done.undoes, at));
    }
    Ok(Decision {
        board: after,
        events,
        about: done.about,
        note: done.note,
    })
}

fn carry_out(
    draft: &mut Draft,
    deed: &Deed,
    by: ParticipantId,
    at: Moment,
) -> Result<Done, Refusal> {
    match deed.clone() {
        Deed::CreateItem {
            name,
            kind,
            fallback,
        } => Ok(item::create(draft, name, kind, &fallback, by, at)),
        Deed::EditItem { item, name, kind } => item::edit(draft, item, name, kind),
        Deed::Merge { item, into } => item::merge(draft, item, into, at),
        Deed::Split(item) => item::split(draft, item, by, at),
        Deed::DeleteItem(item) => item::delete(draft, item, at),
        Deed::Suggest { name, amount, item } => feature::suggest(draft, name, amount, item, by, at),
        Deed::EditFeature {
            feature,
            name,
            amount,
        } => feature::edit(draft, feature, name, amount),
        Deed::Move { feature, to } => feature::move_to(draft, feature, to, at),
        Deed::DeleteFeature(feature) => feature::delete(draft, feature, at),
        Deed::Veto(feature) => veto::veto(draft, feature, by, at),
        Deed::VetoBecause { feature, reason } => veto::veto_because(draft, feature, by, reason, at),
        Deed::TakeBack(feature) => veto::take_back(draft, feature, by),
        Deed::Undo(event) => undo::undo(draft, &event),
        Deed::UndoAsOneself(event) => {
            identity::may_undo(draft, &event, by)?;
            undo::undo(draft, &event)
        }
    }
}
