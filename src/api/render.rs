//! Problems as answers.

use poem::{
    Response,
    http::{HeaderValue, StatusCode, header},
};

use super::{answer::Answer, problem::Problem};
use crate::{view::Texts, web::HttpError};

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// The answer to a request that failed, in the reader's language.
pub(super) fn failure(problem: Problem, texts: &Texts) -> Answer {
    let parts = problem.into_parts(texts);
    // Cannot fail: every key is a string and nothing is fallible.
    let body = serde_json::to_vec(&parts.details).unwrap_or_default();
    let mut answer = Answer::with_body(parts.status, PROBLEM_JSON, body.into()).uncached();
    if parts.status == StatusCode::UNAUTHORIZED {
        answer = answer.with(header::WWW_AUTHENTICATE, "Bearer");
    }
    answer.headers.extend(parts.headers);
    Answer {
        cause: parts.cause,
        ..answer
    }
}

/// Renders an error that the middleware returned.
pub(crate) fn render_error(error: HttpError, texts: &Texts) -> Response {
    failure(Problem::from(error), texts).into_response()
}
