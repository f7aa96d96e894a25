//! Why a request failed, as problem details (RFC 9457). A problem is data; it becomes text at the end, in the reader's language.

mod kind;
mod rejection;

pub(super) use kind::ProblemKind;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};

use super::resources::problem::{FieldError, ProblemDetails, ProblemMembers};
use crate::{
    board::{CommandError, OpenError},
    db,
    http::error_chain::error_chain,
    view::{Message, Texts},
    web::{HttpError, request_context::FailureCause},
};

const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request failed.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) kind: ProblemKind,
    detail: Detail,
    /// The members of the body, or the parameters, that are wrong.
    pub(super) errors: Vec<FieldError>,
    /// Members that only this kind of problem has.
    members: Box<ProblemMembers>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

#[derive(Debug)]
enum Detail {
    /// That of the kind.
    Standard,
    /// In the reader's language.
    Message(Box<Message<'static>>),
    /// About the protocol, for developers; in English.
    Text(String),
}

impl Problem {
    pub(super) fn new(kind: ProblemKind) -> Problem {
        Problem {
            kind,
            detail: Detail::Standard,
            errors: Vec::new(),
            members: Box::default(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// Members of the body are invalid.
    pub(super) fn invalid_members(errors: Vec<FieldError>) -> Problem {
        Problem {
            errors,
            ..Problem::new(ProblemKind::InvalidMember)
        }
    }

    /// A member of the body has a value that no rule accepts.
    pub(super) fn invalid(pointer: &str, reason: Message<'static>, texts: &Texts) -> Problem {
        let reason = texts.text(reason).into_owned();
        Problem::invalid_members(vec![FieldError::new(pointer, reason)])
    }

    /// A bug or an unexpected failure: the cause is for the log only.
    pub(super) fn internal(cause: impl Into<String>) -> Problem {
        Problem {
            cause: Some(cause.into()),
            ..Problem::new(ProblemKind::Internal)
        }
    }

    #[must_use]
    pub(super) fn with_detail(self, text: impl Into<String>) -> Problem {
        Problem {
            detail: Detail::Text(text.into()),
            ..self
        }
    }

    #[must_use]
    pub(super) fn with_message(self, message: impl Into<Message<'static>>) -> Problem {
        Problem {
            detail: Detail::Message(Box::new(message.into())),
            ..self
        }
    }

    #[must_use]
    pub(super) fn with_members(self, members: ProblemMembers) -> Problem {
        Problem {
            members: Box::new(members),
            ..self
        }
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Problem {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((name, value));
        }
        self
    }

    fn retry_soon(kind: ProblemKind, cause: impl Into<String>) -> Problem {
        let problem = Problem {
            cause: Some(cause.into()),
            ..Problem::new(kind)
        };
        problem.with_header(header::RETRY_AFTER, "2")
    }

    /// The answer, in the reader's language.
    pub(super) fn into_response(self, texts: &Texts) -> Response {
        let detail = match self.detail {
            Detail::Standard => self.kind.detail().to_owned(),
            Detail::Message(message) => texts.text(*message).into_owned(),
            Detail::Text(text) => text,
        };
        let details = ProblemDetails {
            kind: self.kind.uri(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail,
            errors: self.errors,
            members: *self.members,
        };
        // Cannot fail: every key is a string and nothing is fallible.
        let body = serde_json::to_vec(&details).unwrap_or_default();
        let mut response = Response::builder()
            .status(self.kind.status())
            .content_type(PROBLEM_JSON)
            .header(header::CACHE_CONTROL, "no-store");
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            response = response.header(header::WWW_AUTHENTICATE, "Bearer");
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let mut response = response.body(body);
        if let Some(cause) = self.cause {
            response.set_data(FailureCause(cause));
        }
        response
    }
}

impl From<&db::Error> for Problem {
    fn from(error: &db::Error) -> Problem {
        let cause = error_chain(error);
        match error.is_unavailable() {
            true => Problem::retry_soon(ProblemKind::Unavailable, cause),
            false => Problem::internal(cause),
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Problem {
        match error {
            OpenError::Unknown => Problem::new(ProblemKind::NotFound).with_message("no-such-board"),
            OpenError::Database(error) => Problem::from(&*error),
        }
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Problem {
        match error {
            CommandError::Rejected(rejection) => Problem::from(&rejection),
            CommandError::Busy => {
                Problem::retry_soon(ProblemKind::Busy, "too many commands are queued")
            }
            CommandError::Unavailable => {
                Problem::retry_soon(ProblemKind::Unavailable, "the database is unavailable")
            }
            CommandError::Unconfirmed => Problem::retry_soon(
                ProblemKind::Unconfirmed,
                "the commit was not confirmed in time",
            ),
            CommandError::Internal => Problem::internal(
                "the writer of the board ended, or could not commit: an earlier line names the error",
            ),
        }
    }
}

/// An error of the middleware, which pages and API share.
impl From<HttpError> for Problem {
    fn from(error: HttpError) -> Problem {
        let problem = Problem {
            cause: error.cause.map(|cause| cause.0),
            ..Problem::new(ProblemKind::of_status(error.status))
        };
        let problem = match error.retry_after {
            Some(seconds) => problem.with_header(header::RETRY_AFTER, &seconds.to_string()),
            None => problem,
        };
        match problem.kind {
            // The messages of pages speak of pages and forms.
            ProblemKind::NotFound | ProblemKind::BadRequest | ProblemKind::AccessRequired => {
                problem
            }
            _ => problem.with_message(error.reason),
        }
    }
}

/// Renders an error that the middleware returned.
pub(crate) fn render_error(error: HttpError, texts: &Texts) -> Response {
    Problem::from(error).into_response(texts)
}
