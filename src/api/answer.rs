//! An answer: a status, a JSON body and headers. Problems become answers as well.

use bytes::Bytes;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use serde::Serialize;

use super::{problem::Problem, token::Token};
use crate::web::request_context::FailureCause;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const REVALIDATE: HeaderValue = HeaderValue::from_static("private, no-cache");

/// An answer that was not sent yet.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Bytes,
    /// The token that the body shows, if any.
    pub(super) secret: Option<Token>,
    /// Why the request failed, for the log.
    pub(super) cause: Option<String>,
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
        Ok(Answer::with_body(status, JSON, body.into()))
    }

    /// 200 with JSON that was written before.
    pub(super) fn json(body: Bytes) -> Answer {
        Answer::with_body(StatusCode::OK, JSON, body)
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
            headers: vec![(header::CACHE_CONTROL, REVALIDATE)],
            body: Bytes::new(),
            secret: None,
            cause: None,
        }
    }

    pub(super) fn with_body(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Answer {
        let mut answer = Answer::empty(status);
        answer.headers.push((header::CONTENT_TYPE, content_type));
        Answer { body, ..answer }
    }

    /// Adds a header. A value that no header can have is left out: slugs, numbers and hashes are none.
    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Answer {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Keeps every cache from storing the answer.
    #[must_use]
    pub(super) fn uncached(mut self) -> Answer {
        self.headers
            .retain(|(name, _)| name != header::CACHE_CONTROL);
        self.headers.push((header::CACHE_CONTROL, NO_STORE));
        self
    }

    /// Says that the body shows this token.
    #[must_use]
    pub(super) fn showing(self, token: Option<Token>) -> Answer {
        let answer = self.uncached();
        Answer {
            secret: token,
            ..answer
        }
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status).body(self.body);
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        if let Some(cause) = self.cause {
            response.set_data(FailureCause(cause));
        }
        response
    }
}
