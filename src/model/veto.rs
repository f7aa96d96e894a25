//! Rule 4: any participant may veto any feature, once, say why, and take back only their own.

use serde::{Deserialize, Serialize};

use super::{
    Action, FeatureId, Moment, ParticipantId, Reason, Refusal, Thing, done::Done, draft::Draft,
};

/// One participant's objection to one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    pub feature: FeatureId,
    pub participant: ParticipantId,
    pub at: Moment,
    /// Left out of the log where there is none, as it was before vetoes had reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Vetoes a feature; again is no error, and leaves the reason as it is.
pub(super) fn veto(
    draft: &mut Draft,
    feature: FeatureId,
    participant: ParticipantId,
    at: Moment,
) -> Result<Done, Refusal> {
    let standing = draft.veto_by(participant, feature);
    let reason = standing.and_then(|veto| veto.reason.clone());
    veto_because(draft, feature, participant, reason, at)
}

/// Vetoes a feature and says why; a veto that stands gets the new reason, or loses its own.
pub(super) fn veto_because(
    draft: &mut Draft,
    feature: FeatureId,
    participant: ParticipantId,
    reason: Option<Reason>,
    at: Moment,
) -> Result<Done, Refusal> {
    let row = draft.living_feature(feature)?.clone();
    let item = draft.item_name(row.item);
    let (veto, action) = match draft.veto_by(participant, feature).cloned() {
        Some(standing) => {
            let action = Action::GaveReason {
                feature: row.name,
                item,
                reason: reason.clone(),
            };
            (Veto { reason, ..standing }, action)
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
            };
            (veto, action)
        }
    };
    draft.put(veto);
    Ok(Done::about(Thing::Feature(feature), action))
}

/// Takes back one's own veto; taking back what is not there is no error.
pub(super) fn take_back(
    draft: &mut Draft,
    feature: FeatureId,
    participant: ParticipantId,
) -> Result<Done, Refusal> {
    let row = draft.living_feature(feature)?.clone();
    if draft.has_vetoed(participant, feature) {
        draft.remove::<Veto>(&(feature, participant));
    }
    let item = draft.item_name(row.item);
    Ok(Done::about(
        Thing::Feature(feature),
        Action::TookBack {
            feature: row.name,
            item,
        },
    ))
}
