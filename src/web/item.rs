//! What can be asked of items.

use poem::{Response, Result, handler};

use super::{answer, board, error::Problem, fields::Fields, menu::Menu, visit::Visit};
use crate::{
    model::{Deed, ItemId, Kind, Name},
    view::{
        self,
        board::Forms,
        item::{self, CreateForm, EditForm},
    },
};

#[handler]
pub(super) async fn create(visit: Visit, fields: Fields) -> Result<Response> {
    let (name, kind) = (fields.text("name"), fields.text("kind"));
    let deed = match (name_or_none(name), kind_or_none(kind)) {
        (Ok(name), Ok(kind)) => Deed::CreateItem {
            name,
            kind,
            fallback: visit.app.fallback.of(visit.language).clone(),
        },
        (Err(problem), _) | (_, Err(problem)) => {
            let form = CreateForm {
                name,
                kind,
                reason: visit.texts().text(problem.reason.clone()).into_owned(),
            };
            let forms = Forms {
                item: Some(form),
                ..Forms::default()
            };
            return Err(board::refused(&visit, problem, item::CREATE_REASON, forms)
                .await
                .into());
        }
    };
    let done = visit.wish(deed).await?;
    Ok(answer::done(&visit, &done, Some(item::CREATE_REASON)))
}

#[handler]
pub(super) async fn show(visit: Visit) -> Result<Response> {
    let menu = menu(&visit, visit.id()?, None).await?;
    Ok(menu.answer(&visit))
}

#[handler]
pub(super) async fn edit(visit: Visit, fields: Fields) -> Result<Response> {
    let item = visit.id()?;
    let (name, kind) = (fields.text("name"), fields.text("kind"));
    let outcome = match (Name::parse(name), kind_or_none(kind)) {
        (Ok(name), Ok(kind)) => visit.wish(Deed::EditItem { item, name, kind }).await,
        (Err(bad), _) => Err(Problem::invalid(view::name_reason(bad))),
        (_, Err(problem)) => Err(problem),
    };
    match outcome {
        Ok(done) => Ok(answer::done(&visit, &done, None)),
        Err(problem) if problem.is_about_the_form() => {
            let form = EditForm {
                name,
                kind,
                reason: Some(visit.texts().text(problem.reason.clone()).into_owned()),
            };
            let menu = menu(&visit, item, Some(form)).await?;
            Err(menu.refused(&visit, problem, view::EDIT_REASON).into())
        }
        Err(problem) => Err(problem.into()),
    }
}

#[handler]
pub(super) async fn merge(visit: Visit, fields: Fields) -> Result<Response> {
    let item = visit.id()?;
    let into = fields.text("into").trim().parse();
    let into = into.map_err(|_| Problem::invalid("merge-wrong"))?;
    let done = visit.wish(Deed::Merge { item, into }).await?;
    Ok(answer::done(&visit, &done, None))
}

#[handler]
pub(super) async fn split(visit: Visit) -> Result<Response> {
    let done = visit.wish(Deed::Split(visit.id()?)).await?;
    Ok(answer::done(&visit, &done, None))
}

#[handler]
pub(super) async fn delete(visit: Visit) -> Result<Response> {
    let done = visit.wish(Deed::DeleteItem(visit.id()?)).await?;
    Ok(answer::done(&visit, &done, None))
}

async fn menu(visit: &Visit, id: ItemId, form: Option<EditForm<'_>>) -> Result<Menu, Problem> {
    let snapshot = visit.read().await;
    let board = &snapshot.board;
    let item = board
        .living_item(id)
        .map_err(|refusal| Problem::of_refusal(&refusal).at_version(board.version()))?;
    let menu = view::item::menu(item, board, form, &snapshot.site);
    Ok(Menu::of(&snapshot, menu))
}

/// A name that may be left out.
fn name_or_none(text: &str) -> Result<Option<Name>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => Name::parse(text)
            .map(Some)
            .map_err(|bad| Problem::invalid(view::name_reason(bad))),
    }
}

fn kind_or_none(text: &str) -> Result<Option<Kind>, Problem> {
    Kind::parse(text).map_err(|bad| Problem::invalid(view::name_reason(bad)))
}
