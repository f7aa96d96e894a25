//! Handles a request once, however often it is sent, to whichever process. The first one runs its command, whose transaction also stores
//! the request, and then saves its answer; the others get that answer.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::{
    super::{
        clock::now,
        command::{CommandError, CommandOutcome},
        deadline::{REPLY_DEADLINE, START_DEADLINE},
        handle::BoardHandle,
    },
    locks::RequestLock,
};
use crate::{
    db::{self, Database},
    model::{BoardId, BrowserId, Command, Event, RequestKey, RequestSalt, Slug},
    store::{self, StoredRequest},
};

/// What is known of a request.
pub enum Once {
    /// Nothing: run it, and save the answer.
    New(Turn),
    /// It took effect, but was not answered: make the answer from its events, and save it.
    Interrupted(Interrupted),
    /// It was answered with these bytes, which may lack a secret that the salt leads to.
    Answered { answer: Bytes, salt: RequestSalt },
    /// Its key belongs to another request.
    BodyDiffers,
}

/// A request that took effect, whose process ended before it answered, or is about to.
pub struct Interrupted {
    pub turn: Turn,
    /// In the order of their numbers; empty only if it created an empty board.
    pub events: Vec<Event>,
    /// The board that the request created. The events are the first ones of that board.
    pub created: Option<Slug>,
}

/// The right to handle a request. Until it is dropped, requests with the same key wait in this process.
pub struct Turn {
    handle: Arc<BoardHandle>,
    request: RequestKey,
    arrived_at: Instant,
    /// Whether the request is stored, together with its effect.
    is_recorded: bool,
    _lock: RequestLock,
}

impl BoardHandle {
    /// What is known of a request, after it has waited for others with the same key in this process. If another process handles it at the
    /// same time, a later step fails with [`CommandError::Repeated`]: then drop the turn and call this again.
    ///
    /// # Errors
    /// [`CommandError::Busy`] if the other one takes too long; the error of the database.
    pub async fn once(self: &Arc<Self>, request: RequestKey) -> Result<Once, CommandError> {
        let arrived_at = Instant::now();
        let lock = self
            .request_locks
            .acquire(self.id(), &request, arrived_at + START_DEADLINE);
        let mut turn = Turn {
            handle: self.clone(),
            _lock: lock.await.ok_or(CommandError::Busy)?,
            request,
            arrived_at,
            is_recorded: false,
        };
        let Some(stored) = turn.find().await? else {
            return Ok(Once::New(turn));
        };
        if stored.body_hash != turn.request.body_hash() {
            return Ok(Once::BodyDiffers);
        }
        if let Some(answer) = stored.answer {
            return Ok(Once::Answered {
                answer: answer.into(),
                salt: stored.salt,
            });
        }
        turn.is_recorded = true;
        turn.request.salt = stored.salt;
        turn.interrupted(stored).await.map(Once::Interrupted)
    }
}

impl Turn {
    /// Runs the command of the request. A request has only one.
    ///
    /// # Errors
    /// [`CommandError::Repeated`] if it took effect meanwhile; otherwise as for [`BoardHandle::execute`]. The waiting for the turn counts
    /// towards the time limit.
    pub async fn execute(
        &mut self,
        browser: BrowserId,
        command: impl Into<Command>,
    ) -> Result<CommandOutcome, CommandError> {
        let request = Some(self.request.clone());
        let command = command.into();
        let outcome = self
            .handle
            .submit(browser, command, request, self.arrived_at);
        let outcome = outcome.await?;
        self.is_recorded = !outcome.events.is_empty();
        Ok(outcome)
    }

    /// Saves the answer to the request, unless another process was faster. Returns the answer that every request with this key gets.
    ///
    /// # Errors
    /// [`CommandError::Repeated`] if it took effect meanwhile; [`CommandError::Unconfirmed`] if the database does not confirm it in time.
    pub async fn save(self, answer: Bytes) -> Result<Bytes, CommandError> {
        let until = self.arrived_at + REPLY_DEADLINE;
        // A client that closes its connection cancels its request, but not this.
        let saving = tokio::spawn(self.save_or_find(answer));
        match timeout_at(until, saving).await {
            Ok(saved) => saved.unwrap_or(Err(CommandError::Internal)),
            Err(_) => Err(CommandError::Unconfirmed),
        }
    }

    async fn save_or_find(self, answer: Bytes) -> Result<Bytes, CommandError> {
        let at = now();
        let saved = store::save_answer(
            self.database(),
            self.board(),
            &self.request,
            self.is_recorded,
            answer.to_vec(),
            (at, RequestKey::remembered_since(at)),
        );
        let saved = saved.await.map_err(|error| {
            self.database().outages().writing.failed(&error);
            failure(&error, CommandError::Unconfirmed)
        })?;
        if saved {
            return Ok(answer);
        }
        let stored = self.find().await?;
        let same = stored.filter(|stored| stored.body_hash == self.request.body_hash());
        let answer = same.and_then(|stored| stored.answer);
        answer.map(Bytes::from).ok_or(CommandError::Repeated)
    }

    /// Random bytes that all requests with this key share if the first took effect.
    pub fn salt(&self) -> &RequestSalt {
        &self.request.salt
    }

    pub(in crate::board) fn request(&self) -> &RequestKey {
        &self.request
    }

    /// Notes that the request was stored with its effect.
    pub(in crate::board) fn set_recorded(&mut self) {
        self.is_recorded = true;
    }

    async fn find(&self) -> Result<Option<StoredRequest>, CommandError> {
        let since = RequestKey::remembered_since(now());
        let found = store::find_request(self.database(), self.board(), self.request.key(), since);
        found.await.map_err(|error| self.unreadable(&error))
    }

    /// Loads the events of a request that was not answered.
    async fn interrupted(self, stored: StoredRequest) -> Result<Interrupted, CommandError> {
        let (board, created) = match stored.created {
            Some((board, slug)) => (board, Some(slug)),
            None => (self.board(), None),
        };
        let events = match stored.events {
            Some(numbers) => {
                let count = numbers.end() - numbers.start() + 1;
                let span = numbers.start() - 1..=*numbers.end();
                let events = store::events_between(self.database(), board, span, usize::MAX);
                let events = events.await.map_err(|error| self.unreadable(&error))?;
                events.filter(|events| events.len() as i64 == count)
            }
            None => created.is_some().then(Vec::new),
        };
        let Some(events) = events else {
            tracing::error!(%board, "the log lacks the events of a request");
            return Err(CommandError::Internal);
        };
        // Another process may have made them.
        let last = events.last().map_or(0, |last| last.number);
        if created.is_none() && self.handle.version() < last {
            self.handle.refresh().await;
            if self.handle.version() < last {
                // A board that lacks the effect would answer that there is no such thing, for good.
                return Err(CommandError::Unconfirmed);
            }
        }
        Ok(Interrupted {
            turn: self,
            events,
            created,
        })
    }

    fn unreadable(&self, error: &db::Error) -> CommandError {
        self.database().outages().reading.failed(error);
        failure(error, CommandError::Unavailable)
    }

    fn database(&self) -> &Database {
        self.handle.database()
    }

    fn board(&self) -> BoardId {
        self.handle.id()
    }
}

/// The failure for a caller: `if_unavailable` if the database may answer later.
fn failure(error: &db::Error, if_unavailable: CommandError) -> CommandError {
    match error.is_unavailable() {
        true => if_unavailable,
        false => CommandError::Internal,
    }
}
