//! A board in memory: what everyone reads, the way to its door, and where one hears what happens.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use tokio::{
    runtime::Handle,
    sync::{
        OnceCell,
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Duration, Instant, timeout},
};

use super::{
    Figures, Snapshot,
    backlog::Backlog,
    door::{Asked, BATCH, Done, Door, Failure, Knock},
    feed::{Feed, Step},
    follow,
    outage::Outage,
    patience::{Claim, answered},
    peers::Peers,
    presence::Presence,
    snapshot::Touched,
};
use crate::{
    db::Database,
    model::{BoardId, Slug, Token, Wish},
    runtime::spawn_apart,
    store,
    view::presence::Here,
};

/// How many wishes may wait at one door.
const QUEUE: usize = 4_096;

/// How long a reader waits at most to find out what other processes did.
const FIND_OUT: Duration = Duration::from_millis(250);

/// Who missed more events than this has to load the board again.
const MISSED: i64 = 200;

/// A board in memory.
pub struct LiveBoard {
    id: BoardId,
    slug: Slug,
    database: Database,
    pub(super) current: Arc<ArcSwap<Snapshot>>,
    pub(super) feed: Arc<Feed>,
    pub(super) presence: Arc<Presence>,
    pub(super) figures: Arc<Figures>,
    peers: Arc<Peers>,
    pub(super) outage: Arc<Outage>,
    backlog: Arc<Backlog>,
    door: mpsc::Sender<Knock>,
    opened: Instant,
    /// Milliseconds after `opened` when somebody last looked for what other processes did.
    checked: AtomicU64,
    /// Another process is known to be further.
    behind: AtomicBool,
    /// What was missed by the browser that came back last: often many come back at once.
    resumed: Mutex<Option<(Span, Resumed)>>,
}

/// From this event to that one.
type Span = (i64, i64);

/// The step over a span, none if the log has it not; whoever asks first finds out.
type Resumed = Arc<OnceCell<Option<Arc<Step>>>>;

/// What a browser lacks of the board as it is.
pub(super) enum Missed {
    Nothing,
    Step(Arc<Step>),
    TooMuch,
}

impl LiveBoard {
    pub(super) fn start(
        database: Database,
        peers: Arc<Peers>,
        figures: Arc<Figures>,
        snapshot: Snapshot,
    ) -> LiveBoard {
        let (door, queue) = mpsc::channel(QUEUE);
        let id = snapshot.board.id;
        let slug = snapshot.board.slug.clone();
        let feed = Arc::new(Feed::new());
        let outage = Arc::new(Outage::new(snapshot.sites.clone(), feed.clone()));
        let current = Arc::new(ArcSwap::from_pointee(snapshot));
        let presence = Presence::new(current.clone(), peers.clone(), feed.clone());
        let backlog = Arc::new(Backlog::new());
        let task = Door {
            database: database.clone(),
            current: current.clone(),
            feed: feed.clone(),
            presence: presence.clone(),
            peers: peers.clone(),
            figures: figures.clone(),
            outage: outage.clone(),
            backlog: backlog.clone(),
            requests: Handle::current(),
            queue,
        };
        spawn_apart(task.serve());
        LiveBoard {
            id,
            slug,
            database,
            current,
            feed,
            presence,
            figures,
            peers,
            outage,
            backlog,
            door,
            opened: Instant::now(),
            checked: AtomicU64::new(0),
            behind: AtomicBool::new(false),
            resumed: Mutex::default(),
        }
    }

    /// The board's address.
    pub fn slug(&self) -> &Slug {
        &self.slug
    }

    pub(super) fn id(&self) -> BoardId {
        self.id
    }

    /// Whether the task behind the door has ended, by a fault.
    pub(super) fn is_broken(&self) -> bool {
        self.door.is_closed()
    }

    pub(super) fn is_watched(&self) -> bool {
        self.feed.is_watched()
    }

