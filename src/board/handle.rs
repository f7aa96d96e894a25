//! A board in memory: its snapshot for readers, the mailbox of its writer, and the channel for its streams.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Duration, Instant, timeout},
};

use super::{
    batch::MAX_BATCH,
    broadcast::{
        channel::Broadcast,
        log_cache::{CachedPage, LogCache},
        resume::{Resume, ResumeCache},
    },
    closing_timer::ClosingTimer,
    command::{CancelToken, CommandError, CommandOutcome, Envelope, Message},
    committer::Committer,
    deadline::{REPLY_DEADLINE, await_reply},
    metrics::Metrics,
    outage::Outage,
    peers::bus::PeerBus,
    presence::tracker::PresenceTracker,
    publisher::Publisher,
    queue_age::QueueAge,
    requests::locks::RequestLocks,
    snapshot::Snapshot,
    weight,
    writer::Writer,
};
use crate::{
    db::Database,
    model::{BoardId, BrowserId, Command, Epoch, Limits, RequestKey, Slug},
    runtime::spawn_writer,
    store::{self, Position},
    view::{Language, Texts, presence::PresenceView},
};

/// How many commands may be queued at one writer.
const MAILBOX_CAPACITY: usize = 4_096;

/// How long a reader waits at most for the events of other processes.
const REFRESH_TIMEOUT: Duration = Duration::from_millis(250);

/// A board in memory.
pub struct BoardHandle {
    id: BoardId,
    slug: Slug,
    database: Database,
    pub(super) current: Arc<ArcSwap<Snapshot>>,
    pub(super) broadcast: Arc<Broadcast>,
    pub(super) presence: Arc<PresenceTracker>,
    pub(super) closing: Arc<ClosingTimer>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) outage: Arc<Outage>,
    pub(super) request_locks: Arc<RequestLocks>,
    peers: Arc<PeerBus>,
    queue_age: Arc<QueueAge>,
    mailbox: mpsc::Sender<Message>,
    opened_at: Instant,
    /// When the board was last compared with the database, in milliseconds after `opened_at`.
    checked_ms: AtomicU64,
    /// Whether another process reported a newer version.
    stale: AtomicBool,
    resume_cache: Arc<ResumeCache>,
    log_cache: Arc<LogCache>,
    /// The weight that counts towards the size of the cache, in KiB.
    counted_kib: AtomicU32,
}

impl BoardHandle {
    /// Starts the writer of a board that was just loaded.
    pub(super) fn start(
        database: Database,
        peers: Arc<PeerBus>,
        metrics: Arc<Metrics>,
        limits: Limits,
        request_locks: Arc<RequestLocks>,
        snapshot: Snapshot,
    ) -> BoardHandle {
        let (mailbox, receiver) = mpsc::channel(MAILBOX_CAPACITY);
        let id = snapshot.board.id;
        let slug = snapshot.board.slug.clone();
        let broadcast = Arc::new(Broadcast::new());
        let outage = Arc::new(Outage::new(snapshot.contexts.clone(), broadcast.clone()));
        let current = Arc::new(ArcSwap::from_pointee(snapshot));
        let presence = PresenceTracker::new(current.clone(), peers.clone(), broadcast.clone());
        let closing = ClosingTimer::new(current.clone(), broadcast.clone());
        let queue_age = Arc::new(QueueAge::new());
        let resume_cache = Arc::new(ResumeCache::default());
        let log_cache = Arc::new(LogCache::default());
        let publisher = Arc::new(Publisher {
            current: current.clone(),
            broadcast: broadcast.clone(),
            presence: presence.clone(),
            closing: closing.clone(),
            resume_cache: resume_cache.clone(),
            log_cache: log_cache.clone(),
            metrics: metrics.clone(),
        });
        let writer = Writer {
            committer: Committer {
                database: database.clone(),
                publisher: publisher.clone(),
                limits,
                peers: peers.clone(),
            },
            publisher,
            peers: peers.clone(),
            metrics: metrics.clone(),
            outage: outage.clone(),
            queue_age: queue_age.clone(),
            request_runtime: Handle::current(),
            mailbox: receiver,
            unconfirmed: None,
        };
        spawn_writer(writer.run());
        BoardHandle {
            id,
            slug,
            database,
            current,
            broadcast,
            presence,
            closing,
            metrics,
            outage,
            request_locks,
            peers,
            queue_age,
            mailbox,
            opened_at: Instant::now(),
            checked_ms: AtomicU64::new(0),
            stale: AtomicBool::new(false),
            resume_cache,
            log_cache,
            counted_kib: AtomicU32::new(0),
        }
    }

