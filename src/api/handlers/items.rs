//! Items: list, add, read, change, delete, merge, split.

use crate::{
    api::{
        answer::Answer,
        call::Call,
        problem::Problem,
        resources::{
            changed_rows::ChangedRows,
            item::{Item, ItemPatch, Items, Merge, NewItem},
            problem::ProblemDetails,
        },
    },
    board::CommandOutcome,
    model::{BoardAction, BoardObject, FieldEdit, ItemId, Kind, Name, Note},
    view::{self, Texts},
};

/// List items
///
/// A page of them, each with its features: send `next` as `after` for the following one.
#[utoipa::path(get, path = "/boards/{slug}/items", tag = "items", operation_id = "list_items",
    params(
        ("slug", description = "The slug of the board; `main` for the board at `/`"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Items with a greater id"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1_000, description = "How many; default 100"),
    ),
    responses((status = 200, description = "The items, by id", body = Items)))]
pub(in crate::api) async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let snapshot = call.read().await?;
    let board = &snapshot.board;
    let mut items = board.items_after(ItemId(page.after)).peekable();
    let listed: Vec<Item> = items
        .by_ref()
        .take(page.limit)
        .map(|item| Item::new(item, board))
        .collect();
    let next = listed
        .last()
        .map(|item| item.id)
        .filter(|_| items.peek().is_some());
    Answer::ok(&Items {
        items: listed,
        next,
    })
}

