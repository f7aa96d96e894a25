//! The boards in memory: each is loaded once on a miss, however many requests ask for it at the same time, and stays while it
//! is in use.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use moka::{future::Cache, policy::EvictionPolicy};

use super::{
    clock::now, handle::BoardHandle, metrics::Metrics, peers::bus::PeerBus,
    requests::locks::RequestLocks, snapshot::Snapshot, weight::CacheSize,
};
use crate::{
    db::{self, Database},
    model::{BoardId, Limits, Slug},
    store,
    view::Languages,
};

/// Why a board cannot be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the board does not exist")]
    Unknown,
    #[error("the board was deleted")]
    Deleted,
    #[error(transparent)]
    Database(Arc<db::Error>),
}

pub(super) struct Registry {
    pub(super) database: Database,
    pub(super) peers: Arc<PeerBus>,
    pub(super) languages: Languages,
    pub(super) limits: Limits,
    pub(super) metrics: Arc<Metrics>,
    request_locks: Arc<RequestLocks>,
    /// Held while a participant is erased.
    pub(super) erasing: Arc<tokio::sync::Mutex<()>>,
    /// Set before the process exits: no new stream may stay open.
    pub(super) closing: AtomicBool,
    pub(super) reads: AtomicU64,
    pub(super) misses: AtomicU64,
    /// The recently used boards.
    cache: Cache<Slug, Arc<BoardHandle>>,
    /// All boards in memory, including those that the cache evicted while they are in use: a board must not be loaded
    /// twice.
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    by_slug: HashMap<Slug, Weak<BoardHandle>>,
    by_id: HashMap<BoardId, Weak<BoardHandle>>,
}

impl Registry {
    /// Keeps recently used boards in memory, up to this size.
    pub(super) fn new(
        database: Database,
        languages: Languages,
        size: CacheSize,
        limits: Limits,
    ) -> Registry {
        let capacity = size.as_kib();
        // The default policy keeps frequently used boards, and may evict a board that was just opened.
        let cache = Cache::builder()
            .max_capacity(u64::from(capacity))
            // A board that is larger than the cache has it for itself: it would otherwise be loaded for each request.
            .weigher(move |_, handle: &Arc<BoardHandle>| handle.count_weight().min(capacity))
            .eviction_policy(EvictionPolicy::lru());
        Registry {
            database,
            peers: Arc::new(PeerBus::new()),
            languages,
            limits,
            metrics: Arc::new(Metrics::new()),
            request_locks: Arc::default(),
            erasing: Arc::default(),
            closing: AtomicBool::new(false),
            reads: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            cache: cache.build(),
            index: Mutex::default(),
        }
    }

    pub(super) async fn open(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let handle = self.get_or_load(slug).await?;
        if handle.is_running() {
            self.recount(&handle).await;
            return Ok(handle);
        }
        // The board was deleted, or the writer task panicked: load the board from the database.
        Box::pin(async {
            self.cache.invalidate(slug).await;
            self.get_or_load(slug).await
        })
        .await
    }

    /// The same, after a comparison with the database if that is due.
    pub(super) async fn open_to_read(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        let handle = self.open(slug).await?;
        handle.refresh_if_due().await;
        match handle.is_running() {
            true => Ok(handle),
            false => self.open(slug).await,
        }
    }

    /// Drops the boards that have ended.
    pub(super) async fn drop_ended(&self) {
        let ended = self.loaded().into_iter();
        for handle in ended.filter(|handle| !handle.is_running()) {
            let slug = handle.slug();
            // Another board may have the address now.
            let cached = self.cache.get(slug).await;
            if cached.is_some_and(|cached| Arc::ptr_eq(&cached, &handle)) {
                self.cache.invalidate(slug).await;
            }
        }
    }

    async fn get_or_load(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        match self.cache.get(slug).await {
            Some(handle) => Ok(handle),
            // Its future has several kilobytes, which every request would copy if it were a part of this one.
            None => Box::pin(self.load_once(slug)).await,
        }
    }

    /// Loads a board, once for all that ask for it at the same time.
    async fn load_once(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        let load = async {
            let indexed = self.index().get(slug);
            match indexed {
                Some(handle) => Ok(handle),
                None => self.load(slug).await,
            }
        };
        let opened = self.cache.entry_by_ref(slug).or_try_insert_with(load).await;
        let entry = opened.map_err(|error: Arc<OpenError>| (*error).clone())?;
        if entry.is_fresh() {
            // Evicts others at once, not after some dozens of loads.
            self.cache.run_pending_tasks().await;
        }
        Ok(entry.into_value())
    }

    async fn load(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        self.misses.fetch_add(1, Ordering::Relaxed);
        let failed = |error| OpenError::Database(Arc::new(error));
        let loaded = store::load(&self.database, slug).await.map_err(failed)?;
        let Some(board) = loaded else {
            let deleted = store::is_deleted(&self.database, slug, now()).await;
            return Err(match deleted.map_err(failed)? {
                true => OpenError::Deleted,
                false => OpenError::Unknown,
            });
        };
        let snapshot = Snapshot::new(board, self.languages.clone());
        let handle = BoardHandle::start(
            self.database.clone(),
            self.peers.clone(),
            self.metrics.clone(),
            self.limits,
            self.request_locks.clone(),
            snapshot,
        );
        let handle = Arc::new(handle);
        self.index().insert(slug, &handle);
        Ok(handle)
    }

    /// Counts a board with its current weight if that has changed clearly. moka weighs a value only when it is inserted.
    pub(super) async fn recount(&self, handle: &Arc<BoardHandle>) {
        if handle.is_miscounted() && handle.is_running() {
            let slug = handle.slug().clone();
            // Boxed for the same reason as above.
            Box::pin(async {
                self.cache.insert(slug, handle.clone()).await;
                self.cache.run_pending_tasks().await;
            })
            .await;
        }
    }

    /// The memory of the boards in the cache, in bytes; an estimate.
    pub(super) fn cached_bytes(&self) -> u64 {
        self.cache.weighted_size() * 1_024
    }

    /// All boards in memory.
    pub(super) fn loaded(&self) -> Vec<Arc<BoardHandle>> {
        let index = self.index();
        index.by_id.values().filter_map(Weak::upgrade).collect()
    }

    /// A board by its id, if it is in memory.
    pub(super) fn loaded_by_id(&self, id: BoardId) -> Option<Arc<BoardHandle>> {
        self.index().by_id.get(&id)?.upgrade()
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    fn get(&self, slug: &Slug) -> Option<Arc<BoardHandle>> {
        let handle = self.by_slug.get(slug)?.upgrade()?;
        handle.is_running().then_some(handle)
    }

    fn insert(&mut self, slug: &Slug, handle: &Arc<BoardHandle>) {
        // Remove the entries of dropped boards before the maps grow.
        if self.by_slug.len() == self.by_slug.capacity() {
            self.by_slug.retain(|_, handle| handle.strong_count() > 0);
            self.by_id.retain(|_, handle| handle.strong_count() > 0);
        }
        self.by_slug.insert(slug.clone(), Arc::downgrade(handle));
        self.by_id.insert(handle.id(), Arc::downgrade(handle));
    }
}
