//! The messages to one open stream, ready to be sent: first what the browser missed, then each delta as it is published.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use tokio::sync::broadcast::{self, error::RecvError};

use super::{
    super::{handle::BoardHandle, presence::tracker::PresenceGuard, snapshot::Snapshot},
    channel::StreamMessage,
    resume::Resume,
};
use crate::{
    metrics::GaugeGuard,
    model::{BrowserId, Epoch},
    view::{Language, stream},
};

/// What a browser has of a board.
#[derive(Clone, Copy)]
pub struct Since {
    /// The number of the last event.
    pub version: i64,
    /// None for pages of versions without epochs: the one of the board.
    pub epoch: Option<Epoch>,
}

impl Since {
    /// Whether the event number belongs to the history of this snapshot.
    pub(super) fn is_of(self, snapshot: &Snapshot) -> bool {
        self.epoch.is_none_or(|epoch| epoch == snapshot.board.epoch)
    }
}

/// One browser's stream. The browser counts as present while this exists.
pub struct Subscription {
    handle: Arc<BoardHandle>,
    browser: BrowserId,
    language: Language,
    /// Sent before anything from the channel.
    initial: VecDeque<Bytes>,
    /// The number of the last event that the browser has.
    version: i64,
    receiver: broadcast::Receiver<StreamMessage>,
    has_ended: bool,
    _presence: PresenceGuard,
    _open_streams: GaugeGuard,
}

impl Subscription {
    /// Subscribes a browser that has all events up to `since`, or all current events if `since` is none.
    pub(in crate::board) async fn open(
        handle: Arc<BoardHandle>,
        browser: BrowserId,
        language: Language,
        since: Option<Since>,
    ) -> Subscription {
        // Subscribe before reading the snapshot, so that no delta is lost in between.
        let receiver = handle.broadcast.subscribe();
        let mut snapshot = handle.read().await;
        let is_known =
            |since: Since| since.is_of(&snapshot) && since.version <= snapshot.board.version();
        if since.is_some_and(|since| !is_known(since)) {
            // The browser was connected to a process with a newer version or epoch.
            handle.refresh().await;
            snapshot = handle.current.load_full();
        }
        let version = snapshot.board.version();
        let resume = match since {
            Some(since) if !since.is_of(&snapshot) => Resume::Reload,
            Some(since) => handle.resume(since.version, &snapshot).await,
            None => Resume::UpToDate,
        };
        let mut initial = match resume {
            Resume::UpToDate => vec![stream::hello(Some(version)).into()],
            Resume::Delta(delta) => {
                vec![
                    stream::hello(None).into(),
                    delta.message(&browser, language),
                ]
            }
            Resume::Reload => {
                handle.metrics.reloads.inc();
                vec![stream::hello(None).into(), stream::RELOAD.into()]
            }
        };
        // A second tab does not change the number of people present, so no update with it follows.
        initial.extend(handle.presence.last_message(language));
        initial.extend(handle.outage.initial_message(language));
        initial.extend(handle.closing.initial_message(language));
        handle.closing.schedule();
        Subscription {
            initial: initial.into(),
            version,
            receiver,
            has_ended: false,
            _presence: handle.presence.enter(browser.clone()),
            _open_streams: GaugeGuard::increment(&handle.metrics.streams),
            handle,
            browser,
            language,
        }
    }

    /// The next message; none if the stream has ended and the browser should reconnect. Cancel safe.
    pub async fn next(&mut self) -> Option<Bytes> {
        if let Some(message) = self.initial.pop_front() {
            return Some(message);
        }
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
            match self.receiver.recv().await {
                Ok(StreamMessage::Delta(delta)) if delta.version() <= self.version => {}
                // Every text of the page has other words.
                Ok(StreamMessage::Delta(delta)) if delta.changes_every_text() => {
                    return self.resync();
                }
                Ok(StreamMessage::Delta(delta)) => {
                    self.version = delta.version();
                    return Some(delta.message(&self.browser, self.language));
                }
                Ok(StreamMessage::Ephemeral(message)) => {
                    return Some(message.of(self.language).clone());
                }
                Ok(StreamMessage::KeepAlive) => return Some(stream::KEEP_ALIVE.into()),
                Ok(StreamMessage::Resync) | Err(RecvError::Lagged(_)) => return self.resync(),
                Ok(StreamMessage::BoardDeleted) => return Some(self.end_deleted()),
                Ok(StreamMessage::Closed) | Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The last message: the page that the browser loads says that the board was deleted.
    fn end_deleted(&mut self) -> Bytes {
        self.has_ended = true;
        stream::RELOAD.into()
    }

    /// Tells the browser to reload, and skips all queued messages: the page it loads includes them.
    fn resync(&mut self) -> Option<Bytes> {
        self.handle.metrics.reloads.inc();
        self.receiver = self.receiver.resubscribe();
        self.version = self.handle.current.load().board.version();
        (!self.handle.broadcast.is_closed()).then(|| stream::RELOAD.into())
    }
}
