//! Items: create, edit, merge, split, delete.

use poem::{Response, Result, handler};

use crate::{
    board::Rendering,
    model::{BoardAction, Item, ItemId, Kind, Name, Note},
    view::{
        self, Message,
        board::Forms,
        item::{self, CreateForm, EditForm},
    },
    web::{
        error::HttpError,
        request::{
            board_request::BoardRequest,
            edited_field::{EditedField, FieldReason, shown_kind, shown_name, shown_note},
            form_fields::FormFields,
        },
        response::{board_page, command_outcome, sheet::SheetContent},
    },
};

#[handler]
pub(in crate::web) async fn create(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let (name, kind) = (fields.text("name"), fields.text("kind"));
    let action = match (
        optional_name(name),
        parse_kind(kind).map_err(HttpError::invalid),
    ) {
        (Ok(name), Ok(kind)) => BoardAction::CreateItem {
            name,
            kind,
            fallback: request.default_item_name(),
        },
        (Err(error), _) | (_, Err(error)) => {
            return Err(reject_create(&request, error, name, kind).await.into());
        }
    };
    match request.execute(request.pressed(action)).await {
        Ok(outcome) => Ok(command_outcome::respond(
            &request,
            &outcome,
            Some(item::CREATE_REASON),
        )),
        Err(error) if error.is_form_error() => {
            Err(reject_create(&request, error, name, kind).await.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows an error in the form for a new item.
async fn reject_create(
    request: &BoardRequest,
    error: HttpError,
    name: &str,
    kind: &str,
) -> HttpError {
    let form = CreateForm {
        name,
        kind,
        reason: request.texts().text(error.reason.clone()).into_owned(),
    };
    let forms = Forms {
        item: Some(form),
        ..Forms::default()
    };
    board_page::reject_form(request, error, item::CREATE_REASON, forms).await
}

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let menu = menu(&request, request.id()?).await?;
    Ok(menu.respond(&request))
}

#[handler]
pub(in crate::web) async fn edit(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let item = request.id()?;
    let name = EditedField::required(&fields, "name", "was_name");
    let kind = EditedField::optional(&fields, "kind", "was_kind");
    let note = EditedField::optional(&fields, "note", "was_note");
    let edits = (
        name.edit(parse_name, shown_name),
        kind.edit(parse_kind, shown_kind),
        note.edit(parse_note, shown_note),
    );
    let (error, reasons) = match edits {
        (Ok(name), Ok(kind), Ok(note)) => {
            let action = BoardAction::EditItem {
                item,
                name,
                kind,
                note,
            };
            match request.execute(action).await {
                Ok(outcome) => return Ok(command_outcome::respond(&request, &outcome, None)),
                Err(error) if error.is_form_error() => {
                    let reasons = [
                        FieldReason::of_name(&error),
                        FieldReason::of_kind(&error),
                        FieldReason::of_note(&error),
                    ];
                    (error, reasons)
                }
                Err(error) => return Err(error.into()),
            }
        }
        (Err(bad), kind, note) => invalid(bad.clone(), [Some(bad), kind.err(), note.err()]),
        (_, Err(bad), note) => invalid(bad.clone(), [None, Some(bad), note.err()]),
        (_, _, Err(bad)) => invalid(bad.clone(), [None, None, Some(bad)]),
    };
    let [of_name, of_kind, of_note] = reasons;
    let texts = request.texts();
    let form = EditForm {
        name: name.rejected(of_name, texts),
        kind: kind.rejected(of_kind, texts),
        note: note.rejected(of_note, texts),
    };
    Err(reject_edit(&request, item, error, &form).await?.into())
}

/// An error for invalid fields, and the reason for each.
fn invalid<const N: usize>(
    error: Message<'static>,
    reasons: [Option<Message<'static>>; N],
) -> (HttpError, [FieldReason; N]) {
    (HttpError::invalid(error), reasons.map(FieldReason::new))
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

/// The menu of an item.
async fn menu(request: &BoardRequest, id: ItemId) -> Result<SheetContent, HttpError> {
    let snapshot = request.read().await;
    let item = live_item(&snapshot, id)?;
    let menu = item::sheet(
        item,
        &snapshot.board,
        &EditForm::default(),
        &snapshot.context,
    );
    Ok(SheetContent::of_actions(&snapshot, menu))
}

/// Shows an error in the edit form of the sheet.
async fn reject_edit(
    request: &BoardRequest,
    id: ItemId,
    error: HttpError,
    form: &EditForm,
) -> Result<HttpError, HttpError> {
    let snapshot = request.read().await;
    let item = live_item(&snapshot, id)?;
    let fragment = item::edit_form(item, form, &snapshot.context);
    let menu = item::sheet(item, &snapshot.board, form, &snapshot.context);
    Ok(SheetContent::of_actions(&snapshot, menu).reject_edit(error, fragment))
}

fn live_item(snapshot: &Rendering, id: ItemId) -> Result<&Item, HttpError> {
    let board = &snapshot.board;
    board
        .live_item(id)
        .map_err(|rejection| HttpError::from(&rejection).at_version(board.version()))
}

fn parse_name(text: &str) -> Result<Name, Message<'static>> {
    Name::parse(text).map_err(view::name_reason)
}

/// A kind; `None` if the field is empty.
fn parse_kind(text: &str) -> Result<Option<Kind>, Message<'static>> {
    Kind::parse(text).map_err(view::name_reason)
}

/// A note; `None` if the field is empty.
fn parse_note(text: &str) -> Result<Option<Note>, Message<'static>> {
    Note::parse(text).map_err(view::name_reason)
}

/// A name; `None` if the field is empty.
fn optional_name(text: &str) -> Result<Option<Name>, HttpError> {
    match text.trim() {
        "" => Ok(None),
        text => parse_name(text).map(Some).map_err(HttpError::invalid),
    }
}
