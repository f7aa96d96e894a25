//! Closing and reopening a board, and its result.

use super::board::whole;
use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            board::{Board, Close},
            problem::ProblemDetails,
        },
    },
    board::now,
    model::{BoardAction, DecisionResult, ItemId, Limit, Outcome, OutcomeText, Rejection},
    view::{self, result::ResultJson},
};

/// Close a board
///
/// From then on every change is refused, except to reopen it and to name oneself.
#[utoipa::path(post, path = "/boards/{slug}/close", tag = "decision", operation_id = "close_board",
    params(("slug", description = "The slug of the board")),
    request_body = Option<Close>,
    responses(
        (status = 200, description = "The closed board", body = Board),
        (status = 410, description = "A chosen item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn close(call: Call) -> Result<Answer, Problem> {
    let close: Close = call.optional_body()?;
    let text = OutcomeText::parse(close.outcome.as_deref().unwrap_or_default());
    let text = text
        .map_err(|invalid| Problem::invalid("/outcome", view::name_reason(invalid), &call.texts))?;
    if close.chosen.len() > Outcome::MAX_CHOSEN {
        return Err(Problem::from(&Rejection::LimitExceeded {
            limit: Limit::Chosen,
            max: Outcome::MAX_CHOSEN,
        }));
    }
    let chosen = close.chosen.into_iter().map(ItemId).collect();
    let outcome = Outcome { text, chosen };
    let outcome = call.act(BoardAction::Close(outcome)).await?;
    whole(&outcome.snapshot)
}

/// Reopen a board
///
/// A deadline that has passed is removed.
#[utoipa::path(post, path = "/boards/{slug}/reopen", tag = "decision", operation_id = "reopen_board",
    params(("slug", description = "The slug of the board")),
    responses((status = 200, description = "The open board", body = Board)),
    security(("token" = [])))]
pub(in crate::api) async fn reopen(call: Call) -> Result<Answer, Problem> {
    call.expect_no_members()?;
    let outcome = call.act(BoardAction::Reopen).await?;
    whole(&outcome.snapshot)
}

/// Read the result
///
/// Of an open board: the result so far.
#[utoipa::path(get, path = "/boards/{slug}/result", tag = "decision", operation_id = "result",
    params(("slug", description = "The slug of the board; `main` for the board at `/`")),
    responses((status = 200, description = "The result", body = ResultJson)))]
pub(in crate::api) async fn result(call: Call) -> Result<Answer, Problem> {
    let snapshot = call.read().await?;
    let result = DecisionResult::new(&snapshot.board, now());
    Answer::ok(&ResultJson::new(&result))
}