/// Add an item
///
/// Its name must be free on this board.
#[utoipa::path(post, path = "/boards/{slug}/items", tag = "items", operation_id = "add_item",
    params(("slug", description = "The slug of the board")),
    request_body = NewItem,
    responses(
        (status = 201, description = "The new item", body = Item,
            headers(("Location" = String, description = "The address of the item"))),
        (status = 409, description = "An item of this name exists: `existing_id`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn add(call: Call) -> Result<Answer, Problem> {
    let new: NewItem = call.body()?;
    let action = BoardAction::AddItem {
        name: name(&new.name, &call.texts)?,
        kind: kind(new.kind.as_deref(), &call.texts)?,
        note: note(new.note.as_deref(), &call.texts)?,
    };
    let outcome = call.act(action).await?;
    let (id, item) = item_of(&outcome)?;
    let slug = outcome.snapshot.board.slug.as_str();
    Answer::created(&item, &format!("/api/v1/boards/{slug}/items/{id}"))
}

/// Read an item
///
/// With its features and their vetoes.
#[utoipa::path(get, path = "/boards/{slug}/items/{id}", tag = "items", operation_id = "read_item",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the item")),
    responses(
        (status = 200, description = "The item with its features", body = Item),
        (status = 410, description = "The item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(in crate::api) async fn show(call: Call) -> Result<Answer, Problem> {
    let snapshot = call.read().await?;
    let item = snapshot.board.live_item(call.id()?);
    let item = item.map_err(|rejection| Problem::from(&rejection))?;
    Answer::ok(&Item::new(item, &snapshot.board))
}

/// Change an item
///
/// Only the members that are present change (RFC 7396). With `If-Match`, only if nobody changed the item since.
#[utoipa::path(patch, path = "/boards/{slug}/items/{id}", tag = "items", operation_id = "edit_item",
    params(
        ("slug", description = "The slug of the board"),
        ("id" = i64, Path, description = "The id of the item"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the item as you know it"),
    ),
    request_body(content((ItemPatch = "application/json"), (ItemPatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The changed item", body = Item),
        (status = 409, description = "An item of this name exists: `existing_id`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "The item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 412, description = "The item was changed meanwhile: `current`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn edit(call: Call) -> Result<Answer, Problem> {
    let id: ItemId = call.id()?;
    let patch: ItemPatch = call.body()?;
    let texts = &call.texts;
    let action = BoardAction::EditItem {
        item: id,
        name: match patch.name {
            Some(new) => Some(name(&new.unwrap_or_default(), texts)?),
            None => None,
        }
        .map(FieldEdit::replacing),
        kind: match patch.kind {
            Some(new) => Some(kind(new.as_deref(), texts)?),
            None => None,
        }
        .map(FieldEdit::replacing),
        note: match patch.note {
            Some(new) => Some(note(new.as_deref(), texts)?),
            None => None,
        }
        .map(FieldEdit::replacing),
    };
    let precondition = call.if_match()?.map(|tag| (BoardObject::Item(id), tag));
    let outcome = call.act_in_sequence(precondition, vec![action]).await?;
    let item = outcome.snapshot.board.live_item(id);
    let item = item.map_err(|rejection| Problem::from(&rejection))?;
    Answer::ok(&Item::new(item, &outcome.snapshot.board))
}

/// Delete an item
///
/// Its features become free.
#[utoipa::path(delete, path = "/boards/{slug}/items/{id}", tag = "items", operation_id = "delete_item",
    params(
        ("slug", description = "The slug of the board"),
        ("id" = i64, Path, description = "The id of the item"),
        ("If-Match" = Option<String>, Header, description = "The `etag` of the item as you know it"),
    ),
    responses(
        (status = 204, description = "The item was deleted"),
        (status = 410, description = "The item was deleted before", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 412, description = "The item was changed meanwhile: `current`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn delete(call: Call) -> Result<Answer, Problem> {
    let id: ItemId = call.id()?;
    let precondition = call.if_match()?.map(|tag| (BoardObject::Item(id), tag));
    let actions = vec![BoardAction::DeleteItem(id)];
    call.act_in_sequence(precondition, actions).await?;
    Ok(Answer::no_content())
}

/// Merge an item into another one
///
/// The features of this item move to the other one, whose name becomes that of both. The item goes, unless something did not fit.
#[utoipa::path(post, path = "/boards/{slug}/items/{id}/merge", tag = "items", operation_id = "merge_item",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the item")),
    request_body = Merge,
    responses(
        (status = 200, description = "What was changed", body = ChangedRows),
        (status = 410, description = "An item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn merge(call: Call) -> Result<Answer, Problem> {
    let item = call.id()?;
    let into = ItemId(call.body::<Merge>()?.into.0);
    let outcome = call.act(BoardAction::Merge { item, into }).await?;
    Answer::ok(&ChangedRows::by(&outcome))
}

/// Split an item
///
/// One new item for each of its features, or for each unit of its only feature.
#[utoipa::path(post, path = "/boards/{slug}/items/{id}/split", tag = "items", operation_id = "split_item",
    params(("slug", description = "The slug of the board"), ("id" = i64, Path, description = "The id of the item")),
    responses(
        (status = 200, description = "What was changed", body = ChangedRows),
        (status = 410, description = "The item was deleted", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "The board is closed", body = ProblemDetails, content_type = "application/problem+json"),
    ),
    security(("token" = [])))]
pub(in crate::api) async fn split(call: Call) -> Result<Answer, Problem> {
    call.expect_no_members()?;
    let outcome = call.act(BoardAction::Split(call.id()?)).await?;
    Answer::ok(&ChangedRows::by(&outcome))
}

fn item_of(outcome: &CommandOutcome) -> Result<(ItemId, Item), Problem> {
    let board = &outcome.snapshot.board;
    let Some(BoardObject::Item(id)) = outcome.about else {
        return Err(Problem::internal("the new item has no id"));
    };
    // Somebody else may have deleted it in the same batch.
    let item = board
        .live_item(id)
        .map_err(|rejection| Problem::from(&rejection))?;
    Ok((id, Item::new(item, board)))
}

fn name(text: &str, texts: &Texts) -> Result<Name, Problem> {
    Name::parse(text)
        .map_err(|invalid| Problem::invalid("/name", view::name_reason(invalid), texts))
}

fn kind(text: Option<&str>, texts: &Texts) -> Result<Option<Kind>, Problem> {
    Kind::parse(text.unwrap_or_default())
        .map_err(|invalid| Problem::invalid("/kind", view::name_reason(invalid), texts))
}

fn note(text: Option<&str>, texts: &Texts) -> Result<Option<Note>, Problem> {
    Note::parse(text.unwrap_or_default())
        .map_err(|invalid| Problem::invalid("/note", view::name_reason(invalid), texts))
}
