//! The door: a board's only way to change. One task takes everything that waits, runs the rules one after
//! the other on the board in memory, writes all that comes of it in one transaction, and only after the commit
//! publishes the next snapshot and answers. A lone wish waits for nobody; many share one commit, in order.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Duration, Instant, timeout},
};

use super::{Snapshot, now};
use crate::{
    db::{self, Database},
    model::{Board, Change, Event, Note, Refusal, Thing, Token, Wish, decide},
    store::{self, CommitError},
};

/// How many wishes may share a transaction: enough that a room shares one, few enough that nobody waits for long.
const BATCH: usize = 256;

/// How often the rules are run again because another process was first.
const ATTEMPTS: usize = 20;

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
    /// The database did not answer in the middle of keeping it: nobody knows yet whether it was done.
    Uncertain,
    /// The board itself is not there, or a fault of the program.
    Broken,
}

/// A wish that waits at the door.
pub(super) struct Asked {
    pub(super) by: Token,
    pub(super) wish: Wish,
    /// Not begun by then, it is not begun at all.
    pub(super) deadline: Instant,
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
    pub(super) queue: mpsc::Receiver<Knock>,
}

/// What the rules made of one batch: the board after it, its events, and each wish's share.
struct Batch {
    board: Board,
    events: Vec<Event>,
    outcomes: Vec<Result<Share, Refusal>>,
}

struct Share {
    events: std::ops::Range<usize>,
    about: Option<Thing>,
    note: Option<Note>,
}

impl Door {
    /// Serves until nobody holds the other end.
    pub(super) async fn serve(mut self) {
        while let Some(first) = self.queue.recv().await {
            let mut wishes = Vec::new();
            let mut refreshed = Vec::new();
            let mut next = Some(first);
            while let Some(knock) = next {
                match knock {
                    Knock::Wish(asked) if asked.deadline <= Instant::now() => {
                        tell(asked, Err(Failure::Busy));
                    }
                    Knock::Wish(asked) => wishes.push(asked),
                    Knock::Refresh(done) => refreshed.push(done),
                }
                next = match wishes.len() < BATCH {
                    true => self.queue.try_recv().ok(),
                    false => None,
                };
            }
            if !refreshed.is_empty() {
                if let Err(error) = self.catch_up().await {
                    tracing::warn!(%error, "could not look for what other processes did");
                }
                for done in refreshed {
                    let _ = done.send(());
                }
            }
            if !wishes.is_empty() {
                self.grant(wishes).await;
            }
        }
    }

    /// Answers everyone in a batch, one way or the other.
    async fn grant(&mut self, wishes: Vec<Asked>) {
        for _ in 0..ATTEMPTS {
            let base = self.current.load_full();
            let batch = Batch::decide(&base.board, &wishes);
            match self.keep(&base, &batch).await {
                Ok(()) => return self.publish(&base, batch, wishes),
                Err(CommitError::Conflict) => {
                    if let Err(error) = self.catch_up().await {
                        return refuse_all(wishes, &error, Failure::Unavailable);
                    }
                }
                Err(CommitError::Refused(error)) => {
                    return refuse_all(wishes, &error, Failure::Unavailable);
                }
                Err(CommitError::Unanswered(error)) => {
                    if self.was_kept(&base, &batch).await {
                        return self.publish(&base, batch, wishes);
                    }
                    return refuse_all(wishes, &error, Failure::Uncertain);
                }
            }
        }
        tracing::warn!(ATTEMPTS, "other processes were first each time");
        for asked in wishes {
            tell(asked, Err(Failure::Busy));
        }
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

    fn publish(&self, base: &Snapshot, batch: Batch, wishes: Vec<Asked>) {
        let snapshot = match batch.events.is_empty() {
            true => self.current.load_full(),
            false => {
                let change = Change::net(batch.events.iter().map(|event| &event.change));
                Arc::new(base.follow(batch.board, &change))
            }
        };
        self.current.store(snapshot.clone());
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
    }

    /// Takes in the events of other processes.
    async fn catch_up(&self) -> Result<(), db::Error> {
        let base = self.current.load_full();
        let id = base.board.id;
        let missed = store::events_after(&self.database, id, base.board.version()).await?;
        let Some(last) = missed.last() else {
            return Ok(());
        };
        let gapless = last.number == base.board.version() + missed.len() as i64;
        let next = if gapless {
            let mut board = base.board.clone();
            for event in &missed {
                board.apply(event);
            }
            base.follow(
                board,
                &Change::net(missed.iter().map(|event| &event.change)),
            )
        } else {
            tracing::warn!(board = %id, "the log has a gap: the board is loaded anew");
            let Some(board) = store::load(&self.database, &base.board.slug).await? else {
                return Ok(());
            };
            Snapshot::of(board, base.site.clone())
        };
        self.current.store(Arc::new(next));
        Ok(())
    }
}

impl Batch {
    fn decide(board: &Board, wishes: &[Asked]) -> Batch {
        let mut batch = Batch {
            board: board.clone(),
            events: Vec::new(),
            outcomes: Vec::with_capacity(wishes.len()),
        };
        let at = now();
        for asked in wishes {
            let outcome = decide(&batch.board, &asked.by, &asked.wish, at).map(|decision| {
                let first = batch.events.len();
                if !decision.events.is_empty() {
                    batch.board = decision.board;
                    batch.events.extend(decision.events);
                }
                Share {
                    events: first..batch.events.len(),
                    about: decision.about,
                    note: decision.note,
                }
            });
            batch.outcomes.push(outcome);
        }
        batch
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
