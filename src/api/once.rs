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

use super::{
    answer::Answer,
    call::Call,
    execution::{Execution, IdempotencyKey},
    handler::{Handler, Reply},
    problem::{Problem, ProblemKind},
    render::failure,
    token::Token,
};
use crate::{
    board::{CommandError, Once},
    model::RequestSalt,
};

/// How often a request is tried that another process handles at the same time.
const TRIES: usize = 5;

/// Stands in a stored answer for the token, which is not stored. No member but `token` is written like this: a quotation mark inside
/// of a text is escaped.
const HIDDEN_TOKEN: &str = r#""token":"hidden""#;

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
            Err(problem) => failure(problem, &call.texts),
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
            let token = Token::of_request(&key.text, salt).ok_or_else(unreadable)?;
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
}
