//! Sends notifications to the other processes on one PostgreSQL, through a queue that the listener's task empties.

use tokio::sync::mpsc;

/// The maximum size of a notification. PostgreSQL accepts 7,999 bytes in the server's encoding.
const MAX_PAYLOAD_BYTES: usize = 7_900;

/// A notification of other processes that belongs to a transaction.
#[derive(Clone, Debug)]
pub struct Notification {
    pub channel: &'static str,
    pub payload: String,
}

/// Sends notifications on one channel. Clones share the connection.
#[derive(Clone)]
pub struct Notifier(mpsc::Sender<String>);

impl Notifier {
    pub(super) fn new(queue: mpsc::Sender<String>) -> Notifier {
        Notifier(queue)
    }

    /// Sends a notification of up to 7,900 bytes to all listeners, including this process. Never waits. By design it is
    /// dropped while the connection is down or the queue is full: listeners also poll. PostgreSQL may merge identical
    /// notifications that are sent together.
    pub fn notify(&self, payload: String) {
        // PostgreSQL would reject it together with all others in the same statement.
        if payload.len() > MAX_PAYLOAD_BYTES || payload.contains('\0') {
            tracing::warn!(bytes = payload.len(), "dropping an invalid notification");
            return;
        }
        let _ = self.0.try_send(payload);
    }
}
