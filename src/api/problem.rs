//! Why a request failed, as problem details (RFC 9457). A problem is data; it becomes text at the end, in the reader's language.

mod kind;
mod rejection;

pub(super) use kind::ProblemKind;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};

use super::resources::problem::{FieldError, ProblemDetails, ProblemMembers};
use crate::{
    board::{CommandError, CreateError, ForgetError, LoadEventError, OpenError},
    db,
    http::error_chain::error_chain,
    view::{Message, Texts},
    web::HttpError,
};

/// Why a request failed.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) kind: ProblemKind,
    detail: Detail,
    /// The members of the body, or the parameters, that are wrong.
    pub(super) errors: Vec<FieldError>,
    more: Box<More>,
}

/// What few problems have. Apart, so that a result that is no problem stays small.
#[derive(Debug, Default)]
struct More {
    /// Members that only this kind of problem has.
    members: ProblemMembers,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

#[derive(Debug)]
enum Detail {
    /// That of the kind.
    Standard,
    /// In the reader's language.
    Message(Message<'static>),
    /// About the protocol, for developers; in English.
    Text(String),
}

impl Problem {
    pub(super) fn new(kind: ProblemKind) -> Problem {
        Problem {
            kind,
            detail: Detail::Standard,
            errors: Vec::new(),
            more: Box::default(),
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

    /// The operator deleted the board.
    fn board_deleted() -> Problem {
        Problem::new(ProblemKind::Gone).with_message("board-deleted")
    }

    /// A bug or an unexpected failure: the cause is for the log only.
    pub(super) fn internal(cause: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::Internal).caused_by(Some(cause.into()))
    }

    fn caused_by(mut self, cause: Option<String>) -> Problem {
        self.more.cause = cause;
        self
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
            detail: Detail::Message(message.into()),
            ..self
        }
    }

    #[must_use]
    pub(super) fn with_members(mut self, members: ProblemMembers) -> Problem {
        self.more.members = members;
        self
    }

    #[must_use]
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Problem {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.more.headers.push((name, value));
        }
        self
    }

    fn retry_soon(kind: ProblemKind, cause: impl Into<String>) -> Problem {
        let problem = Problem::new(kind).caused_by(Some(cause.into()));
        problem.with_header(header::RETRY_AFTER, "2")
    }

    /// What is sent, in the reader's language; the headers; and the cause, for the log.
    pub(super) fn into_parts(self, texts: &Texts) -> ProblemParts {
        let detail = match self.detail {
            Detail::Standard => self.kind.detail().to_owned(),
            Detail::Message(message) => texts.text(message).into_owned(),
            Detail::Text(text) => text,
        };
        let More {
            members,
            headers,
            cause,
        } = *self.more;
        ProblemParts {
            status: self.kind.status(),
            details: ProblemDetails {
                kind: self.kind.uri(),
                title: self.kind.title(),
                status: self.kind.status().as_u16(),
                detail,
                errors: self.errors,
                members,
            },
            headers,
            cause,
        }
    }
}

/// A problem as it is sent.
pub(super) struct ProblemParts {
    pub(super) status: StatusCode,
    pub(super) details: ProblemDetails,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) cause: Option<String>,
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
            OpenError::Deleted => Problem::board_deleted(),
            OpenError::Database(error) => Problem::from(&*error),
        }
    }
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Problem {
        match error {
            CreateError::Rejected(rejection) => Problem::from(&rejection),
            CreateError::Database(error) => Problem::from(&error),
        }
    }
}

impl From<LoadEventError> for Problem {
    fn from(error: LoadEventError) -> Problem {
        match error {
            LoadEventError::Rejected(rejection) => Problem::from(&rejection),
            LoadEventError::Database(error) => Problem::from(&error),
        }
    }
}

impl From<ForgetError> for Problem {
    fn from(error: ForgetError) -> Problem {
        match error {
            ForgetError::Busy => {
                Problem::retry_soon(ProblemKind::Busy, "another participant is being erased")
            }
            ForgetError::Database(error) => Problem::from(&error),
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
            CommandError::Repeated => Problem::retry_soon(
                ProblemKind::Busy,
                "another process handles the same request",
            ),
            CommandError::BoardDeleted => Problem::board_deleted(),
            CommandError::Internal => Problem::internal(
                "the writer of the board ended, or could not commit: an earlier line names the error",
            ),
        }
    }
}

/// An error of the middleware, which pages and API share.
impl From<HttpError> for Problem {
    fn from(error: HttpError) -> Problem {
        let problem = Problem::new(ProblemKind::of_status(error.status));
        let problem = problem.caused_by(error.cause.map(|cause| cause.0));
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
