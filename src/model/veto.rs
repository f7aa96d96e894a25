//! A veto as a row of a board. Its rules are in `rules::veto`.

use serde::{Deserialize, Serialize};

use super::{
    id::{FeatureId, ParticipantId, Timestamp},
    name::Reason,
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
}
