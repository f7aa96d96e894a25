//! The description of the API.

use bytes::Bytes;

use crate::api::{answer::Answer, problem::Problem};

/// Read the description of the API
///
/// In OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(get, path = "/openapi.json", tag = "installation", operation_id = "openapi",
    responses((status = 200, description = "This document", body = serde_json::Value)))]
pub(in crate::api) async fn show(document: &'static str) -> Result<Answer, Problem> {
    Ok(Answer::json(Bytes::from_static(document.as_bytes())))
}
