//! Consent: "I'm fine with the rest", taking it back, and setting somebody aside.

use poem::{Response, Result, handler};

use crate::{
    model::BoardAction,
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::command_outcome,
    },
};

#[handler]
pub(in crate::web) async fn consent(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let action = match fields.text("fine") {
        "1" => BoardAction::Consent {
            seen: seen(&fields)?,
        },
        "0" => BoardAction::WithdrawConsent,
        _ => return Err(HttpError::invalid("invalid-consent").into()),
    };
    respond(&request, action).await
}

#[handler]
pub(in crate::web) async fn set_aside(
    request: BoardRequest,
    fields: FormFields,
) -> Result<Response> {
    let participant = request.id()?;
    let action = match fields.text("aside") {
        "1" => BoardAction::SetAside(participant),
        "0" => BoardAction::BringBack(participant),
        _ => return Err(HttpError::invalid("invalid-aside").into()),
    };
    respond(&request, action).await
}

/// The number of the last event that the sender saw; none if the form does not say.
fn seen(fields: &FormFields) -> Result<Option<i64>, HttpError> {
    match fields.text("seen").trim() {
        "" => Ok(None),
        seen => seen
            .parse()
            .map(Some)
            .map_err(|_| HttpError::invalid("invalid-consent")),
    }
}

async fn respond(request: &BoardRequest, action: BoardAction) -> Result<Response> {
    let outcome = request.execute(action).await?;
    Ok(command_outcome::respond(request, &outcome, None))
}
