//! Several items at once.

use poem::{Response, Result, handler};

use crate::{
    model::{BoardAction, Kind, parse_names},
    view::{
        self,
        several_items::{self, SeveralForm},
    },
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::{command_outcome, sheet::SheetContent},
    },
};

/// The form as a page.
#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    let form = form(&request, &SeveralForm::default()).await;
    form.respond(&request)
}

#[handler]
pub(in crate::web) async fn create(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let result = match action(&request, &fields) {
        Ok(action) => request.execute(request.pressed(action)).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(outcome) => Ok(command_outcome::respond(
            &request,
            &outcome,
            Some(several_items::ITEMS_REASON),
        )),
        // Also if the board would have too many items: the list, which may be long, is not lost.
        Err(error) if error.is_form_error() => {
            let values = SeveralForm {
                names: fields.text("names"),
                kind: fields.text("kind"),
                reason: Some(request.texts().text(error.reason.clone()).into_owned()),
            };
            let form = form(&request, &values).await;
            Err(form
                .reject_form(&request, error, several_items::ITEMS_REASON)
                .into())
        }
        Err(error) => Err(error.into()),
    }
}

fn action(request: &BoardRequest, fields: &FormFields) -> Result<BoardAction, HttpError> {
    let names = parse_names(fields.text("names")).map_err(|invalid| {
        HttpError::invalid(several_items::names_reason(invalid, request.texts()))
    })?;
    let kind = Kind::parse(fields.text("kind"))
        .map_err(|invalid| HttpError::invalid(view::name_reason(invalid)))?;
    Ok(BoardAction::CreateItems { names, kind })
}

async fn form(request: &BoardRequest, values: &SeveralForm<'_>) -> SheetContent {
    let snapshot = request.read().await;
    SheetContent::of_actions(&snapshot, several_items::menu(values, &snapshot.context))
}
