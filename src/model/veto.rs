//! Rule 4: any participant may veto any feature, once, and take back only their own.

use serde::{Deserialize, Serialize};

use super::{Action, FeatureId, Moment, ParticipantId, Refusal, Thing, done::Done, draft::Draft};

/// One participant's objection to one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    pub feature: FeatureId,
    pub participant: ParticipantId,
    pub at: Moment,
}

/// Vetoes a feature; again is no error.
pub(super) fn veto(
    draft: &mut Draft,
    feature: FeatureId,
    participant: ParticipantId,
    at: Moment,
) -> Result<Done, Refusal> {
    let row = draft.living_feature(feature)?.clone();
    if !draft.has_vetoed(participant, feature) {
        draft.put(Veto {
            feature,
            participant,
            at,
        });
    }
    let item = draft.item_name(row.item);
    Ok(Done::about(
        Thing::Feature(feature),
        Action::Vetoed {
            feature: row.name,
            item,
        },
    ))
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
