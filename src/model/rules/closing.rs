//! Rule 15: anyone closes a board with an outcome, sets a deadline at which it closes by itself, and reopens it. While it is closed,
//! nothing else changes it but naming oneself.

use chrono::TimeDelta;

use super::{effect::Effect, participant::record_event, settings::set};
use crate::model::{
    action::{Action, first_names},
    board::{Board, BoardEdit},
    command::BoardAction,
    decision::Decision,
    event::Actor,
    id::{ParticipantId, Timestamp},
    limits::Limit,
    name::Name,
    rejection::Rejection,
    setting::{Closing, Deadline, Outcome, Setting, SettingKey},
};

/// The name of the operator in the log.
const OPERATOR: &str = "Operator";

/// How long the same closing counts as a repeated press: on a slow network the first response takes a while.
const REPEATED_WITHIN: TimeDelta = TimeDelta::seconds(10);

/// Rejects an action on a closed board unless it reopens it. The deadline is compared with the time of the command, so that two
/// processes with the same clock agree.
pub(in crate::model) fn check_open(
    board: &Board,
    action: &BoardAction,
    at: Timestamp,
) -> Result<(), Rejection> {
    match action {
        BoardAction::Reopen => Ok(()),
        BoardAction::Undo(event) | BoardAction::UndoOwnIdentity(event)
            if event.change.is_closing_only() =>
        {
            Ok(())
        }
        _ => check_not_closed(board, at),
    }
}

/// The same for what never reopens a board.
pub(in crate::model) fn check_not_closed(board: &Board, at: Timestamp) -> Result<(), Rejection> {
    match board.closed(at) {
        None => Ok(()),
        Some(closed) => Err(Rejection::Closed {
            by: closed.by,
            at: closed.at,
            by_deadline: closed.by_deadline,
        }),
    }
}

/// Closes the board with the chosen items, each of which must exist.
pub(in crate::model) fn close(
    edit: &mut BoardEdit,
    outcome: Outcome,
    actor: &Actor,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let Outcome { text, chosen } = normalized(outcome);
    if chosen.len() > Outcome::MAX_CHOSEN {
        return Err(Rejection::LimitExceeded {
            limit: Limit::Chosen,
            max: Outcome::MAX_CHOSEN,
        });
    }
    let mut names = Vec::new();
    for item in &chosen {
        names.push(edit.live_item(*item)?.name.clone());
    }
    let (names, unlisted) = first_names(names);
    let action = Action::Closed {
        chosen: names,
        unlisted,
        text: text.clone(),
    };
    edit.put(Setting::Closing(Closing {
        at,
        by: actor.id,
        name: actor.name.clone(),
        outcome: Outcome { text, chosen },
    }));
    Ok(Effect::new(action))
}

/// Closes the board as the operator of the installation, who is no participant: the event has an id that no participant has.
pub(in crate::model) fn close_as_operator(
    board: &Board,
    outcome: &Outcome,
    at: Timestamp,
) -> Result<Decision, Rejection> {
    check_not_closed(board, at)?;
    let actor = Actor {
        id: ParticipantId(0),
        name: Name::from_stored(OPERATOR.to_owned()),
    };
    let mut edit = BoardEdit::new(board);
    let Effect { action, .. } = close(&mut edit, outcome.clone(), &actor, at)?;
    Ok(record_event(edit, actor, action, at))
}

/// Whether a participant who closes the board did so just before, with the same outcome.
pub(in crate::model) fn is_repeated(
    board: &Board,
    outcome: &Outcome,
    by: ParticipantId,
    at: Timestamp,
) -> bool {
    board.closing().is_some_and(|closing| {
        closing.by == by
            && (TimeDelta::zero()..=REPEATED_WITHIN).contains(&(at - closing.at))
            && closing.outcome == normalized(outcome.clone())
    })
}

fn normalized(outcome: Outcome) -> Outcome {
    let Outcome { text, mut chosen } = outcome;
    chosen.sort_unstable();
    chosen.dedup();
    Outcome { text, chosen }
}

/// Sets when the board closes by itself, or that it does not.
pub(in crate::model) fn set_deadline(
    edit: &mut BoardEdit,
    deadline: Option<Timestamp>,
    actor: &Actor,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    if deadline.is_some_and(|deadline| deadline <= at) {
        return Err(Rejection::DeadlinePassed);
    }
    if edit.deadline().map(|current| current.at) != deadline {
        let deadline = deadline.map(|at| {
            Setting::Deadline(Deadline {
                at,
                by: actor.id,
                name: actor.name.clone(),
            })
        });
        set(edit, SettingKey::Deadline, deadline);
    }
    Ok(Effect::new(Action::SetDeadline { at: deadline }))
}

/// Opens a closed board. A deadline that has passed is removed, one in the future stays. An open board stays as it is.
pub(in crate::model) fn reopen(edit: &mut BoardEdit, at: Timestamp) -> Effect {
    edit.remove::<Setting>(&SettingKey::Closing);
    if edit.deadline().is_some_and(|deadline| deadline.at <= at) {
        edit.remove::<Setting>(&SettingKey::Deadline);
    }
    Effect::new(Action::Reopened)
}
