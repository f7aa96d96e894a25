//! Rule 12: who is at a browser. A participant belongs to a board; a browser becomes one by its first action.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Action, Actor, Board, Decision, Event, Moment, Name, ParticipantId, PersonalLink, Refusal,
    draft::Draft,
};

/// A person at a browser, on one board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    pub name: Name,
    pub joined: Moment,
}

/// What a board knows a browser by: a hash of the random token in its cookie, never the token itself. Not to be shown either, for
/// personal links are sealed with it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(Arc<str>);

impl Token {
    /// Takes the hash of a cookie's token.
    pub fn hashed(hash: String) -> Token {
        Token(hash.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Enough to tell some browsers apart.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:.6}…)", self.0)
    }
}

/// Which participant a browser is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Browser {
    #[serde(rename = "token")]
    pub token: Token,
    pub participant: ParticipantId,
}

/// Makes a browser a new participant, called as asked or `User-N`.
pub(super) fn join(board: &Board, by: &Token, name: Option<&Name>, at: Moment) -> (Board, Event) {
    let mut draft = Draft::of(board);
    let id = ParticipantId(draft.last().participant + 1);
    let name = name.cloned().unwrap_or_else(|| next_user_name(board, id));
    draft.put(Participant {
        id,
        name: name.clone(),
        joined: at,
    });
    draft.put(Browser {
        token: by.clone(),
        participant: id,
    });
    let (mut board, change) = draft.finish();
    let event = board.record(Actor { id, name }, Action::Joined, change, None, at);
    (board, event)
}

/// `User-N`, N counted by the board, skipping what somebody chose to be called.
fn next_user_name(board: &Board, id: ParticipantId) -> Name {
    let base = Name::stored("User".to_owned());
    let mut number = id.0.unsigned_abs();
    loop {
        let name = base.numbered(number);
        if board.participant_named(&name).is_none() {
            return name;
        }
        number += 1;
    }
}

/// Changes one's name; a stranger joins by it.
pub(super) fn call(
    board: &Board,
    by: &Token,
    name: &Name,
    at: Moment,
) -> Result<Decision, Refusal> {
    let actor = board.actor(by);
    let holder = board.participant_named(name).map(|holder| holder.id);
    if holder.is_some() && holder != actor.as_ref().map(|actor| actor.id) {
        return Err(Refusal::ParticipantNameTaken(name.clone()));
    }
    let Some(actor) = actor else {
        let (board, joined) = join(board, by, Some(name), at);
        return Ok(decision(board, vec![joined]));
    };
    let mut draft = Draft::of(board);
    if let Some(participant) = board.participant(actor.id) {
        draft.put(Participant {
            name: name.clone(),
            ..participant.clone()
        });
    }
    let action = Action::Renamed {
        from: actor.name.clone(),
        to: name.clone(),
    };
    Ok(recorded(draft, actor, action, at))
}

/// Becomes the participant of this name, who was there before; whoever was this browser stays on the board.
/// A name nobody has is simply taken.
pub(super) fn claim(
    board: &Board,
    by: &Token,
    name: &Name,
    at: Moment,
) -> Result<Decision, Refusal> {
    let Some(claimed) = board.participant_named(name) else {
        return call(board, by, name, at);
    };
    Ok(become_one(board, by, claimed, at))
}

/// Becomes whoever a personal link is of; once more is harmless.
pub(super) fn come_as(
    board: &Board,
    by: &Token,
    link: &PersonalLink,
    at: Moment,
) -> Result<Decision, Refusal> {
    if link.is_of(board.participant_at(by)) {
        return Ok(decision(board.clone(), Vec::new()));
    }
    let holder = link.holder(board, at).ok_or(Refusal::LinkSpent)?;
    Ok(become_one(board, by, holder, at))
}

fn become_one(board: &Board, by: &Token, claimed: &Participant, at: Moment) -> Decision {
    let mut draft = Draft::of(board);
    draft.put(Browser {
        token: by.clone(),
        participant: claimed.id,
    });
    let actor = board.actor(by);
    let action = Action::Claimed {
        name: claimed.name.clone(),
        was: actor.as_ref().map(|actor| actor.name.clone()),
    };
    let actor = actor.unwrap_or(Actor {
        id: claimed.id,
        name: claimed.name.clone(),
    });
    recorded(draft, actor, action, at)
}

fn recorded(draft: Draft, actor: Actor, action: Action, at: Moment) -> Decision {
    let (mut board, change) = draft.finish();
    let events = match change.is_empty() {
        true => Vec::new(),
        false => vec![board.record(actor, action, change, None, at)],
    };
    decision(board, events)
}

fn decision(board: Board, events: Vec<Event>) -> Decision {
    Decision {
        board,
        events,
        about: None,
        note: None,
    }
}
