//! The kinds of problems: each has a stable `type`, which the reference lists.

use poem::http::StatusCode;

use crate::view::url;

macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $kind:ident $status:ident $slug:literal $title:literal $detail:literal,)+) => {
        /// The kinds of problems.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::api) enum ProblemKind {
            $($(#[$doc])* $kind,)+
        }

        impl ProblemKind {
            pub(in crate::api) const ALL: &[ProblemKind] = &[$(ProblemKind::$kind,)+];

            /// The last part of `type`: stable, whatever the titles become.
            pub(in crate::api) fn slug(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $slug,)+
                }
            }

            pub(in crate::api) fn status(self) -> StatusCode {
                match self {
                    $(ProblemKind::$kind => StatusCode::$status,)+
                }
            }

            pub(in crate::api) fn title(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $title,)+
                }
            }

            /// What is wrong and what to do, unless a request has a more precise detail.
            pub(in crate::api) fn detail(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $detail,)+
                }
            }
        }
    };
}

problem_kinds! {
    MalformedJson BAD_REQUEST "malformed-json" "The body is not JSON."
        "Send one JSON value in UTF-8.",
    BadRequest BAD_REQUEST "bad-request" "The request is malformed."
        "A part of the request is not valid HTTP, or has a value that it cannot have.",
    TokenRequired UNAUTHORIZED "token-required" "A token is required."
        "Send `Authorization: Bearer` with the token of a participant of this board, from `POST …/participants`.",
    AccessRequired UNAUTHORIZED "access-required" "This installation has a password."
        "Send `SAVT-Access` with the value of `access` from `POST /api/v1/login`.",
    WrongPassword UNPROCESSABLE_ENTITY "wrong-password" "The password is wrong."
        "Check the password.",
    NotYours FORBIDDEN "not-yours" "This belongs to another participant."
        "Only the participant whom it concerns may do this.",
    IdentityClaimed FORBIDDEN "identity-claimed" "Names cannot be taken over."
        "On this installation a name belongs to who took it first.",
    Forbidden FORBIDDEN "forbidden" "The request is not allowed."
        "Nothing was changed.",
    NotFound NOT_FOUND "not-found" "There is no such resource."
        "Check the address.",
    MethodNotAllowed METHOD_NOT_ALLOWED "method-not-allowed" "The resource does not have this method."
        "The header `Allow` lists the methods it has.",
    NotAcceptable NOT_ACCEPTABLE "not-acceptable" "No accepted format is available."
        "The API answers with `application/json` and `application/problem+json`; the events also with `text/event-stream`.",
    TooSlow REQUEST_TIMEOUT "too-slow" "The request took too long to arrive."
        "Send it again.",
    NameTaken CONFLICT "name-taken" "The name is taken."
        "`existing_id` is who or what has it. Choose another name.",
    UndoConflict CONFLICT "undo-conflict" "A later change prevents the undo."
        "`obstacle` says which.",
    Conflict CONFLICT "conflict" "The request conflicts with the current state."
        "Read the resource again.",
    Gone GONE "gone" "The resource was deleted."
        "Undo the event that deleted it to bring it back. A board that the operator deleted does not come back.",
    LengthRequired LENGTH_REQUIRED "length-required" "The length of the body is required."
        "Send `Content-Length`.",
    RowChanged PRECONDITION_FAILED "row-changed" "The resource was changed meanwhile."
        "`current` is what it is now.",
    TooLarge PAYLOAD_TOO_LARGE "too-large" "The body is too large."
        "A body has at most 64 KiB.",
    UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE "unsupported-media-type" "The body has to be JSON."
        "Send `Content-Type: application/json`.",
    Misdirected MISDIRECTED_REQUEST "misdirected" "SAVT does not answer to this host name."
        "The operator names the hosts with `--allowed-host`.",
    InvalidMember UNPROCESSABLE_ENTITY "invalid-member" "A member of the body, a parameter or a header is invalid."
        "`errors` lists what is wrong.",
    ReasonRequired UNPROCESSABLE_ENTITY "reason-required" "A veto has to say why on this board."
        "Send a `reason`.",
    DeadlinePassed UNPROCESSABLE_ENTITY "deadline-passed" "A deadline has to be in the future."
        "Send a later time.",
    MergeIntoItself UNPROCESSABLE_ENTITY "merge-into-itself" "An item cannot be merged into itself."
        "Choose another item.",
    NothingToSplit UNPROCESSABLE_ENTITY "nothing-to-split" "There is nothing to split."
        "The item has no feature, or a single one of amount 1.",
    LimitExceeded UNPROCESSABLE_ENTITY "limit-exceeded" "The board would exceed a limit."
        "`max` is the limit.",
    KeyReused UNPROCESSABLE_ENTITY "idempotency-key-reused" "The idempotency key belongs to another request."
        "Use a new key for every request, and the same one only to repeat it.",
    Closed LOCKED "closed" "The board is closed."
        "Reopen it to change anything.",
    TooManyRequests TOO_MANY_REQUESTS "too-many-requests" "Too many requests."
        "Wait for as many seconds as `Retry-After` says.",
    HeadersTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE "headers-too-large" "The headers are too large."
        "All headers together have at most 32 KiB.",
    Internal INTERNAL_SERVER_ERROR "internal-error" "SAVT has a fault."
        "The operator finds the cause in the log, by the value of `X-Request-Id`.",
    Busy SERVICE_UNAVAILABLE "busy" "SAVT has too much to do."
        "Nothing was changed. Send the request again soon.",
    Unavailable SERVICE_UNAVAILABLE "unavailable" "The database does not answer."
        "Nothing was changed. Send the request again soon.",
    Unconfirmed SERVICE_UNAVAILABLE "unconfirmed" "The change was not confirmed in time."
        "It may or may not have happened. Send the request again with the same `Idempotency-Key`.",
}

impl ProblemKind {
    /// A reference to the description of the kind, relative to the address of the installation.
    pub(in crate::api) fn uri(self) -> String {
        format!("{}#{}", url::API_REFERENCE, self.slug())
    }

    /// The kind of an error that the middleware returned.
    pub(super) fn of_status(status: StatusCode) -> ProblemKind {
        match status {
            StatusCode::UNAUTHORIZED => ProblemKind::AccessRequired,
            StatusCode::FORBIDDEN => ProblemKind::Forbidden,
            StatusCode::UNPROCESSABLE_ENTITY => ProblemKind::InvalidMember,
            StatusCode::SERVICE_UNAVAILABLE => ProblemKind::Busy,
            status if status.is_server_error() => ProblemKind::Internal,
            status => {
                let mut kinds = ProblemKind::ALL.iter().rev().copied();
                kinds
                    .find(|kind| kind.status() == status)
                    .unwrap_or(ProblemKind::BadRequest)
            }
        }
    }
}
