//! Rule 14: a participant's consent as a row of a board. Its rules are in `rules::consent`.

use serde::{Deserialize, Serialize};

use super::id::ParticipantId;

/// What is known of a participant's consent. Without a row, the participant has not consented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub participant: ParticipantId,
    #[serde(flatten)]
    pub state: ConsentState,
}

/// Stored with these tags: the names in Rust may change, the stored ones may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is")]
pub enum ConsentState {
    /// Can live with everything that was not vetoed as of the event `as_of`.
    #[serde(rename = "fine")]
    Fine { as_of: i64 },
    /// Set aside: does not count until the participant acts again.
    #[serde(rename = "not_taking_part")]
    NotTakingPart,
}

/// How a participant stands to the decision, as the people of a board are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Can live with everything that is not vetoed.
    Fine,
    /// Was fine until something was added by somebody else.
    Outdated,
    /// Has not said so.
    NotYet,
    NotTakingPart,
}

/// An event that outdates the consent of all other participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    pub event: i64,
    pub by: ParticipantId,
}

/// The last renewal of a board, and the last one by anybody else than its actor. They suffice to tell whether any consent is
/// outdated: see [`Renewals::outdate`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewals {
    pub last: Option<Renewal>,
    /// By another participant than `last`.
    pub before: Option<Renewal>,
}

impl Renewals {
    /// Adds the next renewal.
    pub(super) fn add(&mut self, renewal: Renewal) {
        if self.last.is_some_and(|last| last.by != renewal.by) {
            self.before = self.last;
        }
        self.last = Some(renewal);
    }

    /// Whether the consent of a participant as of an event is outdated: somebody else renewed the board after it.
    pub fn outdate(&self, participant: ParticipantId, as_of: i64) -> bool {
        let by_others = [self.last, self.before].into_iter().flatten();
        let mut by_others = by_others.filter(|renewal| renewal.by != participant);
        by_others.any(|renewal| renewal.event > as_of)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The two renewals that are kept give the same answer as all of them.
        #[test]
        fn two_renewals_suffice(
            actors in proptest::collection::vec(1i64..5, 0..20),
            participant in 1i64..6,
            as_of in 0i64..21,
        ) {
            let mut renewals = Renewals::default();
            for (by, event) in actors.iter().zip(1..) {
                renewals.add(Renewal { event, by: ParticipantId(*by) });
            }
            let mut all = actors.iter().zip(1..);
            let expected = all.any(|(by, event)| *by != participant && event > as_of);
            prop_assert_eq!(renewals.outdate(ParticipantId(participant), as_of), expected);
        }
    }
}
