//! The description of the API.

use std::sync::OnceLock;

use bytes::Bytes;

use crate::api::{answer::Answer, call::Call, openapi, problem::Problem};

/// Read the description of the API
///
/// In OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(get, path = "/openapi.json", tag = "installation", operation_id = "openapi",
    responses((status = 200, description = "This document", body = serde_json::Value)))]
pub(in crate::api) async fn show(_: Call) -> Result<Answer, Problem> {
    static JSON: OnceLock<Bytes> = OnceLock::new();
    let json = JSON.get_or_init(|| {
        let json = openapi::document().to_pretty_json();
        json.unwrap_or_default().into()
    });
    Ok(Answer::json(json.clone()))
}
