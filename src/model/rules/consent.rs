//! Rule 14: a participant consents to the rest of a board, and may take that back; anyone may set a participant aside.

use super::effect::Effect;
use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    change::Edit,
    consent::{Consent, ConsentState, Standing},
    event::Event,
    id::ParticipantId,
    name::Name,
    rejection::{Rejection, Target},
};

/// Consents as of the event that the participant saw last. A consent that holds stays as it is.
pub(in crate::model) fn consent(
    edit: &mut BoardEdit,
    participant: ParticipantId,
    seen: Option<i64>,
) -> Effect {
    if edit.standing(participant) != Standing::Fine {
        let last = edit.version();
        let as_of = seen.map_or(last, |seen| seen.clamp(0, last));
        // An older page must not replace what was said on a newer one.
        let as_of = match edit.consent(participant) {
            Some(ConsentState::Fine { as_of: earlier }) => as_of.max(earlier),
            _ => as_of,
        };
        edit.put(Consent {
            participant,
            state: ConsentState::Fine { as_of },
        });
    }
    Effect::new(Action::Consented)
}

/// Withdraws the participant's own consent. Withdrawing what was not given is no error.
pub(in crate::model) fn withdraw(edit: &mut BoardEdit, participant: ParticipantId) -> Effect {
    if matches!(edit.consent(participant), Some(ConsentState::Fine { .. })) {
        edit.remove::<Consent>(&participant);
    }
    Effect::new(Action::WithdrewConsent)
}

pub(in crate::model) fn set_aside(
    edit: &mut BoardEdit,
    participant: ParticipantId,
) -> Result<Effect, Rejection> {
    let name = name_of(edit, participant)?;
    edit.put(Consent {
        participant,
        state: ConsentState::NotTakingPart,
    });
    Ok(Effect::new(Action::SetAside { name }))
}

pub(in crate::model) fn bring_back(
    edit: &mut BoardEdit,
    participant: ParticipantId,
) -> Result<Effect, Rejection> {
    let name = name_of(edit, participant)?;
    if edit.standing(participant) == Standing::NotTakingPart {
        edit.remove::<Consent>(&participant);
    }
    Ok(Effect::new(Action::BroughtBack { name }))
}

fn name_of(board: &Board, participant: ParticipantId) -> Result<Name, Rejection> {
    match board.participant(participant) {
        Some(person) => Ok(person.name.clone()),
        None => Err(Rejection::Unknown(Target::Participant(participant))),
    }
}

/// Rejects undoing an event that gave or withdrew another participant's consent, and redoing it: only oneself can consent.
pub(in crate::model) fn check_undo(
    board: &Board,
    event: &Event,
    by: ParticipantId,
) -> Result<(), Rejection> {
    if !event.action.concerns_consent() {
        return Ok(());
    }
    let mut consents = event.change.consents.iter().filter_map(Edit::latest);
    match consents.find(|consent| consent.participant != by) {
        None => Ok(()),
        Some(consent) => {
            let owner = board.participant(consent.participant);
            let name = owner.map_or_else(|| event.actor.name.clone(), |owner| owner.name.clone());
            Err(Rejection::NotOwnConsent(name))
        }
    }
}
