//! All boards of a database: the entry point of this module for requests, the monitor and commands.

use std::sync::{Arc, atomic::Ordering};

use chrono::TimeDelta;

use super::{
    administration::{
        expiry,
        forget::{self, ForgetError},
        leftovers,
    },
    broadcast::{
        log_follower::LogFollower,
        subscription::{Since, Subscription},
    },
    changes::ChangedBoards,
    command::CommandError,
    create::{self, CreateError, CreatedBoard, NewBoard},
    handle::BoardHandle,
    metrics::Metrics,
    peers::{
        message::{CHANNEL, PeerPayload},
        sync,
    },
    registry::{OpenError, Registry},
    render::rendering::Rendering,
    requests::{
        cleanup,
        once::{Once, Turn},
    },
    undo::{self, LoadEventError},
    weight::CacheSize,
};
use crate::{
    db::{self, Database},
    model::{BoardId, BrowserId, Event, Limits, Name, RequestKey, Slug},
    store,
    view::{Language, Languages},
};

/// All boards of a database, with the recently used ones in memory. Cheap to clone.
#[derive(Clone)]
pub struct Boards(Arc<Registry>);

/// How well the cache of boards works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheState {
    /// Boards in memory.
    pub boards: usize,
    /// Memory of the boards that count towards the size of the cache, in bytes; an estimate.
    pub bytes: u64,
    /// How often an opened board was in memory.
    pub hits: u64,
    /// How often an opened board had to be loaded.
    pub misses: u64,
}

impl Boards {
    /// Keeps boards that are not in use in memory, up to the size of the cache. Boards have the default limits.
    pub fn new(database: Database, languages: Languages, cache_size: CacheSize) -> Boards {
        Boards::with_limits(database, languages, cache_size, Limits::default())
    }

    /// The same with other limits.
    pub fn with_limits(
        database: Database,
        languages: Languages,
        cache_size: CacheSize,
        limits: Limits,
    ) -> Boards {
        Boards(Arc::new(Registry::new(
            database, languages, cache_size, limits,
        )))
    }

    /// Starts to exchange messages with other processes, to keep streams alive, and to delete old requests and what is left of deleted
    /// boards. Without it, a board that is read is
    /// compared with the database once a second.
    pub fn start_peer_sync(&self) {
        let listener = self.0.database.listener(CHANNEL);
        if let Some(listener) = &listener {
            self.0.peers.set_notifier(listener.notifier());
        }
        tokio::spawn(sync::run(Arc::downgrade(&self.0), listener));
        tokio::spawn(cleanup::run(Arc::downgrade(&self.0)));
        tokio::spawn(leftovers::run(Arc::downgrade(&self.0)));
    }

    /// Starts to delete boards on which nothing changes for this time, now and then. Several processes may do it at the same time.
    pub fn start_expiry(&self, idle: TimeDelta) {
        tokio::spawn(expiry::run(Arc::downgrade(&self.0), idle));
    }

    /// Replaces the name of a browser's participant by `User-N`, and empties the reasons of its vetoes, everywhere on a board.
    /// Returns false if the browser is nobody there.
    ///
    /// # Errors
    /// [`ForgetError::Busy`] while this process erases somebody else: that may lock the database for a while.
    pub async fn forget_browser(
        &self,
        handle: &Arc<BoardHandle>,
        browser: BrowserId,
    ) -> Result<bool, ForgetError> {
        let erasing = self.0.erasing.clone();
        let _erasing = erasing.try_lock_owned().map_err(|_| ForgetError::Busy)?;
        let whom = store::Whom::Browser(browser);
        let forgotten = forget::forget(self.database(), handle.id(), whom).await?;
        handle.refresh_after_erasure().await;
        Ok(forgotten.is_some())
    }

    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The maximum size of each board.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub fn languages(&self) -> &Languages {
        &self.0.languages
    }

