//! Rule 12 with claimed identities: who may undo an event that changed participants or browsers.

use crate::model::{board::Board, event::Event, id::ParticipantId, rejection::Rejection};

/// Rejects undoing an event that changed another participant's identity, since that would be a way to take over a name.
/// Participants may undo only what concerns themselves: what is theirs after the event. A redo is checked against both sides of
/// the change.
pub(in crate::model) fn check_undo(
    board: &Board,
    event: &Event,
    by: ParticipantId,
) -> Result<(), Rejection> {
    let change = &event.change;
    let mut affected = Vec::new();
    let mut previous = Vec::new();
    for edit in &change.participants {
        affected.extend(edit.after.as_ref().map(|row| row.id));
        previous.extend(edit.before.as_ref().map(|row| row.id));
    }
    for edit in &change.browsers {
        affected.extend(edit.after.as_ref().map(|row| row.participant));
        previous.extend(edit.before.as_ref().map(|row| row.participant));
    }
    if event.undoes.is_some() {
        affected.extend(previous);
    }
    match affected.into_iter().find(|id| *id != by) {
        None => Ok(()),
        Some(other) => {
            let other = board.participant(other);
            let name = other.map_or_else(|| event.actor.name.clone(), |other| other.name.clone());
            Err(Rejection::NotOwnIdentity(name))
        }
    }
}
