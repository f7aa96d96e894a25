//! Sends messages to the other processes on the same database, and decodes theirs. A lost message only costs time, because
//! every process also polls the database.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use tokio::time::Duration;

use super::{
    super::changes::Watchers,
    message::{PeerMessage, PeerPayload, ProcessId},
};
use crate::{
    db::Notifier,
    model::{Board, BoardId},
};

/// How often boards in use are compared with the database while notifications arrive, and while they do not.
const POLL_INTERVAL: Duration = Duration::from_secs(30);
const POLL_INTERVAL_WITHOUT_LISTEN: Duration = Duration::from_secs(1);

/// The connection to the other processes.
pub(in crate::board) struct PeerBus {
    process: ProcessId,
    notifier: OnceLock<Notifier>,
    listening: AtomicBool,
    /// Those in this process who are told of new events.
    pub(in crate::board) watchers: Watchers,
}

impl PeerBus {
    /// A bus that sends nothing until it has a notifier.
    pub(in crate::board) fn new() -> PeerBus {
        PeerBus {
            process: ProcessId::random(),
            notifier: OnceLock::new(),
            listening: AtomicBool::new(false),
            watchers: Watchers::default(),
        }
    }

    pub(in crate::board) fn set_notifier(&self, notifier: Notifier) {
        let _ = self.notifier.set(notifier);
    }

    /// Records whether notifications of other processes arrive.
    pub(super) fn set_listening(&self, listening: bool) {
        self.listening.store(listening, Ordering::Relaxed);
    }

    /// How often to compare a board in use with the database.
    pub(in crate::board) fn poll_interval(&self) -> Duration {
        match self.listening.load(Ordering::Relaxed) {
            true => POLL_INTERVAL,
            false => POLL_INTERVAL_WITHOUT_LISTEN,
        }
    }

    /// Announces that a board advanced.
    pub(in crate::board) fn publish_version(&self, board: BoardId, version: i64) {
        self.watchers.tell(board);
        self.publish(PeerPayload::VersionChanged {
            board: board.0,
            version,
            epoch: None,
        });
    }

    /// Announces the version and the epoch of a board: what was announced while there was no connection was dropped.
    pub(super) fn announce(&self, board: &Board) {
        self.publish(PeerPayload::VersionChanged {
            board: board.id.0,
            version: board.version(),
            epoch: Some(board.epoch.0),
        });
    }

    /// Announces that a board is in another epoch.
    pub(in crate::board) fn publish_epoch(&self, board: BoardId) {
        self.publish(PeerPayload::EpochChanged {
            board: Some(board.0),
        });
    }

    /// The notification with this message.
    pub(in crate::board) fn encode(&self, payload: PeerPayload) -> serde_json::Result<String> {
        serde_json::to_string(&self.message(payload))
    }

    /// Asks the others who is viewing a board.
    pub(in crate::board) fn request_presence(&self, board: BoardId) {
        self.publish(PeerPayload::PresenceRequest {
            board: Some(board.0),
        });
    }

    pub(in crate::board) fn publish(&self, payload: PeerPayload) {
        let Some(notifier) = self.notifier.get() else {
            return;
        };
        match self.encode(payload) {
            Ok(text) => notifier.notify(text),
            Err(error) => tracing::error!(%error, "could not encode a message to other processes"),
        }
    }

    /// Decodes a notification; none if this process sent it, or if it cannot be read, as from a newer version.
    pub(super) fn decode(&self, notification: &str) -> Option<PeerMessage> {
        let message: PeerMessage = serde_json::from_str(notification).ok()?;
        (message.sender != self.process).then_some(message)
    }

    fn message(&self, payload: PeerPayload) -> PeerMessage {
        PeerMessage {
            sender: self.process.clone(),
            payload,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ignores_its_own_and_unreadable_notifications() {
        let (sender, receiver) = (PeerBus::new(), PeerBus::new());
        let message = sender.message(PeerPayload::Heartbeat);
        let notification = serde_json::to_string(&message).unwrap();
        assert_eq!(receiver.decode(&notification), Some(message));
        assert_eq!(sender.decode(&notification), None);
        assert_eq!(sender.decode("hello"), None);
    }
}
