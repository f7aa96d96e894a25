//! The one execution of a request that takes effect once: its commands run, or are answered from what an earlier execution recorded.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{problem::Problem, token::Token};
use crate::{
    board::{BoardHandle, Boards, CommandError, CommandOutcome, Interrupted, NewBoard, Turn},
    model::{BrowserId, Command, Event, Name, RequestKey, RequestSalt, Slug},
};

/// The key that a client chose, and what identifies its request.
#[derive(Clone)]
pub(super) struct IdempotencyKey {
    pub(super) text: Arc<str>,
    key_hash: String,
    body_hash: String,
}

impl IdempotencyKey {
    /// Two clients with different tokens can use the same key.
    pub(super) fn new(text: &str, actor: &str, target: &str, body: &[u8]) -> IdempotencyKey {
        IdempotencyKey {
            text: text.into(),
            key_hash: hash(&[actor.as_bytes(), text.as_bytes()]),
            body_hash: hash(&[target.as_bytes(), body]),
        }
    }

    pub(super) fn request(&self) -> RequestKey {
        RequestKey::from_hashes(
            self.key_hash.clone(),
            self.body_hash.clone(),
            rand::random(),
        )
    }
}

fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// The one execution of a request, shared between its handler and `api::once`.
pub(super) struct Execution {
    key: IdempotencyKey,
    pub(super) salt: RequestSalt,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) turn: Turn,
    /// The events of an execution that was not answered.
    events: Option<Vec<Event>>,
    /// The board that it created.
    created: Option<Slug>,
    /// Whether another process turned out to handle the same request.
    pub(super) is_repeated: bool,
}

impl Execution {
    pub(super) fn new(key: IdempotencyKey, turn: Turn) -> Execution {
        Execution::with(key, turn, None, None)
    }

    pub(super) fn interrupted(key: IdempotencyKey, interrupted: Interrupted) -> Execution {
        let Interrupted {
            turn,
            events,
            created,
        } = interrupted;
        Execution::with(key, turn, Some(events), created)
    }

    fn with(
        key: IdempotencyKey,
        turn: Turn,
        events: Option<Vec<Event>>,
        created: Option<Slug>,
    ) -> Execution {
        Execution {
            key,
            salt: *turn.salt(),
            state: Mutex::new(State {
                turn,
                events,
                created,
                is_repeated: false,
            }),
        }
    }

    /// The token of the participant that the request makes.
    pub(super) fn token(&self) -> Result<Token, Problem> {
        let token = Token::of_request(&self.key.text, &self.salt);
        token.ok_or_else(|| Problem::internal("no token can be made of the key"))
    }

    /// Runs the command of the request, or returns what it led to before.
    pub(super) async fn execute(
        &self,
        board: &BoardHandle,
        browser: BrowserId,
        command: Command,
    ) -> Result<CommandOutcome, CommandError> {
        let mut state = self.state.lock().await;
        if let Some(events) = state.events.take() {
            return Ok(CommandOutcome::recorded(events, board.read().await));
        }
        let outcome = state.turn.execute(browser, command).await;
        state.is_repeated |= matches!(outcome, Err(CommandError::Repeated));
        outcome
    }

    /// Creates an empty board, or returns the one that the request created before.
    pub(super) async fn create_empty(&self, boards: &Boards, name: &Name) -> Result<Slug, Problem> {
        let mut state = self.state.lock().await;
        if let Some(slug) = state.created.take() {
            return Ok(slug);
        }
        let created = boards.create_once(&mut state.turn, name).await;
        let created = created.map_err(|error| Problem::from(&error))?;
        created.ok_or_else(|| state.repeated())
    }

    /// The same with content; also whether there are events.
    pub(super) async fn create_filled(
        &self,
        boards: &Boards,
        new: NewBoard,
    ) -> Result<(Slug, bool), Problem> {
        let mut state = self.state.lock().await;
        if let Some(slug) = state.created.take() {
            let events = state.events.take().unwrap_or_default();
            return Ok((slug, !events.is_empty()));
        }
        let created = boards.create_filled_once(&mut state.turn, new).await?;
        match created {
            Some(created) => Ok((created.slug, !created.events.is_empty())),
            None => Err(state.repeated()),
        }
    }
}

impl State {
    fn repeated(&mut self) -> Problem {
        self.is_repeated = true;
        CommandError::Repeated.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_key_depends_on_each_part() {
        let keys = [
            ("k", "a", "POST /x", "body"),
            ("l", "a", "POST /x", "body"),
            ("k", "b", "POST /x", "body"),
            ("k", "a", "POST /y", "body"),
            ("k", "a", "POST /x", "bodz"),
        ]
        .map(|(text, actor, target, body)| {
            let key = IdempotencyKey::new(text, actor, target, body.as_bytes());
            (key.key_hash, key.body_hash)
        });
        assert!(keys[0].0 != keys[1].0 && keys[0].1 == keys[1].1);
        assert!(keys[0].0 != keys[2].0 && keys[0].1 == keys[2].1);
        assert!(keys[0].0 == keys[3].0 && keys[0].1 != keys[3].1);
        assert!(keys[0].0 == keys[4].0 && keys[0].1 != keys[4].1);
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
