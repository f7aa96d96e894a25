//! Rule 4: any participant may veto any feature once, give a reason, and withdraw only their own veto.

use std::collections::BTreeSet;

use super::effect::Effect;
use crate::model::{
    action::Action,
    board::{Board, BoardEdit},
    change::Edit,
    event::Event,
    id::{BoardObject, FeatureId, ParticipantId, Timestamp},
    name::{Name, Reason},
    rejection::Rejection,
    setting::ReasonPolicy,
    veto::Veto,
};

/// Vetoes a feature. Repeating a veto is no error and keeps its reason; it changes nothing, unless the feature was renamed since.
pub(in crate::model) fn veto(
    edit: &mut BoardEdit,
    feature: FeatureId,
    participant: ParticipantId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let existing = edit.veto_by(participant, feature);
    let reason = existing.and_then(|veto| veto.reason.clone());
    veto_with_reason(edit, feature, participant, reason, at)
}

/// Vetoes a feature with a reason, which the board may require. The reason of an existing veto is replaced, or removed if none is given. A veto that was given
/// to another name is given anew.
pub(in crate::model) fn veto_with_reason(
    edit: &mut BoardEdit,
    feature: FeatureId,
    participant: ParticipantId,
    reason: Option<Reason>,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let row = edit.live_feature(feature)?.clone();
    let item = edit.item_name(row.item);
    let existing = edit.veto_by(participant, feature).cloned();
    // A veto that was given before reasons were required stays valid.
    let is_unchanged = existing
        .as_ref()
        .is_some_and(|veto| veto.reason.is_none() && veto.given_to.is_none());
    if reason.is_none() && !is_unchanged && edit.reasons() == ReasonPolicy::Required {
        return Err(Rejection::ReasonRequired(row.name));
    }
    let (veto, action) = match existing.filter(|veto| veto.given_to.is_none()) {
        Some(existing) => {
            let action = Action::GaveReason {
                feature: row.name,
                item,
                reason: reason.clone(),
            };
            (Veto { reason, ..existing }, action)
        }
        None => {
            let action = Action::Vetoed {
                feature: row.name,
                item,
                reason: reason.clone(),
            };
            let veto = Veto {
                feature,
                participant,
                at,
                reason,
                given_to: None,
            };
            (veto, action)
        }
    };
    edit.put(veto);
    Ok(Effect::on(BoardObject::Feature(feature), action))
}

/// Changes the reason of the participant's own veto. Rejected if it was withdrawn: a reason alone must not veto again.
pub(in crate::model) fn change_reason(
    edit: &mut BoardEdit,
    feature: FeatureId,
    participant: ParticipantId,
    reason: Option<Reason>,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let row = edit.live_feature(feature)?;
    if !edit.has_vetoed(participant, feature) {
        return Err(Rejection::NoVeto(row.name.clone()));
    }
    veto_with_reason(edit, feature, participant, reason, at)
}

/// Makes the vetoes of a feature, except those of the participants `except`, remember what they were given to when it is renamed. Returns how many
/// vetoes of the feature were given to another name than the new one.
pub(super) fn follow_rename(
    edit: &mut BoardEdit,
    feature: FeatureId,
    from: &Name,
    to: &Name,
    except: &BTreeSet<ParticipantId>,
) -> usize {
    let vetoes: Vec<Veto> = edit.vetoes_of(feature).cloned().collect();
    for veto in vetoes {
        if !except.contains(&veto.participant) {
            edit.put(veto.after_rename(from, to));
        }
    }
    let vetoes = edit.vetoes_of(feature);
    vetoes.filter(|veto| veto.given_to.is_some()).count()
}

/// Withdraws the participant's own veto. Withdrawing a veto that does not exist is no error.
pub(in crate::model) fn withdraw_veto(
    edit: &mut BoardEdit,
    feature: FeatureId,
    participant: ParticipantId,
) -> Result<Effect, Rejection> {
    let row = edit.live_feature(feature)?.clone();
    if edit.has_vetoed(participant, feature) {
        edit.remove::<Veto>(&(feature, participant));
    }
    let item = edit.item_name(row.item);
    Ok(Effect::on(
        BoardObject::Feature(feature),
        Action::WithdrewVeto {
            feature: row.name,
            item,
        },
    ))
}

/// Rejects undoing an event that gave, changed or withdrew another participant's veto, and redoing it: only its owner may change
/// a veto. A merge, a move, a split or a deletion that moved vetoes along with their features may be undone by anybody, because
/// the undo restores the rows as they were, and every veto with them.
pub(in crate::model) fn check_undo(
    board: &Board,
    event: &Event,
    by: ParticipantId,
) -> Result<(), Rejection> {
    if !event.action.concerns_one_veto() {
        return Ok(());
    }
    let vetoes = event.change.vetoes.iter().filter_map(Edit::latest);
    match vetoes
        .map(|veto| veto.participant)
        .find(|owner| *owner != by)
    {
        None => Ok(()),
        Some(owner) => {
            let owner = board.participant(owner);
            let name = owner.map_or_else(|| event.actor.name.clone(), |owner| owner.name.clone());
            Err(Rejection::NotOwnVeto(name))
        }
    }
}
