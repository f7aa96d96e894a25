//! Requests with an `Idempotency-Key`: they take effect once, and every repetition gets the answer of the first, byte for byte, for 24
//! hours, after a restart and from another process too. `board::requests` decides which request is the first.
//!
//! If a process ends between the commit and the answer, the next repetition runs the handler again, but its command is answered from
//! the recorded events.

use std::sync::Arc;

use bytes::Bytes;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{
    answer::Answer,
    call::Call,
    problem::{Problem, ProblemKind},
    resource::{Handler, Reply},
    token::Token,
};
use crate::{
    board::{BoardHandle, Boards, CommandError, CommandOutcome, Interrupted, NewBoard, Once, Turn},
    model::{BrowserId, Command, Event, Name, RequestKey, RequestSalt, Slug},
};

/// How often a request is tried that another process handles at the same time.
const TRIES: usize = 5;

/// Stands in a stored answer for the token, which is not stored. No member but `token` is written like this: a quotation mark inside
/// of a text is escaped.
const HIDDEN_TOKEN: &str = r#""token":"hidden""#;

/// The key that a client chose, and what identifies its request.
#[derive(Clone)]
pub(super) struct IdempotencyKey {
    text: Arc<str>,
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

    fn request(&self) -> RequestKey {
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

/// The one execution of a request, shared between its handler and [`run`].
pub(super) struct Execution {
    key: IdempotencyKey,
    salt: RequestSalt,
    state: Mutex<State>,
}

struct State {
    turn: Turn,
    /// The events of an execution that was not answered.
    events: Option<Vec<Event>>,
    /// The board that it created.
    created: Option<Slug>,
    /// Whether another process turned out to handle the same request.
    is_repeated: bool,
}

impl Execution {
    fn new(key: IdempotencyKey, turn: Turn) -> Execution {
        Execution::with(key, turn, None, None)
    }

    fn interrupted(key: IdempotencyKey, interrupted: Interrupted) -> Execution {
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
        Token::of_request(&self.key.text, &self.salt)
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

/// Runs a handler for a request that takes effect once, or repeats its answer.
pub(super) async fn run(
    call: Call,
    key: IdempotencyKey,
    handler: &Handler,
) -> Result<Response, Problem> {
    for _ in 0..TRIES {
        let once = match call.board_or_none() {
            Some(board) => board.once(key.request()).await?,
            None => call.app.boards().once(key.request()).await?,
        };
        let execution = match once {
            Once::Answered { answer, salt } => return replay(&answer, &key, &salt),
            Once::BodyDiffers => return Err(Problem::new(ProblemKind::KeyReused)),
            Once::New(turn) => Execution::new(key.clone(), turn),
            Once::Interrupted(interrupted) => Execution::interrupted(key.clone(), interrupted),
        };
        let execution = Arc::new(execution);
        let reply = handler(call.executed_once(execution.clone())).await;
        let Some(execution) = Arc::into_inner(execution) else {
            return Err(Problem::internal("a handler has kept its request"));
        };
        let (salt, state) = (execution.salt, execution.state.into_inner());
        if state.is_repeated {
            continue;
        }
        let answer = match reply {
            Ok(Reply::Response(response)) => return Ok(response),
            Ok(Reply::Answer(answer)) => answer,
            Err(problem) => problem.into_answer(&call.texts),
        };
        if !is_final(answer.status) {
            return Ok(answer.into_response());
        }
        match state.turn.save(stored(&answer)?).await {
            Ok(answer) => return replay(&answer, &key, &salt),
            Err(CommandError::Repeated) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(CommandError::Repeated.into())
}

/// Whether an answer is kept: not if the same request may succeed later, and if it was refused before it was looked at.
fn is_final(status: StatusCode) -> bool {
    let is_temporary = [
        StatusCode::UNAUTHORIZED,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    !status.is_server_error() && !is_temporary.contains(&status)
}

/// An answer in the database.
#[derive(Serialize, Deserialize)]
struct StoredAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// The answer as it is stored: without the token.
fn stored(answer: &Answer) -> Result<Bytes, Problem> {
    let body = std::str::from_utf8(&answer.body).map_err(|_| unreadable())?;
    let body = match &answer.secret {
        Some(token) => body.replacen(&shown(token), HIDDEN_TOKEN, 1),
        None => body.to_owned(),
    };
    let headers = answer.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let stored = StoredAnswer {
        status: answer.status.as_u16(),
        headers: headers.collect(),
        body,
    };
    let json = serde_json::to_vec(&stored).map_err(|_| unreadable())?;
    Ok(json.into())
}

/// The answer to a repeated request, the token included.
fn replay(stored: &[u8], key: &IdempotencyKey, salt: &RequestSalt) -> Result<Response, Problem> {
    let stored: StoredAnswer = serde_json::from_slice(stored).map_err(|_| unreadable())?;
    let body = match stored.body.contains(HIDDEN_TOKEN) {
        true => {
            let token = Token::of_request(&key.text, salt)?;
            stored.body.replacen(HIDDEN_TOKEN, &shown(&token), 1)
        }
        false => stored.body,
    };
    let headers = stored.headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::try_from(name.as_str()).ok()?;
        Some((name, HeaderValue::try_from(value.as_str()).ok()?))
    });
    let answer = Answer {
        status: StatusCode::from_u16(stored.status).map_err(|_| unreadable())?,
        headers: headers.collect(),
        body: body.into(),
        secret: None,
        cause: None,
    };
    Ok(answer.into_response())
}

fn shown(token: &Token) -> String {
    format!(r#""token":"{}""#, token.as_str())
}

fn unreadable() -> Problem {
    Problem::internal("a stored answer cannot be read or written")
}

#[cfg(test)]
mod tests {
    use poem::http::header;

    use super::*;

    #[tokio::test]
    async fn a_stored_answer_hides_the_token_and_is_replayed_whole() {
        let key = IdempotencyKey::new("0123456789abcdef", "", "POST /", b"{}");
        let salt = [7; 16];
        let token = Token::of_request(&key.text, &salt).unwrap();
        // Nobody can make the hidden token appear elsewhere: the name is written with escaped quotation marks.
        let participant = serde_json::json!({
            "name": HIDDEN_TOKEN,
            "token": token.as_str(),
        });
        let answer = Answer::created(&participant, "/somewhere").unwrap();
        let sent = answer.body.clone();
        let answer = answer.showing(Some(token.clone()));
        let stored = stored(&answer).unwrap();
        let text = String::from_utf8(stored.to_vec()).unwrap();
        assert!(!text.contains(token.as_str()), "{text}");
        let replayed = replay(&stored, &key, &salt).unwrap();
        assert_eq!(replayed.status(), 201);
        assert_eq!(replayed.header(header::LOCATION), Some("/somewhere"));
        assert_eq!(replayed.header(header::CACHE_CONTROL), Some("no-store"));
        assert_eq!(replayed.into_body().into_bytes().await.unwrap(), sent);
    }

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
