//! Features: suggest, veto, move, edit, delete.

use poem::{Response, Result, handler, http::StatusCode};

use crate::{
    board::Rendering,
    model::{Amount, BoardAction, Feature, FeatureId, ItemId, Name, Reason, Rejection},
    view::{
        self, Message,
        board::Forms,
        feature::{self, EditForm, SheetForms, SuggestForm},
        vetoes::{self, VetoForm},
    },
    web::{
        error::HttpError,
        request::{
            board_request::BoardRequest,
            edited_field::{EditedField, FieldReason, shown_name},
            form_fields::FormFields,
        },
        response::{board_page, command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn suggest(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let item = optional_item(&fields)?;
    let reason_id = feature::suggest_reason(item);
    let result = match name_and_amount(&fields) {
        Ok((name, amount)) => {
            let action = BoardAction::Suggest { name, amount, item };
            request.execute(request.pressed(action)).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(outcome) => Ok(command_outcome::respond(
            &request,
            &outcome,
            Some(&reason_id),
        )),
        Err(error) if !error.is_form_error() => Err(error.into()),
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
    let id = request.id()?;
    // The link to give a reason for a veto, which may have been withdrawn since.
    if request.query("existing").is_some() {
        let snapshot = request.read().await;
        let viewer = request.viewer(&snapshot);
        if let Ok(feature) = snapshot.board.live_feature(id)
            && viewer.is_none_or(|viewer| !snapshot.board.has_vetoed(viewer, id))
        {
            let rejection = Rejection::NoVeto(feature.name.clone());
            return Err(HttpError::from(&rejection).into());
        }
    }
    let menu = menu(&request, id, SheetForms::default()).await?;
    Ok(menu.respond(&request))
}

#[handler]
pub(in crate::web) async fn veto(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let feature = request.id()?;
    let why = fields.get("reason");
    // The button in a row sends no reason field, which keeps an existing reason.
    let action = match why.map(Reason::parse) {
        None => BoardAction::Veto(feature),
        Some(Ok(reason)) if !fields.text("existing").is_empty() => {
            BoardAction::ChangeReason { feature, reason }
        }
        Some(Ok(reason)) => BoardAction::VetoWithReason { feature, reason },
        Some(Err(bad)) => {
            let error = HttpError::invalid(view::name_reason(bad));
            return Err(reject_veto(&request, feature, error, &fields).await?.into());
        }
    };
    match request.execute(action).await {
        Ok(outcome) => Ok(command_outcome::respond(&request, &outcome, None)),
        Err(error)
            if error.asks_for_reason || error.status == StatusCode::LOCKED && why.is_some() =>
        {
            Err(reject_veto(&request, feature, error, &fields).await?.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows an error in the form that gives a reason. The button in a row has no such form: the sheet opens with it.
async fn reject_veto(
    request: &BoardRequest,
    feature: FeatureId,
    error: HttpError,
    fields: &FormFields,
) -> Result<HttpError, HttpError> {
    let form = VetoForm {
        why: fields.text("reason"),
        reason: request.texts().text(error.reason.clone()).into_owned(),
    };
    let forms = SheetForms {
        veto: Some(form),
        ..SheetForms::default()
    };
    let menu = menu(request, feature, forms).await?;
    Ok(match fields.get("reason") {
        Some(_) => menu.reject_form(request, error, vetoes::VETO_REASON),
        None => menu.reject_with_sheet(request, error),
    })
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
    let name = EditedField::required(&fields, "name", "was_name");
    let amount = EditedField::optional(&fields, "amount", "was_amount");
    let new_name = name.edit(parse_name, shown_name);
    let new_amount = amount.edit(parse_amount, |was| was.parse().ok());
    let (error, name_reason, amount_reason) = match (new_name, new_amount) {
        (Ok(name), Ok(amount)) => {
            let action = BoardAction::EditFeature {
                feature,
                name,
                amount,
            };
            match request.execute(action).await {
                Ok(outcome) => return Ok(command_outcome::respond(&request, &outcome, None)),
                Err(error) if error.is_form_error() => {
                    let reasons = (FieldReason::of_name(&error), FieldReason::of_amount(&error));
                    (error, reasons.0, reasons.1)
                }
                Err(error) => return Err(error.into()),
            }
        }
        (Err(bad), new_amount) => (
            HttpError::invalid(bad.clone()),
            FieldReason::new(Some(bad)),
            FieldReason::new(new_amount.err()),
        ),
        (Ok(_), Err(bad)) => (
            HttpError::invalid(bad.clone()),
            FieldReason::default(),
            FieldReason::new(Some(bad)),
        ),
    };
    let form = EditForm {
        name: name.rejected(name_reason, request.texts()),
        amount: amount.rejected(amount_reason, request.texts()),
    };
    Err(reject_edit(&request, feature, error, form).await?.into())
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
    let feature = live_feature(&snapshot, id)?;
    let viewer = request.viewer(&snapshot);
    let menu = feature::sheet(feature, &snapshot.board, viewer, forms, &snapshot.context);
    Ok(SheetContent::of_actions(&snapshot, menu))
}

/// Shows an error in the edit form of the sheet.
async fn reject_edit(
    request: &BoardRequest,
    id: FeatureId,
    error: HttpError,
    form: EditForm,
) -> Result<HttpError, HttpError> {
    let snapshot = request.read().await;
    let feature = live_feature(&snapshot, id)?;
    let fragment = feature::edit_form(feature, &form, &snapshot.context);
    let forms = SheetForms {
        edit: form,
        ..SheetForms::default()
    };
    let viewer = request.viewer(&snapshot);
    let menu = feature::sheet(feature, &snapshot.board, viewer, forms, &snapshot.context);
    Ok(SheetContent::of_actions(&snapshot, menu).reject_edit(error, fragment))
}

fn live_feature(snapshot: &Rendering, id: FeatureId) -> Result<&Feature, HttpError> {
    let board = &snapshot.board;
    board
        .live_feature(id)
        .map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))
}

fn name_and_amount(fields: &FormFields) -> Result<(Name, Amount), HttpError> {
    let name = parse_name(fields.text("name")).map_err(HttpError::invalid)?;
    let amount = parse_amount(fields.text("amount")).map_err(HttpError::invalid)?;
    Ok((name, amount))
}

fn parse_name(text: &str) -> Result<Name, Message<'static>> {
    Name::parse(text).map_err(view::name_reason)
}

fn parse_amount(text: &str) -> Result<Amount, Message<'static>> {
    text.parse().map_err(|_| view::amount_reason())
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