    pub fn slug(&self) -> &Slug {
        &self.slug
    }

    pub fn id(&self) -> BoardId {
        self.id
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The memory of the board in KiB, which now counts towards the size of the cache.
    pub(super) fn count_weight(&self) -> u32 {
        let weight = self.current.load().weight_kib();
        self.counted_kib.store(weight, Ordering::Relaxed);
        weight
    }

    /// Whether the board takes clearly more or less memory than counted.
    pub(super) fn is_miscounted(&self) -> bool {
        let counted = self.counted_kib.load(Ordering::Relaxed);
        weight::differs(self.current.load().weight_kib(), counted)
    }

    /// Whether the writer task still runs. It ends when the board was deleted, or by a panic.
    pub(super) fn is_running(&self) -> bool {
        !self.is_deleted() && !self.mailbox.is_closed()
    }

    /// Whether the board turned out to be deleted.
    pub(super) fn is_deleted(&self) -> bool {
        self.broadcast.is_of_deleted_board()
    }

    pub(super) fn has_subscribers(&self) -> bool {
        self.broadcast.has_subscribers()
    }

    /// The current board: with everything this process acknowledged, and with the changes of other processes as far as they
    /// were reported. Without LISTEN, changes of others may be a second late.
    pub async fn read(&self) -> Arc<Snapshot> {
        self.refresh_if_due().await;
        self.current.load_full()
    }

    /// Compares the board with the database if it has not been for a while, or if another process reported a change.
    pub(super) async fn refresh_if_due(&self) {
        let now_ms = self.opened_at.elapsed().as_millis() as u64;
        let checked_ms = self.checked_ms.load(Ordering::Relaxed);
        let poll_interval_ms = self.peers.poll_interval().as_millis() as u64;
        let check_due = now_ms.saturating_sub(checked_ms) >= poll_interval_ms;
        // Only one of many readers checks; the others use the current snapshot.
        let checks = check_due
            && self
                .checked_ms
                .compare_exchange(checked_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        let stale = self.stale.load(Ordering::Relaxed) && self.stale.swap(false, Ordering::Relaxed);
        if checks || stale {
            self.refresh().await;
        }
    }

    /// The texts of the board's pages in a language.
    pub fn texts(&self, language: Language) -> Arc<Texts> {
        self.current.load().contexts.of(language).texts.clone()
    }

    /// Whether the database is unreachable, so that the board in memory may be outdated.
    pub fn is_disconnected(&self) -> bool {
        self.outage.is_active()
    }

    /// The number of the last event in memory.
    pub fn version(&self) -> i64 {
        self.current.load().board.version()
    }

    /// Waits until the changes of other processes are applied, up to a timeout. Returns whether they are.
    pub async fn refresh(&self) -> bool {
        let (sender, refreshed) = oneshot::channel();
        let is_sent = self.mailbox.try_send(Message::Refresh(sender)).is_ok();
        is_sent && matches!(timeout(REFRESH_TIMEOUT, refreshed).await, Ok(Ok(())))
    }

    /// Waits until what was erased in the database is no longer in memory, for about as long as for a command.
    pub(super) async fn refresh_after_erasure(&self) {
        let (sender, refreshed) = oneshot::channel();
        // A writer that has ended loads the board again.
        if self.mailbox.send(Message::Refresh(sender)).await.is_ok() {
            let _ = timeout(REPLY_DEADLINE, refreshed).await;
        }
    }

    /// Handles the report that another process has this version of the board, in this epoch if it says so.
    pub(super) fn notify_version(&self, version: i64, epoch: Option<Epoch>) {
        let is_other = epoch.is_some_and(|epoch| epoch != self.current.load().board.epoch);
        if is_other || version > self.version() {
            self.request_refresh();
        }
    }

    /// Handles the position of the board in the database, which may be older than the board in memory.
    pub(super) fn notify_position(&self, stored: &Position) {
        if !stored.is_that_of(&self.current.load().board) {
            self.request_refresh();
        }
    }

    /// Whether the board in the database has another history.
    pub(super) fn is_of_another_epoch(&self, stored: &Position) -> bool {
        stored.is_of_another_epoch(&self.current.load().board)
    }

    /// Refreshes the board now if it has streams, else on the next read.
    pub(super) fn request_refresh(&self) {
        match self.has_subscribers() {
            true => self.refresh_soon(),
            false => self.stale.store(true, Ordering::Relaxed),
        }
    }

    /// Refreshes the board now, also if nobody looks: what was erased must not stay in memory.
    pub(super) fn refresh_soon(&self) {
        let (sender, _) = oneshot::channel();
        if self.mailbox.try_send(Message::Refresh(sender)).is_err() {
            self.stale.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn queued_commands(&self) -> usize {
        self.mailbox.max_capacity() - self.mailbox.capacity()
    }

    /// Sends a command to the writer and waits for the result, for less than three seconds.
    pub async fn execute(
        &self,
        browser: BrowserId,
        command: impl Into<Command>,
    ) -> Result<CommandOutcome, CommandError> {
        self.submit(browser, command.into(), None, Instant::now())
            .await
    }

    /// The same for the command of a request that takes effect once. It is written together with its request, unless that is known.
    ///
    /// # Errors
    /// [`CommandError::Repeated`] if the request is known.
    pub async fn execute_once(
        &self,
        browser: BrowserId,
        command: impl Into<Command>,
        request: RequestKey,
    ) -> Result<CommandOutcome, CommandError> {
        self.submit(browser, command.into(), Some(request), Instant::now())
            .await
    }

    /// Sends a command to the writer; its caller has waited since `since`.
    pub(super) async fn submit(
        &self,
        browser: BrowserId,
        command: Command,
        request: Option<RequestKey>,
        since: Instant,
    ) -> Result<CommandOutcome, CommandError> {
        // Fail fast if more than a full batch is queued and the writer is behind.
        if self.queued_commands() >= MAX_BATCH && self.queue_age.is_too_old() {
            return Err(CommandError::Busy);
        }
        let (sender, reply) = oneshot::channel();
        let cancel = CancelToken::default();
        let envelope = Envelope {
            browser,
            command,
            request: request.map(Box::new),
            arrived_at: Instant::now(),
            cancel: cancel.clone(),
            reply: sender,
        };
        self.mailbox
            .try_send(Message::Command(envelope))
            .map_err(|error| match error {
                TrySendError::Full(_) => CommandError::Busy,
                TrySendError::Closed(_) if self.is_deleted() => CommandError::BoardDeleted,
                TrySendError::Closed(_) => CommandError::Internal,
            })?;
        await_reply(reply, &cancel, since).await
    }

    /// Who is viewing the board now, and in any case the reader.
    pub async fn presence(&self, reader: &BrowserId) -> PresenceView {
        // Another process may report a new participant before the event that added them is applied here.
        if self.presence.has_unknown_participants() {
            self.refresh().await;
        }
        self.presence.view(reader)
    }

    /// How a browser that has all events up to `since` gets to this snapshot.
    pub(super) async fn resume(&self, since: i64, snapshot: &Arc<Snapshot>) -> Resume {
        self.resume_cache
            .resume(&self.database, since, snapshot)
            .await
    }

    /// The first events of the log after a number; none if the database does not answer.
    pub(super) async fn log_page(&self, after: i64) -> Option<CachedPage> {
        let key = {
            let board = &self.current.load().board;
            (after, board.version(), board.epoch)
        };
        let page = self.log_cache.page(&self.database, self.id, key).await;
        page.inspect_err(|error| self.database.outages().reading.failed(error))
            .ok()
    }

    /// The number of the last event in the database, whatever this process has read; none if the database does not answer.
    pub(super) async fn stored_version(&self, known: i64) -> Option<i64> {
        let position = store::position(&self.database, self.id, known).await;
        let position = position.inspect_err(|error| self.database.outages().reading.failed(error));
        position.ok()?.map(|position| position.version)
    }
}
