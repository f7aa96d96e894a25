//! The door: a board's only way to change. One task takes everything that waits, runs the rules one after
//! the other on the board in memory, writes all that comes of it in one transaction, and only after the commit
//! publishes the next snapshot and answers. A lone wish waits for nobody; many share one commit, in order.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::{Duration, Instant, timeout},
};

use super::{
    Figures, Snapshot,
    backlog::Backlog,
    batch::Batch,
    feed::{Feed, News, Step},
    outage::Outage,
    patience::Claim,
    peers::Peers,
    presence::Presence,
    snapshot::Touched,
};
use crate::{
    db::{self, Database},
    model::{Board, Event, Note, Refusal, Thing, Token, Wish},
    store::{self, CommitError, Turn},
};

/// How many wishes may share a transaction: enough that whoever comes at once shares one, few enough that nobody waits for long.
pub(super) const BATCH: usize = 1_024;

/// How long the door waits at most for those who read and follow.
const GIVE_WAY: Duration = Duration::from_millis(100);

/// How long the door looks whether a commit without an answer was kept.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What came of a wish; it is kept by the database.
#[derive(Clone)]
pub struct Done {
    /// None if nothing had to change.
    pub events: Vec<Event>,
    /// What the wish was about: where a page should look.
    pub about: Option<Thing>,
    pub note: Option<Note>,
    /// The board with this in it, and perhaps with what others did in the same moment.
    pub snapshot: Arc<Snapshot>,
}

/// Why nothing came of a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// A rule says no.
    Refused(Refusal),
    /// Too much waits, or it waited too long: nothing was done.
    Busy,
    /// The database does not answer: nothing was done.
    Unavailable,
    /// It was begun, but the database did not answer, or not in time: nobody knows yet whether it was done.
    Uncertain,
    /// The board itself is not there, or a fault of the program.
    Broken,
}

/// A wish that waits at the door.
pub(super) struct Asked {
    pub(super) by: Token,
    pub(super) wish: Wish,
    pub(super) since: Instant,
    /// Whose wait is over takes it back, unless it is begun.
    pub(super) claim: Claim,
    pub(super) answer: oneshot::Sender<Result<Done, Failure>>,
}

/// What comes to a door.
pub(super) enum Knock {
    Wish(Asked),
    /// Take in what other processes did since; tells when that is done.
    Refresh(oneshot::Sender<()>),
}

/// The task behind a board's door.
pub(super) struct Door {
    pub(super) database: Database,
    pub(super) current: Arc<ArcSwap<Snapshot>>,
    pub(super) feed: Arc<Feed>,
    pub(super) presence: Arc<Presence>,
    pub(super) peers: Arc<Peers>,
    pub(super) figures: Arc<Figures>,
    pub(super) outage: Arc<Outage>,
    pub(super) backlog: Arc<Backlog>,
    /// Where the requests run.
    pub(super) requests: Handle,
    pub(super) queue: mpsc::Receiver<Knock>,
}

/// A batch, the board it was decided on, and whether the database has it.
struct Attempt {
    base: Arc<Snapshot>,
    batch: Batch,
    kept: Result<(), CommitError>,
}

impl Door {
    /// Serves until nobody holds the other end.
    pub(super) async fn serve(mut self) {
        // However this ends, a fault included: who listens here would wait in vain.
        let _end = End(self.feed.clone());
        while let Some(first) = self.next().await {
            let mut wishes = Vec::new();
            let mut refreshed = Vec::new();
            let mut next = Some(first);
            while let Some(knock) = next {
                match knock {
                    Knock::Wish(asked) => {
                        self.backlog.took(asked.since);
                        if asked.claim.take() {
                            wishes.push(asked);
                        }
                    }
                    Knock::Refresh(done) => refreshed.push(done),
                }
                next = match wishes.len() < BATCH {
                    true => self.queue.try_recv().ok(),
                    false => None,
                };
            }
            if !refreshed.is_empty() {
                let looked = self.catch_up().await;
                self.outage.set(looked.is_err());
                for done in refreshed {
                    let _ = done.send(());
                }
                if let Err(error) = looked {
                    tracing::warn!(%error, "could not look for what other processes did");
                    // What was not to be had for a look is not to be had for a change.
                    if error.is_unavailable() && !wishes.is_empty() {
                        refuse_all(std::mem::take(&mut wishes), &error, Failure::Unavailable);
                    }
                }
            }
            if !wishes.is_empty() {
                self.grant(wishes).await;
                // Where there is a whole transaction's worth already, nothing is won by waiting for more.
                if self.queue.len() < BATCH {
                    self.give_way().await;
                }
            }
        }
    }

