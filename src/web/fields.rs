//! The fields of a form, whatever was sent.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;
use poem::{FromRequest, Request, RequestBody, Result, http::StatusCode, web::Form};

use super::error::Problem;

/// The fields of a form by their names; one that was sent twice counts as it was sent last.
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was sent under a name; nothing at all is an empty text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.sent(name).unwrap_or_default()
    }

    /// The same where it matters whether there was such a field.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl<'a> FromRequest<'a> for Fields {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = body.take()?.into_bytes().await?;
        // A form without fields: whoever sends it may not say that it is one.
        if bytes.is_empty() {
            return Ok(Fields(BTreeMap::new()));
        }
        // Decoding the fields would make U+FFFD of what is no text, and a name of that.
        if percent_decode(&bytes).decode_utf8().is_err() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "no-text").into());
        }
        let body = &mut RequestBody::new(bytes.into());
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, body).await?;
        Ok(Fields(fields.into_iter().collect()))
    }
}
