//! What the handlers have in common: a call in, a reply or a problem out.

use std::{future::Future, pin::Pin, sync::Arc};

use poem::Response;

use super::{answer::Answer, call::Call, problem::Problem};

/// A handler at work.
pub(super) type Handling = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;
/// The function behind an operation.
pub(super) type Handler = Arc<dyn Fn(Call) -> Handling + Send + Sync>;

/// What a handler replies with.
pub(super) enum Reply {
    Answer(Answer),
    /// A stream, or an answer that must not be kept.
    Response(Response),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        Reply::Answer(answer)
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Reply {
        Reply::Response(response)
    }
}

impl Reply {
    pub(super) fn into_response(self) -> Response {
        match self {
            Reply::Answer(answer) => answer.into_response(),
            Reply::Response(response) => response,
        }
    }
}
