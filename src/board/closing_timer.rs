//! Shows on every open page that the deadline of a board has passed, at that moment. It decides nothing: the rules compare the
//! deadline with the time of each command.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::time::{Duration, sleep};

use super::{
    broadcast::channel::{Broadcast, StreamMessage},
    clock::now,
    snapshot::Snapshot,
};
use crate::{
    model::Timestamp,
    view::{ByLanguage, Fragment, Language, consent, outcome, stream},
};

/// How often a timer looks whether anybody still watches, and what time it is: the clock may be set.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// The timer of one board.
pub(super) struct ClosingTimer {
    current: Arc<ArcSwap<Snapshot>>,
    broadcast: Arc<Broadcast>,
    /// The deadline that a task waits for.
    waits_for: Mutex<Option<Timestamp>>,
}

impl ClosingTimer {
    pub(super) fn new(
        current: Arc<ArcSwap<Snapshot>>,
        broadcast: Arc<Broadcast>,
    ) -> Arc<ClosingTimer> {
        Arc::new(ClosingTimer {
            current,
            broadcast,
            waits_for: Mutex::default(),
        })
    }

    /// Waits for the deadline of an open board that somebody watches. To be called when the deadline may have changed, and when a
    /// stream has subscribed.
    pub(super) fn schedule(self: &Arc<Self>) {
        let Some(at) = self.next_deadline() else {
            return;
        };
        if self.waits_for().replace(at) == Some(at) {
            return;
        }
        let timer = self.clone();
        tokio::spawn(async move { timer.wait_until(at).await });
    }

    /// The message for a new stream: it may have been sent a page of before the deadline, or one that a browser kept. None if the
    /// board has no deadline.
    pub(super) fn initial_message(&self, language: Language) -> Option<Bytes> {
        let snapshot = self.current.load();
        snapshot.board.deadline()?;
        Some(message(&snapshot, language))
    }

    fn next_deadline(&self) -> Option<Timestamp> {
        let snapshot = self.current.load();
        let at = snapshot.board.deadline()?.at;
        (snapshot.board.closed(now()).is_none() && self.broadcast.has_subscribers()).then_some(at)
    }

    /// Ends early if another deadline was set, or if nobody watches.
    async fn wait_until(&self, at: Timestamp) {
        while let Ok(left) = (at - now()).to_std()
            && !left.is_zero()
        {
            sleep(left.min(CHECK_INTERVAL)).await;
            let mut waits_for = self.waits_for();
            if *waits_for != Some(at) {
                return;
            }
            // A stream subscribes before it calls `schedule`.
            if !self.broadcast.has_subscribers() {
                *waits_for = None;
                return;
            }
        }
        *self.waits_for() = None;
        loop {
            let snapshot = self.current.load_full();
            let messages = ByLanguage::from_fn(|language| message(&snapshot, language));
            self.broadcast
                .publish(StreamMessage::Ephemeral(Arc::new(messages)));
            // What a change has replaced meanwhile must not be the last thing that pages are told.
            if Arc::ptr_eq(&snapshot, &self.current.load_full()) {
                return;
            }
        }
    }

    fn waits_for(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.waits_for
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn message(snapshot: &Snapshot, language: Language) -> Bytes {
    let (board, now) = (&snapshot.board, now());
    let context = snapshot.contexts.of(language);
    let mut fragments = vec![outcome::fragment(board, now, context)];
    fragments.extend(consent::fragment_if_closed(board, now, context));
    stream::ephemeral(&Fragment::join(&fragments)).into()
}
