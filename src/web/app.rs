//! What every handler has at hand.

use std::{io, sync::Arc, time::Duration};

use prometheus::Histogram;

use super::{Figures, Lock, etag::short_hash, lag::Lag, middleware::pace::Pace};
use crate::{
    assets,
    board::Boards,
    model::{Identity, Name},
    view::{ByLanguage, Language, Languages},
};

/// The boards and the words, shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(super) boards: Boards,
    /// What an item is called that nobody named: `Pizza` for `Pizza-1`.
    pub(super) fallback: Arc<ByLanguage<Name>>,
    /// What all pages have in common besides the boards: another build or other words make other pages.
    pub(super) look: Arc<str>,
    pub(super) figures: Arc<Figures>,
    pub(super) pace: Arc<Pace>,
    pub(super) lag: Arc<Lag>,
    pub(super) identity: Identity,
    /// What closes all of it to strangers, if it is not open.
    pub(super) lock: Option<Arc<Lock>>,
}

impl App {
    pub fn new(boards: Boards) -> App {
        let terms = |language| &boards.languages().texts(language).terms;
        let fallback = ByLanguage::from_fn(|language| Name::stored(terms(language).item_at_head()));
        let words = Language::ALL.map(|language| terms(language).words());
        let look = short_hash(&[&[assets::MAKE], words.as_flattened()].concat());
        App {
            boards,
            fallback: Arc::new(fallback),
            look: look.into(),
            figures: Arc::new(Figures::new()),
            pace: Arc::default(),
            lag: Arc::new(Lag::new()),
            identity: Identity::default(),
            lock: None,
        }
    }

    /// The same, where each client may do so much.
    #[must_use]
    pub fn at_pace(self, pace: Pace) -> App {
        let pace = Arc::new(pace);
        App { pace, ..self }
    }

    /// The same where people are believed so far.
    pub fn with_identity(self, identity: Identity) -> App {
        App { identity, ..self }
    }

    /// The same, closed to strangers.
    pub fn with_lock(self, lock: Lock) -> App {
        App {
            look: short_hash(&[&self.look, "closed"]).into(),
            lock: Some(Arc::new(lock)),
            ..self
        }
    }

    pub fn boards(&self) -> &Boards {
        &self.boards
    }

    /// What is counted of the requests.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Refuses, from now on, what is more than this runtime can do: whatever comes while what came before it has waited as long
    /// as `limit` for a processor.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn shed_excess(&self, limit: Duration) -> io::Result<()> {
        self.lag.watch(limit)
    }

    /// How long what is ready to run waits for a processor, in seconds; counted while excess is shed.
    pub fn lag(&self) -> &Histogram {
        self.lag.waits()
    }

    pub(super) fn languages(&self) -> &Languages {
        self.boards.languages()
    }
}
