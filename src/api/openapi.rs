//! The OpenAPI document, from the handlers and resources.

mod operations;
mod problems;
mod requests;
mod security;

use std::sync::OnceLock;

use bytes::Bytes;
use problems::{CommonProblems, ProblemTypes};
use requests::Requests;
use security::{Access, SecuritySchemes};
use utoipa::{OpenApi, openapi::OpenApi as Document};

use super::{
    answer::Answer,
    call::Call,
    handlers::{board, boards, closing, consent, features, items, login, participants, vetoes},
    problem::Problem,
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
        show,
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
    ),
    components(schemas(ProblemDetails)),
    modifiers(&SecuritySchemes, &Requests, &CommonProblems, &ProblemTypes, &Access),
    tags(
        (name = "boards", description = "A board is one group decision."),
        (name = "participants", description = "Who takes part in a decision."),
        (name = "items", description = "What the group chooses among."),
        (name = "features", description = "What is suggested for the items."),
        (name = "vetoes", description = "Objections to features."),
        (name = "decision", description = "Consent, closing and the result."),
        (name = "installation", description = "This document, and access to the installation."),
    ),
)]
struct Api;

/// The document.
pub fn document() -> Document {
    Api::openapi()
}

/// Read the description of the API
///
/// In OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(get, path = "/openapi.json", tag = "installation", operation_id = "openapi",
    responses((status = 200, description = "This document", body = serde_json::Value)))]
pub(super) async fn show(_: Call) -> Result<Answer, Problem> {
    static JSON: OnceLock<Bytes> = OnceLock::new();
    let json = JSON.get_or_init(|| document().to_pretty_json().unwrap_or_default().into());
    Ok(Answer::json(json.clone()))
}