    pub fn cache_state(&self) -> CacheState {
        let reads = self.0.reads.load(Ordering::Relaxed);
        let misses = self.0.misses.load(Ordering::Relaxed);
        CacheState {
            boards: self.0.loaded().len(),
            bytes: self.0.cached_bytes(),
            hits: reads.saturating_sub(misses),
            misses,
        }
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// How many commands are queued at all writers.
    pub fn queued_commands(&self) -> usize {
        let handles = self.0.loaded();
        handles.iter().map(|handle| handle.queued_commands()).sum()
    }

    /// Opens a board to read it: another process may have deleted it. Loads it if it is not in memory.
    pub async fn open_to_read(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        self.0.open_to_read(slug).await
    }

    /// Opens a board, and loads it if it is not in memory.
    pub async fn open(&self, slug: &Slug) -> Result<Arc<BoardHandle>, OpenError> {
        self.0.open(slug).await
    }

    /// The current version of a board, rendered in a language.
    pub async fn rendering(&self, handle: &Arc<BoardHandle>, language: Language) -> Arc<Rendering> {
        let rendering = handle.read().await.rendering(language);
        // The first page in a language multiplies the memory of the board.
        self.0.recount(handle).await;
        rendering
    }

    /// Creates a board with a slug that cannot be guessed.
    pub async fn create(&self, name: &Name) -> Result<Slug, db::Error> {
        create::empty(&self.0.database, name).await
    }

    /// Creates a board that starts with some content; the browser that makes it is its first participant.
    pub async fn create_filled(&self, new: NewBoard) -> Result<CreatedBoard, CreateError> {
        create::filled(&self.0.database, self.0.limits, new).await
    }

    /// What is known of a request that is not about an existing board. It is kept with the board `main`; otherwise as
    /// [`BoardHandle::once`].
    ///
    /// # Errors
    /// As for [`BoardHandle::once`].
    pub async fn once(&self, request: RequestKey) -> Result<Once, CommandError> {
        match self.open(&Slug::main()).await {
            Ok(main) => main.once(request).await,
            Err(OpenError::Database(error)) if error.is_unavailable() => {
                self.database().outages().reading.failed(&error);
                Err(CommandError::Unavailable)
            }
            Err(error) => {
                tracing::error!(%error, "cannot open the board main");
                Err(CommandError::Internal)
            }
        }
    }

    /// [`Boards::create`] for a request that takes effect once, with a turn from [`Boards::once`]; none if it took effect meanwhile.
    ///
    /// # Errors
    /// If the database fails. The board may have been created.
    pub async fn create_once(
        &self,
        turn: &mut Turn,
        name: &Name,
    ) -> Result<Option<Slug>, db::Error> {
        let created = create::empty_once(&self.0.database, name, turn.request()).await?;
        Ok(created.inspect(|_| turn.set_recorded()))
    }

    /// [`Boards::create_filled`], likewise.
    ///
    /// # Errors
    /// As for [`Boards::create_filled`]. If the database fails, the board may have been created.
    pub async fn create_filled_once(
        &self,
        turn: &mut Turn,
        new: NewBoard,
    ) -> Result<Option<CreatedBoard>, CreateError> {
        let (database, limits) = (&self.0.database, self.0.limits);
        let created = create::filled_once(database, limits, new, turn.request()).await?;
        Ok(created.inspect(|_| turn.set_recorded()))
    }

    /// Subscribes a browser that has all events up to `since`, or all current events if `since` is none.
    pub async fn subscribe(
        &self,
        handle: Arc<BoardHandle>,
        browser: BrowserId,
        language: Language,
        since: Option<Since>,
    ) -> Subscription {
        let subscription = Subscription::open(handle.clone(), browser, language, since).await;
        if self.0.closing.load(Ordering::Acquire) {
            handle.broadcast.close();
        }
        subscription
    }

    /// Follows the log of a board after `since`, or from now on.
    pub async fn follow(&self, handle: Arc<BoardHandle>, since: Option<Since>) -> LogFollower {
        let follower = LogFollower::open(handle.clone(), since).await;
        if self.0.closing.load(Ordering::Acquire) {
            handle.broadcast.close();
        }
        follower
    }

    /// Watches which boards have new events from now on.
    pub fn watch_changes(&self) -> Arc<ChangedBoards> {
        self.0.peers.watchers.add()
    }

    /// Loads an event to undo it.
    ///
    /// # Errors
    /// The board has no such event, it is too large, or the database is unavailable.
    pub async fn event_to_undo(
        &self,
        board: BoardId,
        number: i64,
    ) -> Result<Event, LoadEventError> {
        undo::load_event(self.database(), self.limits(), board, number).await
    }

    /// Ends every subscription, and tells the other processes that this one is shutting down.
    pub fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
        for handle in self.0.loaded() {
            handle.broadcast.close();
        }
        self.0.peers.publish(PeerPayload::Shutdown);
    }
}
