//! The boards in memory: loaded once on a miss, however many ask at that moment.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use moka::future::Cache;
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Duration, Instant, timeout},
};

use super::{
    Snapshot,
    door::{Asked, Done, Door, Failure, Knock},
    now,
};
use crate::{
    db::{self, Database},
    model::{Name, Slug, Token, Wish},
    store,
    view::{Site, Terms},
};

/// How many boards are kept in memory.
const CAPACITY: u64 = 1_000;

/// How many wishes may wait at one door.
const QUEUE: usize = 4_096;

/// How long a wish may wait before it is begun.
const PATIENCE: Duration = Duration::from_secs(3);

/// How old a page may be at most with regard to what other processes did, and how long it waits to find out.
const FRESH: Duration = Duration::from_secs(1);
const FIND_OUT: Duration = Duration::from_millis(250);

/// Every board of the database, the recently used ones in memory. Cheap to clone.
#[derive(Clone)]
pub struct Boards {
    database: Database,
    terms: Terms,
    cache: Cache<Slug, Arc<LiveBoard>>,
}

/// Why a board cannot be shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unopened {
    #[error("there is no such board")]
    Unknown,
    #[error(transparent)]
    Database(Arc<db::Error>),
}

/// A board in memory: what everyone reads and the way to its door.
pub struct LiveBoard {
    current: Arc<ArcSwap<Snapshot>>,
    door: mpsc::Sender<Knock>,
    opened: Instant,
    /// Milliseconds after `opened` when somebody last looked for what other processes did.
    checked: AtomicU64,
}

impl Boards {
    pub fn new(database: Database, terms: Terms) -> Boards {
        Boards {
            database,
            terms,
            cache: Cache::new(CAPACITY),
        }
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The board of this address.
    pub async fn open(&self, slug: &Slug) -> Result<Arc<LiveBoard>, Unopened> {
        let live = self.load_once(slug).await?;
        if !live.door.is_closed() {
            return Ok(live);
        }
        // A fault ended the task behind the door: the board begins anew from what the database has.
        self.cache.invalidate(slug).await;
        self.load_once(slug).await
    }

    async fn load_once(&self, slug: &Slug) -> Result<Arc<LiveBoard>, Unopened> {
        let load = async {
            let board = store::load(&self.database, slug)
                .await
                .map_err(|error| Unopened::Database(Arc::new(error)))?
                .ok_or(Unopened::Unknown)?;
            let site = Arc::new(Site::of(&self.terms, slug));
            Ok(Arc::new(LiveBoard::start(
                self.database.clone(),
                Snapshot::of(board, site),
            )))
        };
        self.cache
            .try_get_with_by_ref(slug, load)
            .await
            .map_err(|error: Arc<Unopened>| (*error).clone())
    }

    /// Makes a board under a slug nobody can guess.
    pub async fn create(&self, name: &Name) -> Result<Slug, db::Error> {
        let slug = Slug::secret(rand::random());
        store::create_board(&self.database, &slug, name, now()).await?;
        Ok(slug)
    }
}

impl LiveBoard {
    fn start(database: Database, snapshot: Snapshot) -> LiveBoard {
        let (door, queue) = mpsc::channel(QUEUE);
        let current = Arc::new(ArcSwap::from_pointee(snapshot));
        let task = Door {
            database,
            current: current.clone(),
            queue,
        };
        tokio::spawn(task.serve());
        LiveBoard {
            current,
            door,
            opened: Instant::now(),
            checked: AtomicU64::new(0),
        }
    }

    /// The board as it is: with everything this process answered, and what others did until a second ago.
    pub async fn read(&self) -> Arc<Snapshot> {
        let now = self.opened.elapsed().as_millis() as u64;
        let checked = self.checked.load(Ordering::Relaxed);
        let stale = now.saturating_sub(checked) >= FRESH.as_millis() as u64;
        // Only one of many readers looks; the others are content with what is there.
        let mine = stale
            && self
                .checked
                .compare_exchange(checked, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if mine {
            let (tell, told) = oneshot::channel();
            if self.door.try_send(Knock::Refresh(tell)).is_ok() {
                // A slow database must not keep anyone from reading what is in memory.
                let _ = timeout(FIND_OUT, told).await;
            }
        }
        self.current.load_full()
    }

    /// Brings a wish to the door and waits for what comes of it.
    pub async fn wish(&self, by: Token, wish: impl Into<Wish>) -> Result<Done, Failure> {
        let (answer, answered) = oneshot::channel();
        let asked = Asked {
            by,
            wish: wish.into(),
            deadline: Instant::now() + PATIENCE,
            answer,
        };
        self.door
            .try_send(Knock::Wish(asked))
            .map_err(|error| match error {
                TrySendError::Full(_) => Failure::Busy,
                TrySendError::Closed(_) => Failure::Broken,
            })?;
        answered.await.unwrap_or(Err(Failure::Broken))
    }
}
