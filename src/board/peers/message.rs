//! The messages between the processes on one database, and their JSON form. Older processes may run beside newer ones during
//! an upgrade, so the JSON must not change.

use serde::{Deserialize, Serialize};

use crate::model::ParticipantId;

/// The NOTIFY channel of all processes on a database.
pub(in crate::board) const CHANNEL: &str = "savt";

/// A random identifier of a process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::board) struct ProcessId(String);

impl ProcessId {
    pub(super) fn random() -> ProcessId {
        ProcessId(format!("{:016x}", rand::random::<u64>()))
    }
}

/// A message from one process to all others.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::board) struct PeerMessage {
    #[serde(rename = "by")]
    pub(in crate::board) sender: ProcessId,
    #[serde(flatten)]
    pub(in crate::board) payload: PeerPayload,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "said")]
pub(in crate::board) enum PeerPayload {
    /// A board advanced to a version, or has it already.
    #[serde(rename = "changed")]
    VersionChanged {
        board: i64,
        version: i64,
        /// The epoch of that version, if another process may not know it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<i64>,
    },
    /// A board is in another epoch, or every board if none is given.
    #[serde(rename = "epoch")]
    EpochChanged { board: Option<i64> },
    /// Who is viewing a board through the sender.
    #[serde(rename = "here")]
    Presence {
        board: i64,
        #[serde(rename = "people")]
        participants: Vec<ParticipantId>,
        others: usize,
        guests: usize,
    },
    /// Asks all others for their presence on a board, or on every board if none is given.
    #[serde(rename = "ask")]
    PresenceRequest { board: Option<i64> },
    /// The sender is alive, and its last presence still holds.
    #[serde(rename = "alive")]
    Heartbeat,
    /// The sender is shutting down.
    #[serde(rename = "bye")]
    Shutdown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_message_is_stable() {
        assert_eq!(CHANNEL, "savt");
        let presence = PeerPayload::Presence {
            board: 1,
            participants: vec![ParticipantId(2), ParticipantId(3)],
            others: 4,
            guests: 5,
        };
        let version_changed = |epoch| PeerPayload::VersionChanged {
            board: 1,
            version: 7,
            epoch,
        };
        for (payload, json) in [
            (
                version_changed(None),
                r#"{"by":"a1","said":"changed","board":1,"version":7}"#,
            ),
            (
                version_changed(Some(9)),
                r#"{"by":"a1","said":"changed","board":1,"version":7,"epoch":9}"#,
            ),
            (
                presence,
                r#"{"by":"a1","said":"here","board":1,"people":[2,3],"others":4,"guests":5}"#,
            ),
            (
                PeerPayload::EpochChanged { board: Some(1) },
                r#"{"by":"a1","said":"epoch","board":1}"#,
            ),
            (
                PeerPayload::EpochChanged { board: None },
                r#"{"by":"a1","said":"epoch","board":null}"#,
            ),
            (
                PeerPayload::PresenceRequest { board: Some(1) },
                r#"{"by":"a1","said":"ask","board":1}"#,
            ),
            (
                PeerPayload::PresenceRequest { board: None },
                r#"{"by":"a1","said":"ask","board":null}"#,
            ),
            (PeerPayload::Heartbeat, r#"{"by":"a1","said":"alive"}"#),
            (PeerPayload::Shutdown, r#"{"by":"a1","said":"bye"}"#),
        ] {
            let message = PeerMessage {
                sender: ProcessId("a1".to_owned()),
                payload,
            };
            assert_eq!(serde_json::to_string(&message).unwrap(), json);
            assert_eq!(serde_json::from_str::<PeerMessage>(json).unwrap(), message);
        }
    }
}
