//! Vetoes: one for each participant and feature, so PUT and DELETE.

use super::features::feature_of;
use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            feature::{Feature, VetoReason},
            problem::ProblemDetails,
        },
    },
    model::{BoardAction, FeatureId, Reason},
    view,
};

/// Veto a feature
///
/// Again is no error, and changes nothing but the reason.
#[utoipa::path(put, path = "/boards/{slug}/features/{id}/veto", tag = "vetoes", operation_id = "veto",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the feature")),
    request_body = Option<VetoReason>,
    responses(
        (status = 200, description = "The feature with its vetoes", body = Feature),
        (status = 410, description = "The feature was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn veto(call: Call) -> Result<Answer, Problem> {
    let feature: FeatureId = call.id()?;
    let veto: VetoReason = call.optional_body()?;
    let action = match veto.reason {
        None => BoardAction::Veto(feature),
        Some(text) => {
            let reason = Reason::parse(&text.unwrap_or_default());
            let reason = reason.map_err(|invalid| {
                Problem::invalid("/reason", view::name_reason(invalid), &call.texts)
            })?;
            BoardAction::VetoWithReason { feature, reason }
        }
    };
    let outcome = call.act(action).await?;
    Answer::ok(&feature_of(&outcome, feature)?)
}

/// Withdraw your veto
///
/// Withdrawing what is not there is no error.
#[utoipa::path(delete, path = "/boards/{slug}/features/{id}/veto", tag = "vetoes", operation_id = "withdraw_veto",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the feature")),
    responses(
        (status = 200, description = "The feature with its vetoes", body = Feature),
        (status = 410, description = "The feature was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn withdraw(call: Call) -> Result<Answer, Problem> {
    let feature: FeatureId = call.id()?;
    let outcome = call.act(BoardAction::WithdrawVeto(feature)).await?;
    Answer::ok(&feature_of(&outcome, feature)?)
}
