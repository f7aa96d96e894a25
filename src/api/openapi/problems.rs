//! The problems that operations have in common, and their types.

use std::fmt::Write;

use serde_json::json;
use utoipa::{
    Modify,
    openapi::{
        Content, Header, ObjectBuilder, OpenApi as Document, Ref, RefOr, Response, Schema, Type,
        extensions::Extensions, path::Operation,
    },
};

use super::{operations, security::is_public};
use crate::api::problem::ProblemKind;

/// The schema of the member `type`.
const TYPE: &str = "ProblemType";

/// Adds the problems that every operation of a kind can answer with.
pub(super) struct CommonProblems;

impl Modify for CommonProblems {
    fn modify(&self, document: &mut Document) {
        operations::for_each(document, |path, is_write, operation| {
            for kind in kinds(path, is_write, operation) {
                let status = kind.status().as_u16().to_string();
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status)
                    .or_insert_with(|| RefOr::T(problem(kind)));
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    add_header(status, response);
                    add_limits(status, response);
                }
            }
        });
        let components = document.components.get_or_insert_default();
        for (name, description) in LIMITS {
            let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
            header.description = Some(description.to_owned());
            components.headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
}

/// The headers that tell a client with limits how much is left; clients on the machine of the server have none.
const LIMITS: [(&str, &str); 2] = [
    (
        "RateLimit",
        "What is left of the limit that the request counted towards (`r`), and in how many seconds there is more (`t`). Absent for clients without limits",
    ),
    (
        "RateLimit-Policy",
        "The limit (`q`) and the time that it refers to (`w`, in seconds). Absent for clients without limits",
    ),
];

fn add_limits(status: &str, response: &mut Response) {
    if status.starts_with('2') || status == "429" {
        for (name, _) in LIMITS {
            let header = Ref::new(format!("#/components/headers/{name}"));
            response.headers.insert(name.to_owned(), RefOr::Ref(header));
        }
    }
}

fn kinds(path: &str, is_write: bool, operation: &Operation) -> Vec<ProblemKind> {
    let mut kinds = vec![
        ProblemKind::BadRequest,
        ProblemKind::NotAcceptable,
        ProblemKind::Misdirected,
        ProblemKind::TooManyRequests,
        ProblemKind::HeadersTooLarge,
        ProblemKind::Internal,
        ProblemKind::Busy,
        // A body that nobody asked for is read as well.
        ProblemKind::TooSlow,
        ProblemKind::TooLarge,
        ProblemKind::UnsupportedMediaType,
    ];
    if operation.security.is_some() {
        kinds.extend([ProblemKind::TokenRequired, ProblemKind::NotYours]);
    }
    if !is_public(path) {
        kinds.push(ProblemKind::AccessRequired);
    }
    if path.contains('{') {
        kinds.push(ProblemKind::NotFound);
    }
    if path.contains("{slug}") {
        kinds.push(ProblemKind::Gone);
    }
    if is_write || operation.parameters.is_some() {
        kinds.push(ProblemKind::InvalidMember);
    }
    kinds
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

/// The header that every answer of a status has.
fn add_header(status: &str, response: &mut Response) {
    let (name, kind, description) = match status {
        "401" => ("WWW-Authenticate", Type::String, "The scheme: `Bearer`"),
        "429" | "503" => ("Retry-After", Type::Integer, "Seconds to wait"),
        _ => return,
    };
    let mut header = Header::new(ObjectBuilder::new().schema_type(kind));
    header.description = Some(description.to_owned());
    response.headers.insert(name.to_owned(), RefOr::T(header));
}

/// Lists the types of problems, for people and, as `x-problem-types`, for programs.
pub(super) struct ProblemTypes;

impl Modify for ProblemTypes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        if let Some(RefOr::T(Schema::AllOf(problem))) = components.schemas.get_mut("Problem") {
            for part in &mut problem.items {
                if let RefOr::T(Schema::Object(object)) = part
                    && let Some(kind) = object.properties.get_mut("type")
                {
                    *kind = RefOr::Ref(Ref::from_schema_name(TYPE));
                }
            }
        }
        let schema = RefOr::T(types());
        components.schemas.insert(TYPE.to_owned(), schema);
    }
}

fn types() -> Schema {
    let mut description =
        "Identifies the kind of problem, and is the address of its description. Stable.\n"
            .to_owned();
    let mut listed = Vec::new();
    for kind in ProblemKind::ALL {
        let (uri, status) = (kind.uri(), kind.status().as_u16());
        let (title, detail) = (kind.title(), kind.detail());
        // Writing to a string cannot fail.
        let _ = write!(description, "\n- `{uri}` ({status}): {title} {detail}");
        listed.push(json!({ "type": uri, "status": status, "title": title, "detail": detail }));
    }
    let uris = ProblemKind::ALL.iter().map(|kind| kind.uri());
    let listed = Extensions::builder().add("x-problem-types", listed).build();
    let object = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(uris))
        .examples([ProblemKind::NotFound.uri()])
        .extensions(Some(listed));
    object.build().into()
}
