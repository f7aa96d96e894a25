//! The settings of a board.

use poem::{Response, Result, handler};

use crate::{
    model::BoardAction,
    view::settings::{self, SettingsForm},
    web::{
        error::HttpError,
        request::{
            board_request::BoardRequest,
            edited_settings::{EditedSettings, SettingsReasons},
            form_fields::FormFields,
        },
        response::{command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    let snapshot = request.read().await;
    let form = SettingsForm::default();
    let menu = settings::sheet(&snapshot.board, &form, &snapshot.context);
    SheetContent::of_actions(&snapshot, menu).respond(&request)
}

#[handler]
pub(in crate::web) async fn edit(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let sent = EditedSettings::from_form(&fields);
    let edit = sent.edit(&request.read().await.board);
    let (error, reasons) = match edit {
        Ok(edit) => {
            let action = BoardAction::EditSettings(Box::new(edit));
            match request.execute(action).await {
                Ok(outcome) => return Ok(command_outcome::respond(&request, &outcome, None)),
                Err(error) if error.is_form_error() => {
                    let reasons = SettingsReasons::of(&error);
                    (error, reasons)
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(invalid) => {
            let (first, reasons) = *invalid;
            (HttpError::invalid(first), reasons)
        }
    };
    let form = sent.rejected(reasons, request.texts());
    let snapshot = request.read().await;
    let fragment = settings::form(&snapshot.board, &form, &snapshot.context);
    let menu = settings::sheet(&snapshot.board, &form, &snapshot.context);
    Err(SheetContent::of_actions(&snapshot, menu)
        .reject_edit(error, fragment)
        .into())
}
