//! The boards in memory: loaded once on a miss, however many ask at that moment, and kept as long as somebody looks.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use moka::{future::Cache, policy::EvictionPolicy};

use super::{
    Figures, LiveBoard, Snapshot, Subscription, follow, now,
    peers::{self, Peers, Said},
};
use crate::{
    db::{self, Database},
    model::{BoardId, Name, Slug, Token},
    store,
    view::{ByLanguage, Language, Languages, Site},
};

/// How many boards are kept in memory if nobody says otherwise.
pub const KEPT: u64 = 1_000;

/// Every board of the database, the recently used ones in memory. Cheap to clone.
#[derive(Clone)]
pub struct Boards(Arc<Inside>);

pub(super) struct Inside {
    pub(super) database: Database,
    pub(super) peers: Arc<Peers>,
    languages: Languages,
    /// The boards used last.
    cache: Cache<Slug, Arc<LiveBoard>>,
    /// Every board in memory, also those the cache let go while somebody looks at them: there must not be two of one.
    register: Mutex<Register>,
    closing: AtomicBool,
    reads: AtomicU64,
    misses: AtomicU64,
    figures: Arc<Figures>,
}

#[derive(Default)]
struct Register {
    by_slug: HashMap<Slug, Weak<LiveBoard>>,
    by_id: HashMap<BoardId, Weak<LiveBoard>>,
}

/// Why a board cannot be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unopened {
    #[error("there is no such board")]
    Unknown,
    #[error(transparent)]
    Database(Arc<db::Error>),
}

/// How well the memory serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheState {
    /// Boards in memory.
    pub boards: usize,
    /// How often a board was asked for and there.
    pub hits: u64,
    /// How often one had to be loaded.
    pub misses: u64,
}

impl Boards {
    /// At most `kept` boards stay in memory that nobody looks at.
    pub fn new(database: Database, languages: Languages, kept: u64) -> Boards {
        // Not the default policy, which keeps what is often used: then a board that is just opened may be dropped at once.
        let cache = Cache::builder()
            .max_capacity(kept)
            .eviction_policy(EvictionPolicy::lru());
        Boards(Arc::new(Inside {
            database,
            peers: Arc::new(Peers::new()),
            languages,
            cache: cache.build(),
            register: Mutex::default(),
            closing: AtomicBool::new(false),
            reads: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            figures: Arc::new(Figures::new()),
        }))
    }

    /// From now on hears at once what other processes do, and keeps the streams awake. Without it, a board that is read is
    /// compared with the database once a second.
    pub fn follow_others(&self) {
        let signals = self.0.database.signals(peers::CHANNEL);
        if let Some(signals) = &signals {
            self.0.peers.speak_through(signals.speaker());
        }
        tokio::spawn(follow::follow(Arc::downgrade(&self.0), signals));
    }

    pub fn database(&self) -> &Database {
        &self.0.database
    }

    pub fn languages(&self) -> &Languages {
        &self.0.languages
    }

    /// How well the memory has served so far.
    pub fn cache_state(&self) -> CacheState {
        let reads = self.0.reads.load(Ordering::Relaxed);
        let misses = self.0.misses.load(Ordering::Relaxed);
        CacheState {
            boards: self.0.alive().len(),
            hits: reads.saturating_sub(misses),
            misses,
        }
    }

    /// What is counted of them.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// How many wishes wait at all doors.
    pub fn waiting(&self) -> usize {
        self.0.alive().iter().map(|live| live.waiting()).sum()
    }

    /// The board of this address.
    pub async fn open(&self, slug: &Slug) -> Result<Arc<LiveBoard>, Unopened> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        let live = self.get_or_load(slug).await?;
        if !live.is_broken() {
            return Ok(live);
        }
        // A fault ended the task behind the door: the board begins anew from what the database has.
        self.0.cache.invalidate(slug).await;
        self.get_or_load(slug).await
    }

    async fn get_or_load(&self, slug: &Slug) -> Result<Arc<LiveBoard>, Unopened> {
        let load = async {
            let known = self.0.register().at(slug);
            match known {
                Some(live) => Ok(live),
                None => self.0.load(slug).await,
            }
        };
        let opened = self.0.cache.try_get_with_by_ref(slug, load).await;
        opened.map_err(|error: Arc<Unopened>| (*error).clone())
    }

    /// Makes a board under a slug nobody can guess.
    pub async fn create(&self, name: &Name) -> Result<Slug, db::Error> {
        let slug = Slug::secret(rand::random());
        store::create_board(&self.0.database, &slug, name, now()).await?;
        Ok(slug)
    }

    /// What happens on a board from now on, for one browser, which has all up to the event `since`, or all there is now.
    pub async fn subscribe(
        &self,
        live: Arc<LiveBoard>,
        browser: Token,
        language: Language,
        since: Option<i64>,
    ) -> Subscription {
        let subscription = Subscription::open(live.clone(), browser, language, since).await;
        if self.0.closing.load(Ordering::Acquire) {
            live.feed.end();
        }
        subscription
    }

    /// Ends every subscription, and says goodbye to the other processes.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
        for live in self.0.alive() {
            live.feed.end();
        }
        self.0.peers.say(Said::Bye);
    }
}

impl Inside {
    async fn load(&self, slug: &Slug) -> Result<Arc<LiveBoard>, Unopened> {
        self.misses.fetch_add(1, Ordering::Relaxed);
        let board = store::load(&self.database, slug)
            .await
            .map_err(|error| Unopened::Database(Arc::new(error)))?
            .ok_or(Unopened::Unknown)?;
        let site = |language| Site::of(self.languages.texts(language), slug);
        let snapshot = Snapshot::of(board, Arc::new(ByLanguage::from_fn(site)));
        let live = LiveBoard::start(
            self.database.clone(),
            self.peers.clone(),
            self.figures.clone(),
            snapshot,
        );
        let live = Arc::new(live);
        self.register().add(slug, &live);
        Ok(live)
    }

    /// Every board in memory.
    pub(super) fn alive(&self) -> Vec<Arc<LiveBoard>> {
        let register = self.register();
        register.by_id.values().filter_map(Weak::upgrade).collect()
    }

    /// The board of this number, if it is in memory.
    pub(super) fn alive_at(&self, id: BoardId) -> Option<Arc<LiveBoard>> {
        self.register().by_id.get(&id)?.upgrade()
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Register {
    fn at(&self, slug: &Slug) -> Option<Arc<LiveBoard>> {
        let live = self.by_slug.get(slug)?.upgrade()?;
        (!live.is_broken()).then_some(live)
    }

    fn add(&mut self, slug: &Slug, live: &Arc<LiveBoard>) {
        // The graves of boards that were let go are cleared when there is no room for more.
        if self.by_slug.len() == self.by_slug.capacity() {
            self.by_slug.retain(|_, live| live.strong_count() > 0);
            self.by_id.retain(|_, live| live.strong_count() > 0);
        }
        self.by_slug.insert(slug.clone(), Arc::downgrade(live));
        self.by_id.insert(live.id(), Arc::downgrade(live));
    }
}
