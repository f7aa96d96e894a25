//! One program's stream of a board's log: every event once, in order, without gaps. What the channel does not have is read from the
//! log, so that a slow program falls behind but misses nothing.

use std::sync::Arc;

use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    super::handle::BoardHandle, channel::StreamMessage, event_batch::EventBatch,
    subscription::Since,
};
use crate::{metrics::GaugeGuard, model::Epoch};

/// What a program that follows a board receives.
pub enum LogMessage {
    /// The next events.
    Events(Arc<EventBatch>),
    /// Nothing happened for a while.
    KeepAlive,
    /// The numbers that the program knows belong to another history. The last message.
    Epoch {
        epoch: Epoch,
        /// The number of the last event in this epoch.
        version: i64,
    },
    /// The board was deleted. The last message.
    BoardDeleted,
}

/// One program's stream. Programs that only follow a board do not count as present.
pub struct LogFollower {
    handle: Arc<BoardHandle>,
    epoch: Epoch,
    /// The number of the last event that the program has.
    at: i64,
    /// Whether the next events have to be read from the log.
    is_behind: bool,
    /// Whether `at` belongs to another history.
    is_lost: bool,
    has_ended: bool,
    receiver: broadcast::Receiver<StreamMessage>,
    _open_streams: GaugeGuard,
}

impl LogFollower {
    /// Follows a board after `since`, or from now on.
    pub(in crate::board) async fn open(
        handle: Arc<BoardHandle>,
        since: Option<Since>,
    ) -> LogFollower {
        // Subscribe before reading the version, so that no event is lost in between.
        let receiver = handle.broadcast.subscribe();
        let mut snapshot = handle.read().await;
        if since.is_some_and(|since| !since.is_of(&snapshot)) {
            // Another process may have noticed the other epoch first.
            handle.refresh().await;
            snapshot = handle.current.load_full();
        }
        let version = snapshot.board.version();
        let is_lost = match since {
            Some(since) if !since.is_of(&snapshot) => true,
            // Another process may have added events that this one has not read yet.
            Some(since) if since.version > version => {
                let stored = handle.stored_version(version).await;
                stored.is_some_and(|stored| since.version > stored)
            }
            _ => false,
        };
        let at = since.map_or(version, |since| since.version);
        LogFollower {
            epoch: snapshot.board.epoch,
            at,
            is_behind: at != version,
            is_lost,
            has_ended: false,
            receiver,
            _open_streams: GaugeGuard::increment(&handle.metrics.streams),
            handle,
        }
    }

    /// The number of the last event that the program has.
    pub fn position(&self) -> i64 {
        self.at
    }

    /// The next message; none if the stream has ended and the program should reconnect.
    pub async fn next(&mut self) -> Option<LogMessage> {
        if self.has_ended {
            return None;
        }
        if self.handle.is_deleted() {
            return Some(self.end_deleted());
        }
        if self.handle.broadcast.is_closed() {
            return None;
        }
        loop {
            if self.is_lost {
                return Some(self.end_of_epoch().await);
            }
            if self.is_behind {
                match self.catch_up().await? {
                    Some(events) => return Some(LogMessage::Events(events)),
                    None => continue,
                }
            }
            match self.receiver.recv().await {
                Ok(StreamMessage::Delta(delta)) => {
                    if delta.snapshot.board.epoch != self.epoch {
                        self.is_lost = true;
                    } else if let Some(events) = delta.events.after(self.at) {
                        self.at = delta.version();
                        return Some(LogMessage::Events(events));
                    } else {
                        self.is_behind = delta.version() > self.at;
                    }
                }
                Ok(StreamMessage::KeepAlive) => return Some(LogMessage::KeepAlive),
                Ok(StreamMessage::Ephemeral(_)) => {}
                Ok(StreamMessage::Resync) | Err(RecvError::Lagged(_)) => {
                    self.is_lost = self.handle.current.load().board.epoch != self.epoch;
                    self.is_behind = true;
                }
                Ok(StreamMessage::BoardDeleted) => return Some(self.end_deleted()),
                Ok(StreamMessage::Closed) | Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Reads the next events from the log, if there are more. None ends the stream: the program gets them when it reconnects.
    async fn catch_up(&mut self) -> Option<Option<Arc<EventBatch>>> {
        let page = self.handle.log_page(self.at).await?;
        if page.epoch.is_some_and(|epoch| epoch != self.epoch) {
            self.is_lost = true;
            return Some(None);
        }
        self.is_behind = page.has_more;
        let Some(last) = page.batch.last() else {
            return Some(None);
        };
        let events = page.batch.after(self.at)?;
        self.at = last;
        Some(Some(events))
    }

    fn end_deleted(&mut self) -> LogMessage {
        self.has_ended = true;
        LogMessage::BoardDeleted
    }

    async fn end_of_epoch(&mut self) -> LogMessage {
        self.has_ended = true;
        self.handle.metrics.reloads.inc();
        let mut snapshot = self.handle.current.load_full();
        if snapshot.board.epoch == self.epoch {
            self.handle.refresh().await;
            snapshot = self.handle.current.load_full();
        }
        LogMessage::Epoch {
            epoch: snapshot.board.epoch,
            version: snapshot.board.version(),
        }
    }
}