    /// What comes next, as soon as there is something.
    async fn next(&mut self) -> Option<Knock> {
        if self.queue.is_empty() {
            self.backlog.rests();
        }
        self.queue.recv().await
    }

    /// Waits until all have had their turn who could run by now, those among them who were just told. What is wished for
    /// meanwhile shares the next transaction, and the step that all are told: a door that never waits tells a crowd more than
    /// it can read.
    async fn give_way(&self) {
        let turn = self.requests.spawn(async {});
        let _ = timeout(GIVE_WAY, turn).await;
    }

    /// Answers everyone in a batch, one way or the other.
    async fn grant(&self, wishes: Vec<Asked>) {
        self.figures.batch.observe(wishes.len() as f64);
        for asked in &wishes {
            let waited = asked.since.elapsed();
            self.figures.door_wait.observe(waited.as_secs_f64());
        }
        let mut attempt = self.attempt(&wishes).await;
        if let Err(CommitError::Conflict) = attempt.kept {
            attempt = self.attempt_in_turn(&wishes).await;
        }
        let Attempt { base, batch, kept } = attempt;
        self.outage.set(matches!(
            kept,
            Err(CommitError::Refused(_) | CommitError::Unanswered(_))
        ));
        match kept {
            Ok(()) => self.publish(&base, batch, wishes),
            Err(CommitError::Unanswered(error)) => match self.was_kept(&base, &batch).await {
                true => self.publish(&base, batch, wishes),
                false => refuse_all(wishes, &error, Failure::Uncertain),
            },
            Err(CommitError::Refused(error)) => refuse_all(wishes, &error, Failure::Unavailable),
            Err(CommitError::Conflict) => {
                for asked in wishes {
                    tell(asked, Err(Failure::Busy));
                }
            }
        }
    }

    /// Runs the rules on the board in memory and keeps what comes of them, unless another process was first.
    async fn attempt(&self, wishes: &[Asked]) -> Attempt {
        let base = self.current.load_full();
        let batch = Batch::decide(&base.board, wishes);
        let kept = self.keep(&base, &batch).await;
        Attempt { base, batch, kept }
    }

    /// Takes the board's turn, takes in what others did until then, runs the rules, and keeps what comes of them.
    async fn attempt_in_turn(&self, wishes: &[Asked]) -> Attempt {
        let base = self.current.load_full();
        let mut attempt = Attempt {
            batch: Batch::decide(&base.board, &[]),
            base,
            kept: Err(CommitError::Conflict),
        };
        if let Err(error) = self.in_turn(wishes, &mut attempt).await {
            attempt.kept = Err(CommitError::Refused(error));
        }
        attempt
    }

    async fn in_turn(&self, wishes: &[Asked], attempt: &mut Attempt) -> Result<(), db::Error> {
        let id = attempt.base.board.id;
        let Some(mut turn) = Turn::take(&self.database, id).await? else {
            return Err(db::Error::Unusable(format!("board {id} is gone")));
        };
        let missed = turn.missed(attempt.base.board.version()).await?;
        attempt.base = self.take_in(&attempt.base, &missed);
        if attempt.base.board.version() != turn.version {
            turn.pass().await?;
            return self.load_anew().await;
        }
        attempt.batch = Batch::decide(&attempt.base.board, wishes);
        attempt.kept = match attempt.batch.events.is_empty() {
            true => turn.pass().await.map_err(CommitError::Refused),
            false => turn.keep(&attempt.batch.board, &attempt.batch.events).await,
        };
        Ok(())
    }

