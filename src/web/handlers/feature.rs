//! Features: suggest, veto, move, edit, delete.

use poem::{Response, Result, handler};

use crate::{
    model::{Amount, BoardAction, FeatureId, ItemId, Name, Reason},
    view::{
        self,
        board::Forms,
        feature::{self, EditForm, SheetForms, SuggestForm},
        vetoes::{self, VetoForm},
    },
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::{board_page, command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn suggest(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let item = optional_item(&fields)?;
    let reason_id = feature::suggest_reason(item);
    match name_and_amount(&fields) {
        Ok((name, amount)) => {
            let action = BoardAction::Suggest { name, amount, item };
            let outcome = request.execute(request.pressed(action)).await?;
            Ok(command_outcome::respond(
                &request,
                &outcome,
                Some(&reason_id),
            ))
        }
        Err(error) => {
            let form = SuggestForm {
                item,
                name: fields.text("name"),
                amount: fields.text("amount"),
                reason: request.texts().text(error.reason.clone()).into_owned(),
            };
            let forms = Forms {
                feature: Some(form),
                ..Forms::default()
            };
            Err(board_page::reject_form(&request, error, &reason_id, forms)
                .await
                .into())
        }
    }
}

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let menu = menu(&request, request.id()?, SheetForms::default()).await?;
    Ok(menu.respond(&request))
}

#[handler]
pub(in crate::web) async fn veto(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let feature = request.id()?;
    // The button in a row sends no reason field, which keeps an existing reason.
    let action = match fields.get("reason").map(Reason::parse) {
        None => BoardAction::Veto(feature),
        Some(Ok(reason)) => BoardAction::VetoWithReason { feature, reason },
        Some(Err(bad)) => {
            let error = HttpError::invalid(view::name_reason(bad));
            let form = VetoForm {
                why: fields.text("reason"),
                reason: request.texts().text(error.reason.clone()).into_owned(),
            };
            let forms = SheetForms {
                veto: Some(form),
                ..SheetForms::default()
            };
            let menu = menu(&request, feature, forms).await?;
            return Err(menu
                .reject_form(&request, error, vetoes::VETO_REASON)
                .into());
        }
    };
    let outcome = request.execute(action).await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

#[handler]
pub(in crate::web) async fn withdraw_veto(request: BoardRequest) -> Result<Response> {
    let outcome = request
        .execute(BoardAction::WithdrawVeto(request.id()?))
        .await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

#[handler]
pub(in crate::web) async fn move_to(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let feature = request.id()?;
    // An empty field moves the feature to all items; a missing one says nothing.
    if fields.get("item_id").is_none() {
        return Err(HttpError::invalid("invalid-item").into());
    }
    let to = optional_item(&fields)?;
    let outcome = request.execute(BoardAction::Move { feature, to }).await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

#[handler]
pub(in crate::web) async fn edit(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let feature = request.id()?;
    let result = match name_and_amount(&fields) {
        Ok((name, amount)) => {
            let amount = match fields.get("amount") {
                Some(_) => amount,
                None => current_amount(&request, feature).await?,
            };
            let action = BoardAction::EditFeature {
                feature,
                name,
                amount,
            };
            request.execute(action).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(outcome) => Ok(command_outcome::respond(&request, &outcome, None)),
        Err(error) if error.is_form_error() => {
            let form = EditForm {
                name: fields.text("name"),
                amount: fields.text("amount"),
                reason: Some(request.texts().text(error.reason.clone()).into_owned()),
            };
            let forms = SheetForms {
                edit: Some(form),
                ..SheetForms::default()
            };
            let menu = menu(&request, feature, forms).await?;
            Err(menu.reject_form(&request, error, view::EDIT_REASON).into())
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub(in crate::web) async fn delete(request: BoardRequest) -> Result<Response> {
    let outcome = request
        .execute(BoardAction::DeleteFeature(request.id()?))
        .await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

async fn menu(
    request: &BoardRequest,
    id: FeatureId,
    forms: SheetForms<'_>,
) -> Result<SheetContent, HttpError> {
    let snapshot = request.read().await;
    let board = &snapshot.board;
    let feature = board
        .live_feature(id)
        .map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))?;
    let viewer = request.viewer(&snapshot);
    let menu = view::feature::sheet(feature, board, viewer, forms, &snapshot.context);
    Ok(SheetContent::new(&snapshot, menu))
}

/// The amount to keep if a form has no such field.
async fn current_amount(request: &BoardRequest, id: FeatureId) -> Result<Amount, HttpError> {
    let snapshot = request.read().await;
    let board = &snapshot.board;
    let feature = board.live_feature(id);
    let feature =
        feature.map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))?;
    Ok(feature.amount)
}

fn name_and_amount(fields: &FormFields) -> Result<(Name, Amount), HttpError> {
    let name = Name::parse(fields.text("name"))
        .map_err(|bad| HttpError::invalid(view::name_reason(bad)))?;
    let amount = fields
        .text("amount")
        .parse()
        .map_err(|_| HttpError::invalid(view::amount_reason()))?;
    Ok((name, amount))
}

/// The item that a form names; `None` if the field is empty.
fn optional_item(fields: &FormFields) -> Result<Option<ItemId>, HttpError> {
    match fields.text("item_id").trim() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| HttpError::invalid("invalid-item")),
    }
}
