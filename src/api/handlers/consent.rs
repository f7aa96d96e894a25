//! Consent: one for each participant, so PUT and DELETE.

use super::participants::own;
use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            participant::{Consent, Participant},
            problem::{FieldError, ProblemDetails},
        },
    },
    model::{BoardAction, Command},
};

/// Be fine with the rest
///
/// The consent is outdated as soon as somebody else adds something.
#[utoipa::path(put, path = "/boards/{slug}/consent", tag = "decision", operation_id = "consent",
    params(("slug", description = "The slug of the board")),
    request_body = Option<Consent>,
    responses(
        (status = 200, description = "The participant", body = Participant),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn consent(call: Call) -> Result<Answer, Problem> {
    let consent: Consent = call.optional_body()?;
    if consent.version.is_some_and(|version| version < 0) {
        let error = FieldError::new("/version", "must be at least 0");
        return Err(Problem::invalid_members(vec![error]));
    }
    act(
        call,
        BoardAction::Consent {
            seen: consent.version,
        },
    )
    .await
}

/// Withdraw your consent
///
/// Withdrawing what is not there is no error.
#[utoipa::path(delete, path = "/boards/{slug}/consent", tag = "decision", operation_id = "withdraw_consent",
    params(("slug", description = "The slug of the board")),
    responses(
        (status = 200, description = "The participant", body = Participant),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn withdraw(call: Call) -> Result<Answer, Problem> {
    act(call, BoardAction::WithdrawConsent).await
}

async fn act(call: Call, action: BoardAction) -> Result<Answer, Problem> {
    let actor = call.actor().await?;
    let outcome = call.execute_as(actor.clone(), Command::Act(action)).await?;
    Answer::ok(&own(&outcome.snapshot, &actor)?)
}
