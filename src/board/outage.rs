//! Whether the database answers for a board. While it does not, pages go on out of memory and say so.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;

use super::feed::{Feed, News};
use crate::view::{
    ByLanguage, Fragment, Language, Site, Swap, connection::outage as notice, stream,
};

/// The outage of the database, as one board knows it.
pub(super) struct Outage {
    lasts: AtomicBool,
    sites: Arc<ByLanguage<Site>>,
    feed: Arc<Feed>,
}

impl Outage {
    pub(super) fn new(sites: Arc<ByLanguage<Site>>, feed: Arc<Feed>) -> Outage {
        Outage {
            lasts: AtomicBool::new(false),
            sites,
            feed,
        }
    }

    pub(super) fn lasts(&self) -> bool {
        self.lasts.load(Ordering::Relaxed)
    }

    /// The database answered, or did not. Everyone who looks is told when that changes.
    pub(super) fn set(&self, lasts: bool) {
        if self.lasts.swap(lasts, Ordering::Relaxed) != lasts {
            let message = ByLanguage::from_fn(|language| self.message(language));
            self.feed.tell(News::Aside(Arc::new(message)));
        }
    }

    /// What somebody has to know who begins to listen.
    pub(super) fn shown(&self, language: Language) -> Option<Bytes> {
        self.lasts().then(|| self.message(language))
    }

    fn message(&self, language: Language) -> Bytes {
        let notice = notice(self.lasts(), &self.sites.of(language).texts).into_string();
        let fragment = Fragment::new("#outage", Swap::Morph, notice);
        stream::aside(&Fragment::join(&[fragment])).into()
    }
}