    /// The board as it is: with everything this process answered, and with what others did, as far as they are heard; if
    /// they are not, until a second ago.
    pub async fn read(&self) -> Arc<Snapshot> {
        let now = self.opened.elapsed().as_millis() as u64;
        let checked = self.checked.load(Ordering::Relaxed);
        let fresh = match self.peers.are_heard() {
            true => follow::LOOK,
            false => follow::LOOK_UNHEARD,
        };
        let stale = now.saturating_sub(checked) >= fresh.as_millis() as u64;
        // Only one of many readers looks; the others are content with what is there.
        let mine = stale
            && self
                .checked
                .compare_exchange(checked, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        let behind =
            self.behind.load(Ordering::Relaxed) && self.behind.swap(false, Ordering::Relaxed);
        if mine || behind {
            self.catch_up().await;
        }
        self.current.load_full()
    }

    /// Whether the board in memory may not be what the database has, since that does not answer.
    pub fn is_cut_off(&self) -> bool {
        self.outage.lasts()
    }

    /// The number of the last event in memory.
    pub fn version(&self) -> i64 {
        self.current.load().board.version()
    }

    /// Takes in what other processes did, unless the database is too slow: then one reads what is in memory.
    pub(super) async fn catch_up(&self) {
        let (tell, told) = oneshot::channel();
        if self.door.try_send(Knock::Refresh(tell)).is_ok() {
            let _ = timeout(FIND_OUT, told).await;
        }
    }

    /// Another process has come to this version: who looks is told at once, who asks later finds out then.
    pub(super) fn heard_of(&self, version: i64) {
        if version <= self.version() {
            return;
        }
        if self.is_watched() {
            let (tell, _) = oneshot::channel();
            if self.door.try_send(Knock::Refresh(tell)).is_ok() {
                return;
            }
        }
        self.behind.store(true, Ordering::Relaxed);
    }

    /// How many wishes wait at the door.
    pub(super) fn waiting(&self) -> usize {
        self.door.max_capacity() - self.door.capacity()
    }

    /// Brings a wish to the door and waits for what comes of it, for less than three seconds.
    pub async fn wish(&self, by: Token, wish: impl Into<Wish>) -> Result<Done, Failure> {
        // More than what shares one transaction waits already, and too long.
        if self.waiting() >= BATCH && self.backlog.is_too_old() {
            return Err(Failure::Busy);
        }
        let (answer, answer_to_come) = oneshot::channel();
        let claim = Claim::default();
        let asked = Asked {
            by,
            wish: wish.into(),
            since: Instant::now(),
            claim: claim.clone(),
            answer,
        };
        self.door
            .try_send(Knock::Wish(asked))
            .map_err(|error| match error {
                TrySendError::Full(_) => Failure::Busy,
                TrySendError::Closed(_) => Failure::Broken,
            })?;
        answered(answer_to_come, &claim).await
    }

    /// Who looks at the board right now.
    pub async fn here(&self) -> Here {
        // Another process may tell of somebody sooner than the log does.
        if self.presence.has_strangers() {
            self.catch_up().await;
        }
        self.presence.here()
    }

    /// What somebody lacks of this snapshot who has all up to an event.
    pub(super) async fn missed(&self, since: i64, snapshot: &Arc<Snapshot>) -> Missed {
        let version = snapshot.board.version();
        match version.checked_sub(since) {
            Some(0) => return Missed::Nothing,
            Some(1..=MISSED) if since >= 0 => {}
            _ => return Missed::TooMuch,
        }
        let resumed = self.resumed((since, version));
        let step = resumed
            .get_or_init(|| self.step_over(since, snapshot))
            .await;
        match step {
            Some(step) => Missed::Step(step.clone()),
            None => {
                // It may have been the database: whoever comes next tries again.
                *self.resumed_last() = None;
                Missed::TooMuch
            }
        }
    }

    fn resumed(&self, span: Span) -> Resumed {
        let mut last = self.resumed_last();
        match &*last {
            Some((known, resumed)) if *known == span => resumed.clone(),
            _ => {
                let resumed = Resumed::default();
                *last = Some((span, resumed.clone()));
                resumed
            }
        }
    }

    fn resumed_last(&self) -> std::sync::MutexGuard<'_, Option<(Span, Resumed)>> {
        self.resumed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The way to this snapshot out of the log; none if it is not there, whole.
    async fn step_over(&self, since: i64, snapshot: &Arc<Snapshot>) -> Option<Arc<Step>> {
        let version = snapshot.board.version();
        let read = store::events_between(&self.database, self.id, since, version).await;
        let events = read
            .inspect_err(|error| tracing::warn!(%error, "could not read what a browser missed"))
            .ok()?;
        if events.len() as i64 != version - since {
            return None;
        }
        let changes = events.iter().map(|event| &event.change);
        let touched = Touched::by(changes, &snapshot.board);
        Some(Arc::new(Step::new(snapshot.clone(), touched)))
    }
}
