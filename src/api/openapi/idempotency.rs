//! The header by which a request takes effect once.

use serde_json::json;
use utoipa::{
    Modify,
    openapi::{
        ObjectBuilder, OpenApi as Document, RefOr, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

/// Adds the header to each operation that makes something with POST.
pub(super) struct IdempotencyKeys;

const DESCRIPTION: &str = "A random key, such as a UUID: the request takes effect once, and for 24 hours every repetition with this key gets the same answer.";

impl Modify for IdempotencyKeys {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let Some(operation) = item.post.as_mut().filter(|_| path != "/login") else {
                continue;
            };
            // Who needs no token gets one, which is derived from the key, which nobody may guess.
            let least = if operation.security.is_some() { 1 } else { 16 };
            let parameters = operation.parameters.get_or_insert_default();
            parameters.push(RefOr::T(parameter(least)));
        }
    }
}

fn parameter(least: usize) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(least))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"))
        .examples([json!("3f2a9c01-d4e5-b678-9b01-d4e5b6783f2a")]);
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(DESCRIPTION))
        .schema(Some(schema))
        .build()
}
