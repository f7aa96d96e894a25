//! Who is viewing a board through one process, and how that fits into a message to the others.

use std::collections::BTreeSet;

use super::super::peers::message::PeerPayload;
use crate::model::{BoardId, ParticipantId};

/// How many participants are sent by id: as many as fit into one notification of 8,000 bytes, even if each id had 18
/// digits.
const MAX_SENT_IDS: usize = 400;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::board) struct ProcessPresence {
    pub(in crate::board) participants: BTreeSet<ParticipantId>,
    /// More participants, whose ids did not fit into the message.
    pub(in crate::board) others: usize,
    /// Browsers that have done nothing on the board yet.
    pub(in crate::board) guests: usize,
}

impl ProcessPresence {
    pub(super) fn count(&self) -> usize {
        self.participants.len() + self.others + self.guests
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(super) fn payload(&self, board: BoardId) -> PeerPayload {
        let ids = self.participants.iter().take(MAX_SENT_IDS);
        let participants: Vec<ParticipantId> = ids.copied().collect();
        PeerPayload::Presence {
            board: board.0,
            others: self.others + self.participants.len() - participants.len(),
            participants,
            guests: self.guests,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_presence_fits_into_a_notification() {
        let largest = 999_999_999_999_999_999;
        let ids = largest - 2 * MAX_SENT_IDS as i64..largest;
        let presence = ProcessPresence {
            participants: ids.map(ParticipantId).collect(),
            others: usize::MAX / 2,
            guests: usize::MAX,
        };
        let payload = presence.payload(BoardId(i64::MAX));
        let PeerPayload::Presence {
            participants,
            others,
            ..
        } = &payload
        else {
            panic!("{payload:?}");
        };
        assert_eq!(participants.len(), MAX_SENT_IDS);
        assert_eq!(*others, usize::MAX / 2 + MAX_SENT_IDS);
        let text = serde_json::to_string(&payload).unwrap();
        // The sender's id is added to it.
        assert!(text.len() < 7_850, "{}", text.len());
    }
}
