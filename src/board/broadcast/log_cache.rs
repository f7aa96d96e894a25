//! Pages of the log for programs that have to catch up. The last ones are kept, because many often reconnect at once, at the same
//! event.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::OnceCell;

use super::event_batch::EventBatch;
use crate::{
    db::{self, Database},
    model::{BoardId, Epoch},
    store::{self, LogPageSize},
};

/// The size of a page: what a connection buffers.
const PAGE_SIZE: LogPageSize = LogPageSize {
    events: 200,
    bytes: 64 * 1_024,
};

/// How many pages are kept.
const KEPT_PAGES: usize = 4;

/// Some events of the log.
#[derive(Clone)]
pub(in crate::board) struct CachedPage {
    pub(super) batch: Arc<EventBatch>,
    pub(super) has_more: bool,
    /// The epoch of the board when they were read; none without events.
    pub(super) epoch: Option<Epoch>,
}

/// The number before the first event, and the version and epoch of the board in memory: a later version has more events.
pub(in crate::board) type PageKey = (i64, i64, Epoch);

/// A page that the first caller reads.
type SharedPage = Arc<OnceCell<CachedPage>>;

/// The pages that were requested last.
#[derive(Default)]
pub(in crate::board) struct LogCache(Mutex<VecDeque<(PageKey, SharedPage)>>);

impl LogCache {
    /// The first events after a number.
    pub(in crate::board) async fn page(
        &self,
        database: &Database,
        board: BoardId,
        key: PageKey,
    ) -> Result<CachedPage, db::Error> {
        let shared = self.get_or_insert(key);
        let read = || async {
            let page = store::log_page(database, board, key.0, PAGE_SIZE).await?;
            Ok(CachedPage {
                batch: Arc::new(EventBatch::new(page.events)),
                has_more: page.has_more,
                epoch: page.epoch,
            })
        };
        shared.get_or_try_init(read).await.cloned()
    }

    /// Drops all pages: the log was rewritten.
    pub(in crate::board) fn clear(&self) {
        self.pages().clear();
    }

    fn get_or_insert(&self, key: PageKey) -> SharedPage {
        let mut pages = self.pages();
        if let Some((_, page)) = pages.iter().find(|(kept, _)| *kept == key) {
            return page.clone();
        }
        let page = SharedPage::default();
        pages.truncate(KEPT_PAGES - 1);
        pages.push_front((key, page.clone()));
        page
    }

    fn pages(&self) -> MutexGuard<'_, VecDeque<(PageKey, SharedPage)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
