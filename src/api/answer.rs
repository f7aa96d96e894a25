//! A successful answer: a status, a JSON body and headers.

use bytes::Bytes;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use serde::Serialize;

use super::problem::Problem;

const JSON: &str = "application/json";

/// What a handler answers.
pub(super) struct Answer {
    status: StatusCode,
    body: Option<Bytes>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the answer contains a secret, so that nothing may store it.
    is_secret: bool,
}

impl Answer {
    /// 200 with a resource.
    pub(super) fn ok(resource: &impl Serialize) -> Result<Answer, Problem> {
        Answer::new(StatusCode::OK, resource)
    }

    /// 201 with a resource and where it is.
    pub(super) fn created(resource: &impl Serialize, location: &str) -> Result<Answer, Problem> {
        let answer = Answer::new(StatusCode::CREATED, resource)?;
        Ok(answer.with(header::LOCATION, location))
    }

    fn new(status: StatusCode, resource: &impl Serialize) -> Result<Answer, Problem> {
        let body = serde_json::to_vec(resource).map_err(|error| {
            Problem::internal(format!("a resource cannot be written as JSON: {error}"))
        })?;
        Ok(Answer {
            body: Some(body.into()),
            ..Answer::empty(status)
        })
    }

    /// 200 with JSON that was written before.
    pub(super) fn json(body: Bytes) -> Answer {
        Answer {
            body: Some(body),
            ..Answer::empty(StatusCode::OK)
        }
    }

    pub(super) fn no_content() -> Answer {
        Answer::empty(StatusCode::NO_CONTENT)
    }

    pub(super) fn not_modified() -> Answer {
        Answer::empty(StatusCode::NOT_MODIFIED)
    }

    fn empty(status: StatusCode) -> Answer {
        Answer {
            status,
            body: None,
            headers: Vec::new(),
            is_secret: false,
        }
    }

    /// Adds a header. A value that no header can have is left out: slugs, numbers and hashes are none.
    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Answer {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Marks an answer that contains a secret.
    #[must_use]
    pub(super) fn secret(self) -> Answer {
        Answer {
            is_secret: true,
            ..self
        }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        if self.body.is_some() {
            response = response.content_type(JSON);
        }
        let caching = match self.is_secret {
            true => "no-store",
            false => "private, no-cache",
        };
        response = response.header(header::CACHE_CONTROL, caching);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(self.body.unwrap_or_default())
    }
}
