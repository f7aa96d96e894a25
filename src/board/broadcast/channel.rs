//! The channel from a board's writer to its streams.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use tokio::sync::broadcast;

use super::delta::Delta;
use crate::view::ByLanguage;

/// How many messages a subscriber may fall behind: a few seconds of a busy board.
const CAPACITY: usize = 256;

/// What a subscriber receives.
#[derive(Clone)]
pub(in crate::board) enum StreamMessage {
    /// The board advanced.
    Delta(Arc<Delta>),
    /// A message for everyone that belongs to no event.
    Ephemeral(Arc<ByLanguage<Bytes>>),
    /// Sent every 15 s, because proxies close silent connections.
    KeepAlive,
    /// The board was replaced by one that no delta leads to: load it again.
    Resync,
    /// The board was deleted. No more messages follow.
    BoardDeleted,
    /// No more messages follow.
    Closed,
}

/// Sends each message to all streams of a board. All subscribers share one queue. A subscriber that falls behind is told to
/// load the board again, and does not delay others.
pub(in crate::board) struct Broadcast {
    sender: broadcast::Sender<StreamMessage>,
    /// Needed besides [`StreamMessage::Closed`]: a later subscriber does not receive that message.
    closed: AtomicBool,
    /// Whether the board was deleted.
    board_deleted: AtomicBool,
}

impl Broadcast {
    pub(in crate::board) fn new() -> Broadcast {
        Broadcast {
            sender: broadcast::Sender::new(CAPACITY),
            closed: AtomicBool::new(false),
            board_deleted: AtomicBool::new(false),
        }
    }

    pub(in crate::board) fn subscribe(&self) -> broadcast::Receiver<StreamMessage> {
        self.sender.subscribe()
    }

    pub(in crate::board) fn has_subscribers(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Sends a message to all subscribers, if there are any.
    pub(in crate::board) fn publish(&self, message: StreamMessage) {
        let _ = self.sender.send(message);
    }

    /// Ends all streams, including those that open later.
    pub(in crate::board) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.publish(StreamMessage::Closed);
    }

    /// Tells all streams, including those that open later, that the board was deleted, and ends them.
    pub(in crate::board) fn end_deleted(&self) {
        if !self.board_deleted.swap(true, Ordering::AcqRel) {
            self.publish(StreamMessage::BoardDeleted);
        }
    }

    pub(in crate::board) fn is_of_deleted_board(&self) -> bool {
        self.board_deleted.load(Ordering::Acquire)
    }

    pub(in crate::board) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}
