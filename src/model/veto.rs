//! A veto as a row of a board. Its rules are in `rules::veto`.

use serde::{Deserialize, Serialize};

use super::{
    id::{FeatureId, ParticipantId, Timestamp},
    name::{Name, Reason},
};

/// One participant's objection to one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    pub feature: FeatureId,
    pub participant: ParticipantId,
    pub at: Timestamp,
    /// Omitted from the log if absent, as in logs written before vetoes had reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The name of the feature when the veto was given, if it has another one now. Omitted from the log if absent, as in logs of
    /// earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_to: Option<Name>,
}

impl Veto {
    /// The veto after its feature was renamed: it remembers the name it was given to, until the feature has that name again.
    pub(super) fn after_rename(&self, from: &Name, to: &Name) -> Veto {
        let given_to = self.given_to.as_ref().unwrap_or(from);
        Veto {
            given_to: (given_to.key() != to.key()).then(|| given_to.clone()),
            ..self.clone()
        }
    }
}
