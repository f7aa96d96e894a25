//! Whether the database is reachable for one board. While it is not, pages are served from memory and show a notice.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;

use super::broadcast::channel::{Broadcast, StreamMessage};
use crate::view::{
    BoardContext, ByLanguage, Fragment, Language, Swap, connection::outage as notice, stream,
};

/// The state of the database as one board sees it.
pub(super) struct Outage {
    active: AtomicBool,
    contexts: Arc<ByLanguage<BoardContext>>,
    broadcast: Arc<Broadcast>,
}

impl Outage {
    pub(super) fn new(
        contexts: Arc<ByLanguage<BoardContext>>,
        broadcast: Arc<Broadcast>,
    ) -> Outage {
        Outage {
            active: AtomicBool::new(false),
            contexts,
            broadcast,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Relaxed)
    }

    /// Records whether the database failed to answer. Notifies every stream when that changes.
    pub(super) fn set_active(&self, active: bool) {
        if self.active.swap(active, Ordering::Relaxed) != active {
            let message = ByLanguage::from_fn(|language| self.message(language));
            self.broadcast
                .publish(StreamMessage::Ephemeral(Arc::new(message)));
        }
    }

    /// The message for a new stream; none without an outage.
    pub(super) fn initial_message(&self, language: Language) -> Option<Bytes> {
        self.is_active().then(|| self.message(language))
    }

    fn message(&self, language: Language) -> Bytes {
        let notice = notice(self.is_active(), &self.contexts.of(language).texts).into_string();
        let fragment = Fragment::new("#outage", Swap::Morph, notice);
        stream::ephemeral(&Fragment::join(&[fragment])).into()
    }
}
