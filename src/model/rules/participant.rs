//! Rule 12: a browser becomes a participant by its first action, and can rename itself.

use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    decision::Decision,
    event::{Actor, Event},
    id::{ParticipantId, Timestamp},
    name::Name,
    participant::{Browser, BrowserId, Participant},
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
pub(in crate::model) fn next_user_name(board: &Board, id: ParticipantId) -> Name {
    let mut number = id.0.unsigned_abs();
    loop {
        let name = Participant::default_name(number);
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

pub(super) fn record_event(
    edit: BoardEdit,
    actor: Actor,
    action: Action,
    at: Timestamp,
) -> Decision {
    let (mut board, change) = edit.finish();
    let events = match change.is_empty() {
        true => Vec::new(),
        false => vec![board.record(actor, action, change, None, at)],
    };
    decision(board, events)
}

pub(in crate::model) fn decision(board: Board, events: Vec<Event>) -> Decision {
    Decision {
        board,
        events,
        about: None,
        note: None,
        repeats: None,
    }
}
