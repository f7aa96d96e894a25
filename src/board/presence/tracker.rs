//! Tracks who is viewing a board: everyone with an open stream, here and in other processes. Kept in memory only, and
//! published at most once a second.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::{
    runtime::Handle,
    time::{Duration, Instant, sleep_until},
};

use super::{
    super::{
        broadcast::channel::{Broadcast, StreamMessage},
        peers::{bus::PeerBus, message::ProcessId},
        snapshot::Snapshot,
    },
    process_presence::ProcessPresence,
    state::State,
};
use crate::{
    model::BrowserId,
    view::{
        ByLanguage, Fragment, Language, Swap,
        presence::{self, PresenceView},
        stream,
    },
};

/// The shortest time between two updates.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
/// The shortest delay of an update: a page that reloads leaves and comes back within it.
const DEBOUNCE: Duration = Duration::from_millis(250);

/// Tracks the presence on one board.
pub(in crate::board) struct PresenceTracker {
    current: Arc<ArcSwap<Snapshot>>,
    peers: Arc<PeerBus>,
    broadcast: Arc<Broadcast>,
    state: Mutex<State>,
    published: Mutex<Published>,
}

/// What was published last.
#[derive(Default)]
struct Published {
    /// Whether an update is scheduled.
    scheduled: bool,
    at: Option<Instant>,
    /// The presence sent to the other processes.
    local: ProcessPresence,
    /// How many people that message counts.
    count: usize,
    /// The message sent to all streams.
    message: Option<Arc<ByLanguage<Bytes>>>,
}

/// An open stream: its browser counts as present until this is dropped.
pub(in crate::board) struct PresenceGuard {
    tracker: Arc<PresenceTracker>,
    browser: BrowserId,
}

impl PresenceTracker {
    pub(in crate::board) fn new(
        current: Arc<ArcSwap<Snapshot>>,
        peers: Arc<PeerBus>,
        broadcast: Arc<Broadcast>,
    ) -> Arc<PresenceTracker> {
        Arc::new(PresenceTracker {
            current,
            peers,
            broadcast,
            state: Mutex::default(),
            published: Mutex::default(),
        })
    }

    /// Adds a stream.
    pub(in crate::board) fn enter(self: &Arc<Self>, browser: BrowserId) -> PresenceGuard {
        let first = self.state().add_stream(browser.clone());
        if first {
            // Messages about a board without streams are ignored, so the presence elsewhere may be unknown.
            self.peers.request_presence(self.current.load().board.id);
        }
        self.schedule_update();
        PresenceGuard {
            tracker: self.clone(),
            browser,
        }
    }

    /// The message with the number of people present, as it was sent last; none if it counted nobody, because whoever gets it is
    /// present.
    pub(in crate::board) fn last_message(&self, language: Language) -> Option<Bytes> {
        let published = self.published();
        let message = published.message.clone().filter(|_| published.count > 0);
        message.map(|message| message.of(language).clone())
    }

    /// Who is present, and in any case the reader.
    pub(in crate::board) fn view(&self, reader: &BrowserId) -> PresenceView {
        let snapshot = self.current.load();
        let (mut total, has_stream) = {
            let state = self.state();
            (state.total(&snapshot), state.has_stream(reader))
        };
        match snapshot.board.participant_for(reader) {
            Some(participant) => {
                total.participants.insert(participant);
            }
            None => total.guests += usize::from(!has_stream),
        }
        PresenceView {
            participants: total.participants,
            others: total.others,
            guests: total.guests,
        }
    }

    /// Whether another process reported a participant whom the board in memory does not have yet.
    pub(in crate::board) fn has_unknown_participants(&self) -> bool {
        let snapshot = self.current.load();
        let total = self.state().total(&snapshot);
        let mut participants = total.participants.into_iter();
        participants.any(|id| snapshot.board.participant(id).is_none())
    }

    /// Sets the presence of another process, none if it is gone.
    pub(in crate::board) fn set_remote(
        self: &Arc<Self>,
        process: ProcessId,
        presence: Option<ProcessPresence>,
    ) {
        let changed = self.state().set_remote(process, presence);
        if changed {
            self.schedule_update();
        }
    }

    /// Drops the presence of the other processes that are not alive.
    pub(in crate::board) fn retain_remote(self: &Arc<Self>, is_alive: impl Fn(&ProcessId) -> bool) {
        let changed = self.state().retain_remote(is_alive);
        if changed {
            self.schedule_update();
        }
    }

    /// Sends the local presence to the other processes once more, unless it is empty.
    pub(in crate::board) fn republish(&self) {
        let snapshot = self.current.load();
        let local = self.state().local(&snapshot);
        if !local.is_empty() {
            self.peers.publish(local.payload(snapshot.board.id));
        }
    }

    /// Publishes the presence soon, together with all changes until then. Does nothing if the runtime has ended: the streams that it drops
    /// leave then, and nobody is there to be told.
    pub(in crate::board) fn schedule_update(self: &Arc<Self>) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let at = {
            let mut published = self.published();
            if std::mem::replace(&mut published.scheduled, true) {
                return;
            }
            let earliest = Instant::now() + DEBOUNCE;
            published
                .at
                .map_or(earliest, |last| earliest.max(last + MIN_INTERVAL))
        };
        let tracker = self.clone();
        runtime.spawn(async move {
            sleep_until(at).await;
            tracker.publish_update();
        });
    }

    fn publish_update(&self) {
        // Before the presence is read: a change after that schedules the next update.
        {
            let mut published = self.published();
            published.scheduled = false;
            published.at = Some(Instant::now());
        }
        let snapshot = self.current.load();
        let (local, count) = {
            let state = self.state();
            (state.local(&snapshot), state.total(&snapshot).count())
        };
        let previous = std::mem::replace(&mut self.published().local, local.clone());
        if local != previous {
            self.peers.publish(local.payload(snapshot.board.id));
        }
        let message = Arc::new(ByLanguage::from_fn(|language| {
            let link = presence::link(Some(count), snapshot.contexts.of(language)).into_string();
            let fragment = Fragment::new("#presence", Swap::Morph, link);
            Bytes::from(stream::ephemeral(&Fragment::join(&[fragment])))
        }));
        let previous = {
            let mut published = self.published();
            published.count = count;
            published.message.replace(message.clone())
        };
        if previous.as_ref() != Some(&message) {
            self.broadcast.publish(StreamMessage::Ephemeral(message));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn published(&self) -> MutexGuard<'_, Published> {
        self.published
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        self.tracker.state().remove_stream(&self.browser);
        self.tracker.schedule_update();
    }
}
