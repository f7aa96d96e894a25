//! Rule 12: a browser becomes a participant by its first action, and can rename itself or become an existing participant.

use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    decision::Decision,
    event::{Actor, Event},
    id::{ParticipantId, Timestamp},
    name::Name,
    participant::{Browser, BrowserId, Participant},
    personal_link::PersonalLink,
    rejection::Rejection,
};

/// Adds a new participant for a browser, with the requested name or `User-N`.
pub(in crate::model) fn join(
    board: &Board,
    by: &BrowserId,
    name: Option<&Name>,
    at: Timestamp,
) -> (Board, Event) {
    let mut edit = BoardEdit::new(board);
    let id = ParticipantId(edit.counters().participant + 1);
    let name = name.cloned().unwrap_or_else(|| next_user_name(board, id));
    edit.put(Participant {
        id,
        name: name.clone(),
        joined: at,
    });
    edit.put(Browser {
        id: by.clone(),
        participant: id,
    });
    let (mut board, change) = edit.finish();
    let event = board.record(Actor { id, name }, Action::Joined, change, None, at);
    (board, event)
}

/// `User-N`, with N counted by the board, skipping names that are taken.
fn next_user_name(board: &Board, id: ParticipantId) -> Name {
    let base = Name::from_stored("User".to_owned());
    let mut number = id.0.unsigned_abs();
    loop {
        let name = base.numbered(number);
        if board.participant_named(&name).is_none() {
            return name;
        }
        number += 1;
    }
}

/// Renames the participant; a new browser joins under that name.
pub(in crate::model) fn rename(
    board: &Board,
    by: &BrowserId,
    name: &Name,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    let actor = board.actor(by);
    let own = actor.as_ref().map(|actor| actor.id);
    let keeps_name = actor.as_ref().is_some_and(|actor| actor.name == *name);
    if !keeps_name && board.other_participant_named(name, own).is_some() {
        return Err(Rejection::ParticipantNameTaken(name.clone()));
    }
    let Some(actor) = actor else {
        let (board, joined) = join(board, by, Some(name), at);
        return Ok(decision(board, vec![joined]));
    };
    let mut edit = BoardEdit::new(board);
    if let Some(participant) = board.participant(actor.id) {
        edit.put(Participant {
            name: name.clone(),
            ..participant.clone()
        });
    }
    let action = Action::Renamed {
        from: actor.name.clone(),
        to: name.clone(),
    };
    Ok(record_event(edit, actor, action, at))
}

/// Makes the browser the existing participant of this name. The browser's previous participant stays on the board.
/// If no participant has the name, this is a rename.
pub(in crate::model) fn claim(
    board: &Board,
    by: &BrowserId,
    name: &Name,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    let Some(claimed) = board.participant_named(name) else {
        return rename(board, by, name, at);
    };
    Ok(become_participant(board, by, claimed, at))
}

/// Makes the browser the participant of a personal link. Opening the link again has no effect.
pub(in crate::model) fn use_personal_link(
    board: &Board,
    by: &BrowserId,
    link: &PersonalLink,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    if link.belongs_to(board.participant_for(by)) {
        return Ok(decision(board.clone(), Vec::new()));
    }
    let holder = link.holder(board, at).ok_or(Rejection::LinkInvalid)?;
    Ok(become_participant(board, by, holder, at))
}

fn become_participant(
    board: &Board,
    by: &BrowserId,
    claimed: &Participant,
    at: Timestamp,
) -> Decision {
    let mut edit = BoardEdit::new(board);
    edit.put(Browser {
        id: by.clone(),
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
    record_event(edit, actor, action, at)
}

fn record_event(edit: BoardEdit, actor: Actor, action: Action, at: Timestamp) -> Decision {
    let (mut board, change) = edit.finish();
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
