//! The fields of a form, whatever was sent.

use std::collections::BTreeMap;

use poem::{FromRequest, Request, RequestBody, Result, web::Form};

/// The fields of a form by their names; one that was sent twice counts as it was sent last.
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was sent under a name; nothing at all is an empty text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<'a> FromRequest<'a> for Fields {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, body).await?;
        Ok(Fields(fields.into_iter().collect()))
    }
}
