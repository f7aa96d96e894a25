//! The fields of a submitted form.

use std::collections::BTreeMap;

use percent_encoding::percent_decode;
use poem::{FromRequest, Request, RequestBody, Result, http::StatusCode, web::Form};

use crate::web::error::HttpError;

/// The fields of which a form has one for each of several things.
const REPEATED: [&str; 1] = ["chosen"];

/// Form fields by name. No field occurs twice, but for those of several things.
pub(in crate::web) struct FormFields(BTreeMap<String, Vec<String>>);

impl FormFields {
    /// The value of a field; empty if the field is missing.
    pub(in crate::web) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All names and values.
    pub(in crate::web) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.0.iter();
        fields.flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    /// The value of a field; `None` if the field is missing.
    pub(in crate::web) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of a field that may be repeated.
    pub(in crate::web) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
}

impl<'a> FromRequest<'a> for FormFields {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = body.take()?.into_bytes().await?;
        // A form without fields may come without a content type.
        if bytes.is_empty() {
            return Ok(FormFields(BTreeMap::new()));
        }
        // The form decoder would replace invalid UTF-8 by U+FFFD, which could end up in a name.
        if percent_decode(&bytes).decode_utf8().is_err() {
            return Err(HttpError::new(StatusCode::BAD_REQUEST, "not-utf8").into());
        }
        let body = &mut RequestBody::new(bytes.into());
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, body).await?;
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in fields {
            let is_repeated = REPEATED.contains(&name.as_str());
            let values = by_name.entry(name).or_default();
            // Nobody knows which value the sender meant.
            if !values.is_empty() && !is_repeated {
                return Err(HttpError::new(StatusCode::BAD_REQUEST, "bad-request").into());
            }
            values.push(value);
        }
        Ok(FormFields(by_name))
    }
}
