//! [`HttpError`]: why a request failed, as data. `error_pages` renders it, so this file must not depend on any other part of `web`
//! but the leaf `request_context`.
//!
//! Policy: every reason is a localized message that says what is wrong and what to do. The cause of an internal error is
//! kept for the log; the page shows one general sentence: never SQL, never a stack trace.

use poem::{error::ResponseError, http::StatusCode};

use super::request_context::FailureCause;
use crate::{
    board::{CommandError, LoadEventError, OpenError},
    db,
    http::{error_chain::error_chain, pieces::Pieces},
    model::{BoardObject, FieldConflict, Rejection},
    view::{self, Fragment, Message},
};

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
#[error("{status}: {reason:?}")]
pub(crate) struct HttpError {
    pub(crate) status: StatusCode,
    /// One or two sentences: what is wrong and what to do.
    pub(crate) reason: Message<'static>,
    /// Seconds after which the client should retry.
    pub(crate) retry_after: Option<u32>,
    /// Why the request failed (5xx), for the log.
    pub(crate) cause: Option<Box<FailureCause>>,
    /// A page to show instead of the general error page: the form again, with its input.
    pub(crate) page: Option<Box<Pieces>>,
    /// Fragments for htmx, in addition to the toast: the reason beside its field.
    pub(crate) fragments: Vec<Fragment>,
    /// The fields of an edit that somebody else changed meanwhile.
    pub(crate) conflicts: Option<Box<EditConflicts>>,
    /// Number of the event that the fragments reflect.
    pub(crate) as_of: Option<i64>,
    /// There is no board at the requested address, so the error page links to the main board.
    pub(crate) is_board_missing: bool,
    /// A veto has to say why.
    pub(crate) asks_for_reason: bool,
}

/// The fields of an edit that somebody else changed meanwhile. A type, so that an error holds only a pointer.
#[derive(Debug)]
pub(crate) struct EditConflicts(Vec<FieldConflict>);

impl HttpError {
    /// The fields of an edit that somebody else changed meanwhile.
    pub(crate) fn conflicts(&self) -> &[FieldConflict] {
        self.conflicts
            .as_ref()
            .map_or(&[], |conflicts| &conflicts.0)
    }

    pub(crate) fn new(status: StatusCode, reason: impl Into<Message<'static>>) -> HttpError {
        HttpError {
            status,
            reason: reason.into(),
            retry_after: None,
            cause: None,
            page: None,
            fragments: Vec::new(),
            conflicts: None,
            as_of: None,
            is_board_missing: false,
            asks_for_reason: false,
        }
    }

    /// Invalid form input.
    pub(crate) fn invalid(reason: impl Into<Message<'static>>) -> HttpError {
        HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
    }

    /// Shows this error in the form that caused it, with fragments besides those that it has.
    pub(crate) fn in_form(self, page: impl Into<Pieces>, fragments: Vec<Fragment>) -> HttpError {
        HttpError {
            page: Some(Box::new(page.into())),
            fragments: [self.fragments, fragments].concat(),
            ..self
        }
    }

    /// Sets the event that this error and its fragments reflect.
    pub(crate) fn at_version(self, version: i64) -> HttpError {
        let as_of = Some(version);
        HttpError { as_of, ..self }
    }

    /// Whether the form is shown again, with the reason: some input is invalid or already taken, or the board is closed.
    pub(crate) fn is_form_error(&self) -> bool {
        matches!(
            self.status,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT | StatusCode::LOCKED
        )
    }

    pub(crate) fn no_such_board() -> HttpError {
        HttpError {
            is_board_missing: true,
            ..HttpError::new(StatusCode::NOT_FOUND, "no-such-board")
        }
    }

    pub(crate) fn board_deleted() -> HttpError {
        HttpError {
            is_board_missing: true,
            ..HttpError::new(StatusCode::GONE, "board-deleted")
        }
    }

    pub(crate) fn no_such_page() -> HttpError {
        HttpError::new(StatusCode::NOT_FOUND, "no-such-page")
    }

    /// The request names no valid host, so no link for other devices can be made.
    pub(crate) fn no_host() -> HttpError {
        HttpError::new(StatusCode::BAD_REQUEST, "share-no-host")
    }

    /// A bug or an unexpected failure: keeps the cause for the log and shows a general sentence.
    pub(crate) fn internal(cause: impl Into<String>) -> HttpError {
        HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error").caused_by(cause)
    }

