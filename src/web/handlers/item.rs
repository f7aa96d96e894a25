//! Items: create, edit, merge, split, delete.

use poem::{Response, Result, handler};

use crate::{
    model::{BoardAction, ItemId, Kind, Name},
    view::{
        self,
        board::Forms,
        item::{self, CreateForm, EditForm},
    },
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::{board_page, command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn create(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let (name, kind) = (fields.text("name"), fields.text("kind"));
    let action = match (optional_name(name), optional_kind(kind)) {
        (Ok(name), Ok(kind)) => BoardAction::CreateItem {
            name,
            kind,
            fallback: request.app.default_item_names.of(request.language).clone(),
        },
        (Err(error), _) | (_, Err(error)) => {
            let form = CreateForm {
                name,
                kind,
                reason: request.texts().text(error.reason.clone()).into_owned(),
            };
            let forms = Forms {
                item: Some(form),
                ..Forms::default()
            };
            return Err(
                board_page::reject_form(&request, error, item::CREATE_REASON, forms)
                    .await
                    .into(),
            );
        }
    };
    let outcome = request.execute(request.pressed(action)).await?;
    Ok(command_outcome::respond(
        &request,
        &outcome,
        Some(item::CREATE_REASON),
    ))
}

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let menu = menu(&request, request.id()?, None).await?;
    Ok(menu.respond(&request))
}

#[handler]
pub(in crate::web) async fn edit(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let item = request.id()?;
    let (name, kind) = (fields.text("name"), fields.text("kind"));
    let result = match (Name::parse(name), optional_kind(kind)) {
        (Ok(name), Ok(kind)) => {
            let kind = match fields.get("kind") {
                Some(_) => kind,
                None => current_kind(&request, item).await?,
            };
            request
                .execute(BoardAction::EditItem { item, name, kind })
                .await
        }
        (Err(bad), _) => Err(HttpError::invalid(view::name_reason(bad))),
        (_, Err(error)) => Err(error),
    };
    match result {
        Ok(outcome) => Ok(command_outcome::respond(&request, &outcome, None)),
        Err(error) if error.is_form_error() => {
            let form = EditForm {
                name,
                kind,
                reason: Some(request.texts().text(error.reason.clone()).into_owned()),
            };
            let menu = menu(&request, item, Some(form)).await?;
            Err(menu.reject_form(&request, error, view::EDIT_REASON).into())
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub(in crate::web) async fn merge(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let item = request.id()?;
    let into = fields.text("into").trim().parse();
    let into = into.map_err(|_| HttpError::invalid("invalid-merge-target"))?;
    let outcome = request.execute(BoardAction::Merge { item, into }).await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

#[handler]
pub(in crate::web) async fn split(request: BoardRequest) -> Result<Response> {
    let outcome = request.execute(BoardAction::Split(request.id()?)).await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

#[handler]
pub(in crate::web) async fn delete(request: BoardRequest) -> Result<Response> {
    let outcome = request
        .execute(BoardAction::DeleteItem(request.id()?))
        .await?;
    Ok(command_outcome::respond(&request, &outcome, None))
}

async fn menu(
    request: &BoardRequest,
    id: ItemId,
    form: Option<EditForm<'_>>,
) -> Result<SheetContent, HttpError> {
    let snapshot = request.read().await;
    let board = &snapshot.board;
    let item = board
        .live_item(id)
        .map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))?;
    let menu = view::item::sheet(item, board, form, &snapshot.context);
    Ok(SheetContent::new(&snapshot, menu))
}

/// The kind to keep if a form has no such field.
async fn current_kind(request: &BoardRequest, id: ItemId) -> Result<Option<Kind>, HttpError> {
    let snapshot = request.read().await;
    let board = &snapshot.board;
    let item = board
        .live_item(id)
        .map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))?;
    Ok(item.kind.clone())
}

/// A name; `None` if the field is empty.
fn optional_name(text: &str) -> Result<Option<Name>, HttpError> {
    match text.trim() {
        "" => Ok(None),
        text => Name::parse(text)
            .map(Some)
            .map_err(|bad| HttpError::invalid(view::name_reason(bad))),
    }
}

/// A kind; `None` if the field is empty.
fn optional_kind(text: &str) -> Result<Option<Kind>, HttpError> {
    Kind::parse(text).map_err(|bad| HttpError::invalid(view::name_reason(bad)))
}
