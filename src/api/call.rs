//! One request to the API, with what handlers read from it.

use std::{str::FromStr, sync::Arc};

use bytes::Bytes;
use poem::{
    Request,
    http::{HeaderMap, HeaderName, Method, Uri, header},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    body,
    execution::{Execution, IdempotencyKey},
    problem::{Problem, ProblemKind},
    resources::problem::FieldError,
    token::{self, Token},
};
use crate::{
    board::{BoardHandle, CommandError, Snapshot},
    http::client_address::ClientAddress,
    model::{BrowserId, RowTag, Slug},
    view::Texts,
    web::{App, request::language_preference::LanguagePreference, request_context::RequestContext},
};

/// Rows of one page of a list, unless the request says how many.
const DEFAULT_LIMIT: usize = 100;
/// The most rows of one page.
const MAX_LIMIT: usize = 1_000;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The least length of a key of which a token is made, in characters: a UUID without dashes has 32.
const MIN_SECRET_KEY: usize = 16;

/// One request.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) app: App,
    /// In the language of the client, with the words of the board. A client that names no language gets English.
    pub(super) texts: Arc<Texts>,
    /// The address of the client, if the connection has one.
    pub(super) client: Option<ClientAddress>,
    pub(super) headers: HeaderMap,
    board: Option<Arc<BoardHandle>>,
    /// The hash of the bearer token.
    token: Option<BrowserId>,
    /// The `:id` or `:number` in the path.
    id: Option<String>,
    method: Method,
    uri: Uri,
    body: Bytes,
    /// Of a request that takes effect once.
    pub(super) execution: Option<Arc<Execution>>,
}

/// The body of an operation that knows no members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoMembers {}

/// Which rows of a list are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// The rows with a greater id or number.
    pub(super) after: i64,
    pub(super) limit: usize,
}

impl Call {
    /// Opens the board of the path and reads the body.
    pub(super) async fn new(
        app: App,
        request: &mut Request,
        texts: Arc<Texts>,
    ) -> Result<Call, Problem> {
        let body = request.take_body().into_bytes().await;
        let body = body.map_err(|error| {
            Problem::new(ProblemKind::BadRequest).with_detail(error.to_string())
        })?;
        let client = app.rate_limiter.client_address(request);
        // Nothing else reads them any more.
        let headers = std::mem::take(request.headers_mut());
        if !body.is_empty() && !body::is_json(&headers) {
            return Err(Problem::new(ProblemKind::UnsupportedMediaType));
        }
        let board = match request.raw_path_param("slug") {
            Some(slug) => Some(open(&app, slug).await?),
            None => None,
        };
        let context = request.data::<RequestContext>();
        let texts = match &board {
            Some(board) => {
                let language = LanguagePreference::from_headers(&headers).language();
                let texts = board.texts(language);
                if let Some(context) = context {
                    context.set_board(board.id());
                    context.set_texts(texts.clone());
                }
                texts
            }
            None => texts,
        };
        let id = request
            .raw_path_param("id")
            .or(request.raw_path_param("number"));
        Ok(Call {
            texts,
            client,
            token: token::of(&headers),
            board,
            id: id.map(str::to_owned),
            method: request.method().clone(),
            uri: request.uri().clone(),
            execution: None,
            body,
            headers,
            app,
        })
    }

    /// The key under which the request takes effect once.
    /// `makes_token` says that the request makes a participant, whose token is derived from the key.
    pub(super) fn idempotency_key(
        &self,
        makes_token: bool,
    ) -> Result<Option<IdempotencyKey>, Problem> {
        let invalid = |reason| invalid_parameter("Idempotency-Key", reason);
        let mut values = self.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let text = value.to_str().unwrap_or_default();
        // The draft of the header makes it a string of structured fields (RFC 9651); most clients send it without quotes.
        let unquoted = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let text = unquoted.unwrap_or(text);
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if values.next().is_some() || !(1..=255).contains(&text.len()) || !is_visible {
            return Err(invalid("must have 1 to 255 visible ASCII characters"));
        }
        if makes_token && text.len() < MIN_SECRET_KEY {
            return Err(invalid(
                "must have at least 16 characters here, and be random, as a UUID is",
            ));
        }
        let actor = self.token.as_ref().map_or("", |token| token.as_str());
        Ok(Some(IdempotencyKey::new(
            text,
            actor,
            &format!("{} {}", self.method, self.uri),
            &self.body,
        )))
    }

    /// The same request with its one execution.
    pub(super) fn executed_once(&self, execution: Arc<Execution>) -> Call {
        Call {
            execution: Some(execution),
            ..self.clone()
        }
    }