    /// Sets the cause for the log.
    pub(crate) fn caused_by(self, cause: impl Into<String>) -> HttpError {
        let cause = Some(Box::new(FailureCause(cause.into())));
        HttpError { cause, ..self }
    }

    /// Too many requests at once; nothing was changed.
    pub(crate) fn busy() -> HttpError {
        HttpError::retry_soon("busy")
    }

    /// The database does not answer; nothing was changed.
    pub(crate) fn unavailable() -> HttpError {
        HttpError::retry_soon("unavailable")
    }

    fn retry_soon(reason: &'static str) -> HttpError {
        HttpError {
            retry_after: Some(2),
            ..HttpError::new(StatusCode::SERVICE_UNAVAILABLE, reason)
        }
    }
}

impl ResponseError for HttpError {
    fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<&db::Error> for HttpError {
    fn from(error: &db::Error) -> HttpError {
        match error.is_unavailable() {
            true => HttpError::unavailable().caused_by(error_chain(error)),
            false => HttpError::internal(error_chain(error)),
        }
    }
}

impl From<OpenError> for HttpError {
    fn from(error: OpenError) -> HttpError {
        match error {
            OpenError::Unknown => HttpError::no_such_board(),
            OpenError::Deleted => HttpError::board_deleted(),
            OpenError::Database(error) => HttpError::from(&*error),
        }
    }
}

impl From<LoadEventError> for HttpError {
    fn from(error: LoadEventError) -> HttpError {
        match error {
            LoadEventError::Rejected(rejection) => HttpError::from(&rejection),
            LoadEventError::Database(error) => HttpError::from(&error),
        }
    }
}

impl From<CommandError> for HttpError {
    fn from(error: CommandError) -> HttpError {
        match error {
            CommandError::Rejected(rejection) => HttpError::from(&rejection),
            CommandError::Busy => HttpError::busy().caused_by("too many commands are queued"),
            CommandError::Unavailable => {
                HttpError::unavailable().caused_by("the database is unavailable")
            }
            CommandError::Unconfirmed => {
                HttpError::retry_soon("uncertain").caused_by("the commit was not confirmed in time")
            }
            CommandError::Repeated => HttpError::busy().caused_by("the request is handled already"),
            CommandError::BoardDeleted => HttpError::board_deleted(),
            CommandError::Internal => HttpError::internal(
                "the writer of the board ended, or could not commit: an earlier line names the error",
            ),
        }
    }
}

impl From<&Rejection> for HttpError {
    fn from(rejection: &Rejection) -> HttpError {
        let status = match rejection {
            Rejection::Unknown(_) => StatusCode::NOT_FOUND,
            Rejection::Gone(..) | Rejection::NoVeto(_) | Rejection::LinkInvalid => StatusCode::GONE,
            Rejection::NoParticipant
            | Rejection::NotOwnIdentity(_)
            | Rejection::NotOwnVeto(_)
            | Rejection::NotOwnConsent(_) => StatusCode::FORBIDDEN,
            Rejection::Closed { .. } => StatusCode::LOCKED,
            Rejection::ItemNameTaken(_)
            | Rejection::FeatureNameTaken(_)
            | Rejection::ParticipantNameTaken(_)
            | Rejection::EditConflict(_)
            | Rejection::ChangedSince(_) => StatusCode::CONFLICT,
            Rejection::RowChanged(..) => StatusCode::PRECONDITION_FAILED,
            Rejection::IntoItself(_)
            | Rejection::NothingToSplit(_)
            | Rejection::ReasonRequired(_)
            | Rejection::DeadlinePassed
            | Rejection::LimitExceeded { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut error = HttpError::new(status, view::rejection(rejection));
        error.asks_for_reason = matches!(rejection, Rejection::ReasonRequired(_));
        if let Rejection::EditConflict(conflicts) = rejection {
            error.conflicts = Some(Box::new(EditConflicts(conflicts.clone())));
        }
        // Removes the deleted object from the page.
        if let Rejection::Gone(object, _) = rejection {
            error.fragments.push(Fragment::removal(match object {
                BoardObject::Item(id) => format!("item-{id}"),
                BoardObject::Feature(id) => format!("feature-{id}"),
            }));
        }
        error
    }
}
