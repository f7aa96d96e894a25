//! The OpenAPI document, from the handlers and resources.

mod idempotency;
mod operations;
mod problems;
mod requests;
mod security;

use std::{sync::OnceLock, thread};

use idempotency::IdempotencyKeys;
use problems::{CommonProblems, ProblemTypes};
use requests::Requests;
use security::{Access, SecuritySchemes};
use serde_json::Value;
use utoipa::{OpenApi, openapi::OpenApi as Document};

use super::{
    handlers::{
        board, boards, closing, consent, document, events, features, items, login, participants,
        vetoes,
    },
    resources::problem::ProblemDetails,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "SAVT",
        description = "The Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it. Everything a person can do on a board, a program can do by this API. Readable at `/api`.",
        contact(name = "Whoever operates this installation"),
    ),
    servers((url = "/api/v1", description = "This installation")),
    paths(
        document::show,
        login::log_in,
        boards::create,
        board::show,
        board::edit,
        participants::list,
        participants::join,
        participants::show_me,
        participants::rename,
        participants::show,
        participants::set_aside,
        participants::bring_back,
        items::list,
        items::add,
        items::show,
        items::edit,
        items::delete,
        items::merge,
        items::split,
        features::list,
        features::suggest,
        features::show,
        features::edit,
        features::delete,
        vetoes::veto,
        vetoes::withdraw,
        consent::consent,
        consent::withdraw,
        closing::close,
        closing::reopen,
        closing::result,
        events::read,
        events::undo,
    ),
    components(schemas(ProblemDetails)),
    modifiers(&SecuritySchemes, &IdempotencyKeys, &Requests, &CommonProblems, &ProblemTypes, &Access),
    tags(
        (name = "boards", description = "A board is one group decision."),
        (name = "participants", description = "Who takes part in a decision."),
        (name = "items", description = "What the group chooses among."),
        (name = "features", description = "What is suggested for the items."),
        (name = "vetoes", description = "Objections to features."),
        (name = "events", description = "What happened, as it happens, and undo."),
        (name = "decision", description = "Consent, closing and the result."),
        (name = "installation", description = "This document, and access to the installation."),
    ),
)]
struct Api;

/// The document.
pub fn document() -> Document {
    Api::openapi()
}

/// Without optimization, the functions that utoipa generates for the document and for large schemas take more of the stack than a
/// thread of the runtime has, in bytes.
const STACK: usize = 16 * 1024 * 1024;

/// The document as JSON, made once.
pub(super) fn json() -> &'static Value {
    static JSON: OnceLock<Value> = OnceLock::new();
    JSON.get_or_init(|| {
        let write = || serde_json::to_value(document()).unwrap_or_default();
        let thread = thread::Builder::new().stack_size(STACK).spawn(write);
        let written = thread.ok().and_then(|thread| thread.join().ok());
        written.unwrap_or_default()
    })
}