    /// A token for a new participant.
    pub(super) fn new_token(&self) -> Result<Token, Problem> {
        match &self.execution {
            Some(execution) => execution.token(),
            None => Ok(Token::new()),
        }
    }

    /// The board of the path, if it has one.
    pub(super) fn board_or_none(&self) -> Option<&Arc<BoardHandle>> {
        self.board.as_ref()
    }

    /// The board of the path.
    pub(super) fn board(&self) -> Result<&Arc<BoardHandle>, Problem> {
        let missing = || Problem::internal("the route names no board");
        self.board.as_ref().ok_or_else(missing)
    }

    /// The current version of the board of the path.
    pub(super) async fn read(&self) -> Result<Arc<Snapshot>, Problem> {
        Ok(self.board()?.read().await)
    }

    /// The participant who acts, by the hash of the token.
    ///
    /// # Errors
    /// 401 without a token, or if it belongs to nobody on this board; 503 if that cannot be told now.
    pub(super) async fn actor(&self) -> Result<BrowserId, Problem> {
        let required = || Problem::new(ProblemKind::TokenRequired);
        let token = self.token.clone().ok_or_else(required)?;
        let board = self.board()?;
        if board.read().await.board.actor(&token).is_none() {
            // Another process may have just made it.
            let is_current = board.refresh().await;
            if board.read().await.board.actor(&token).is_none() {
                return Err(match is_current {
                    true => required(),
                    false if board.is_disconnected() => CommandError::Unavailable.into(),
                    false => CommandError::Busy.into(),
                });
            }
        }
        Ok(token)
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        body::parse(&self.body)
    }

    /// The body, which may be absent.
    pub(super) fn optional_body<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        body::parse_optional(&self.body)
    }

    /// Refuses a body with members, for an operation that knows none: what a client wants to say must not be ignored.
    pub(super) fn expect_no_members(&self) -> Result<(), Problem> {
        let NoMembers {} = self.optional_body()?;
        Ok(())
    }

    /// The number in the path. Anything else is the address of nothing.
    pub(super) fn id<T: FromStr>(&self) -> Result<T, Problem> {
        let id = self.id.as_deref().unwrap_or_default();
        let not_found = |_| Problem::new(ProblemKind::NotFound);
        id.parse().map_err(not_found)
    }

    /// The page of a list that the query asks for, with `after` and `limit`.
    pub(super) fn page(&self) -> Result<Page, Problem> {
        let after = self.number("after", 0, i64::MAX)?;
        let limit = self.number("limit", 1, MAX_LIMIT as i64)?;
        Ok(Page {
            after: after.unwrap_or(0),
            limit: limit.map_or(DEFAULT_LIMIT, |limit| limit as usize),
        })
    }

    /// The row that the request wants to change, as the client knows it. `*` stands for any.
    pub(super) fn if_match(&self) -> Result<Option<RowTag>, Problem> {
        let mut values = self.headers.get_all(header::IF_MATCH).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" && values.next().is_none() {
            return Ok(None);
        }
        let tag = text.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let tag = tag.unwrap_or(text);
        let is_tag = |byte: u8| byte.is_ascii_alphanumeric();
        match values.next().is_none() && !tag.is_empty() && tag.bytes().all(is_tag) {
            true => Ok(Some(RowTag::from_text(tag))),
            false => Err(invalid_parameter(
                "If-Match",
                "must be the `etag` of the row, or `*`",
            )),
        }
    }

    /// A query parameter, not decoded: all parameters are numbers.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let pairs = self.uri.query()?.split('&');
        let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let found = pairs.find(|(key, _)| *key == name);
        found.map(|(_, value)| value)
    }

    pub(super) fn number(&self, name: &str, min: i64, max: i64) -> Result<Option<i64>, Problem> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        let number = text.parse().ok();
        match number.filter(|number| (min..=max).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => {
                let reason = format!("must be a number from {min} to {max}");
                Err(invalid_parameter(name, &reason))
            }
        }
    }
}

async fn open(app: &App, slug: &str) -> Result<Arc<BoardHandle>, Problem> {
    let unknown = || Problem::new(ProblemKind::NotFound).with_message("no-such-board");
    let slug = Slug::parse(slug).ok_or_else(unknown)?;
    Ok(app.boards().open_to_read(&slug).await?)
}

pub(super) fn invalid_parameter(name: &str, reason: &str) -> Problem {
    Problem::invalid_members(vec![FieldError::new(name, reason)])
}
