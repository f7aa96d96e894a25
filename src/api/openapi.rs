//! The OpenAPI document, from the handlers and resources.

use serde_json::json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, OpenApi as Document, Ref, RefOr, Response,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    handlers::{
        board, boards, closing, consent, document, events, features, items, login, participants,
        vetoes,
    },
    problem::ProblemKind,
    resources::{event::EpochMessage, event::Event, problem::ProblemDetails},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "SAVT",
        description = "The Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it. Everything a person can do on a board, a program can do by this API.",
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
    components(schemas(ProblemDetails, Event, EpochMessage)),
    modifiers(&SecuritySchemes, &CommonProblems, &IdempotencyKeys),
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

/// How clients say who acts.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.description = Some(
            "The token of a participant of this board, from `POST …/participants`.".to_owned(),
        );
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let access = ApiKeyValue::with_description(
            "SAVT-Access",
            "Only on an installation that has a password: the value of `access` from `POST /login`.",
        );
        components.add_security_scheme("access", SecurityScheme::ApiKey(ApiKey::Header(access)));
    }
}

/// Adds the problems that every operation of a kind can answer with.
struct CommonProblems;

impl Modify for CommonProblems {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let has_parameters = path.contains('{');
            let reads = [(&mut item.get, false)];
            let writes = [
                &mut item.post,
                &mut item.put,
                &mut item.patch,
                &mut item.delete,
            ];
            let writes = writes.map(|operation| (operation, true));
            for (operation, is_write) in reads.into_iter().chain(writes) {
                if let Some(operation) = operation {
                    add_problems(operation, has_parameters, is_write);
                }
            }
        }
    }
}

/// Adds the header by which a request takes effect once.
struct IdempotencyKeys;

impl Modify for IdempotencyKeys {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let Some(operation) = item.post.as_mut().filter(|_| path != "/login") else {
                continue;
            };
            let least = if operation.security.is_some() { 1 } else { 16 };
            let schema = ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(least))
                .max_length(Some(255))
                .pattern(Some("^[!-~]+$"))
                .examples([json!("3f2a9c01-d4e5-b678-9b01-d4e5b6783f2a")]);
            let parameter = ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .description(Some("A random key, such as a UUID: the request takes effect once, and for 24 hours every repetition with this key gets the same answer."))
                .schema(Some(schema))
                .build();
            let parameters = operation.parameters.get_or_insert_default();
            parameters.push(RefOr::T(parameter));
        }
    }
}

fn add_problems(operation: &mut Operation, has_parameters: bool, is_write: bool) {
    let mut kinds = vec![
        ProblemKind::BadRequest,
        ProblemKind::AccessRequired,
        ProblemKind::NotAcceptable,
        ProblemKind::Misdirected,
        ProblemKind::TooManyRequests,
        ProblemKind::HeadersTooLarge,
        ProblemKind::Internal,
        ProblemKind::Busy,
    ];
    if has_parameters {
        kinds.push(ProblemKind::NotFound);
    }
    if is_write || operation.parameters.is_some() {
        kinds.push(ProblemKind::InvalidMember);
    }
    // A body that nobody asked for is read as well.
    kinds.extend([
        ProblemKind::TooSlow,
        ProblemKind::TooLarge,
        ProblemKind::UnsupportedMediaType,
    ]);
    if operation.security.is_some() {
        kinds.extend([ProblemKind::TokenRequired, ProblemKind::NotYours]);
    }
    for kind in kinds {
        let status = kind.status().as_u16().to_string();
        let responses = &mut operation.responses.responses;
        responses
            .entry(status)
            .or_insert_with(|| RefOr::T(problem(kind)));
    }
}

fn problem(kind: ProblemKind) -> Response {
    let mut response = Response::new(kind.title());
    let schema = Ref::from_schema_name("Problem");
    let content = Content::new(Some(schema));
    response
        .content
        .insert("application/problem+json".to_owned(), RefOr::T(content));
    response
}