    /// Writes a batch, or, if nothing comes of it, makes sure that this is said of the board as it is now.
    async fn keep(&self, base: &Snapshot, batch: &Batch) -> Result<(), CommitError> {
        if !batch.events.is_empty() {
            return store::commit(
                &self.database,
                base.board.version(),
                &batch.board,
                &batch.events,
            )
            .await;
        }
        match store::version(&self.database, base.board.id).await {
            Ok(Some(version)) if version != base.board.version() => Err(CommitError::Conflict),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "answered from memory");
                Ok(())
            }
        }
    }

    /// Whether an unanswered commit was kept after all.
    async fn was_kept(&self, base: &Snapshot, batch: &Batch) -> bool {
        let Some(first) = batch.events.first() else {
            return false;
        };
        let looked = store::events_after(&self.database, base.board.id, base.board.version());
        matches!(timeout(LOOK_AGAIN, looked).await, Ok(Ok(kept)) if kept.first() == Some(first))
    }

    /// Shows what was kept: to who reads, then to who asked, then to who looks on, for those may be a thousand.
    fn publish(&self, base: &Snapshot, batch: Batch, wishes: Vec<Asked>) {
        let step = match batch.events.is_empty() {
            true => None,
            false => {
                self.figures.events.inc_by(batch.events.len() as u64);
                Some(self.advance(base, batch.board, &batch.events))
            }
        };
        let snapshot = match &step {
            Some(step) => step.snapshot.clone(),
            None => self.current.load_full(),
        };
        for (asked, outcome) in wishes.into_iter().zip(batch.outcomes) {
            let answer = match outcome {
                Ok(share) => Ok(Done {
                    events: batch.events[share.events].to_vec(),
                    about: share.about,
                    note: share.note,
                    snapshot: snapshot.clone(),
                }),
                Err(refusal) => Err(Failure::Refused(refusal)),
            };
            tell(asked, answer);
        }
        if let Some(step) = step {
            self.peers.changed(snapshot.board.id, step.number());
            self.tell_all(step);
        }
    }

    /// Looks for what other processes did.
    async fn catch_up(&self) -> Result<(), db::Error> {
        let base = self.current.load_full();
        let version = base.board.version();
        let missed = store::events_after(&self.database, base.board.id, version).await?;
        let gapless = missed
            .last()
            .is_none_or(|last| last.number == version + missed.len() as i64);
        match gapless {
            true => {
                self.take_in(&base, &missed);
                Ok(())
            }
            false => self.load_anew().await,
        }
    }

    /// Publishes the board with the events of other processes in it.
    fn take_in(&self, base: &Arc<Snapshot>, missed: &[Event]) -> Arc<Snapshot> {
        if missed.is_empty() {
            return base.clone();
        }
        let mut board = base.board.clone();
        for event in missed {
            board.apply(event);
        }
        let step = self.advance(base, board, missed);
        let next = step.snapshot.clone();
        self.tell_all(step);
        next
    }

    /// Goes on to the board to which these events lead; whoever reads it sees it from now on.
    fn advance(&self, base: &Snapshot, board: Board, events: &[Event]) -> Step {
        let touched = Touched::by(events.iter().map(|event| &event.change), &board);
        let next = Arc::new(base.follow(board, &touched));
        self.current.store(next.clone());
        let mut step = Step::new(next, touched);
        if self.feed.is_watched() {
            step.time(&self.figures.fan_out);
        }
        step
    }

    /// Tells everyone who looks at the board.
    fn tell_all(&self, step: Step) {
        if step.concerns_people() {
            self.presence.update();
        }
        self.feed.tell(News::Step(Arc::new(step)));
    }

    /// Log and memory do not go together: somebody restored the database, or changed it by hand.
    async fn load_anew(&self) -> Result<(), db::Error> {
        let base = self.current.load_full();
        tracing::warn!(board = %base.board.id, "memory and log differ: the board is loaded anew");
        if let Some(board) = store::load(&self.database, &base.board.slug).await? {
            let next = Snapshot::of(board, base.sites.clone());
            self.current.store(Arc::new(next));
            self.feed.tell(News::Anew);
        }
        Ok(())
    }
}

/// Ends a feed when it goes.
struct End(Arc<Feed>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn refuse_all(wishes: Vec<Asked>, error: &db::Error, passing: Failure) {
    let failure = match error.is_unavailable() {
        true => passing,
        false => Failure::Broken,
    };
    tracing::error!(%error, wishes = wishes.len(), "nothing was kept");
    for asked in wishes {
        tell(asked, Err(failure.clone()));
    }
}

/// Whoever asked may have gone away meanwhile; what was done stays done.
fn tell(asked: Asked, answer: Result<Done, Failure>) {
    let _ = asked.answer.send(answer);
}
