//! The boards of a browser, and new ones.

use poem::{
    IntoResponse, Request, Response, Result, handler,
    http::StatusCode,
    web::{Data, Html},
};

use super::{App, answer, error::Problem, fields::Fields, language::texts_of, visit::token_of};
use crate::{
    model::{Name, Slug},
    store,
    view::{self, Site, boards::Entry},
};

/// How many boards are listed.
const MOST: usize = 50;

#[handler]
pub(super) async fn show(Data(app): Data<&App>, request: &Request) -> Result<Response> {
    let mut boards = match token_of(request.cookie()) {
        Some(browser) => store::boards_of(app.boards.database(), &browser, MOST as i64 + 1)
            .await
            .map_err(|error| Problem::of_database(&error))?,
        None => Vec::new(),
    };
    let more = boards.len() > MOST;
    boards.truncate(MOST);
    let texts = texts_of(request)?;
    let entries: Vec<Entry> = boards
        .into_iter()
        .map(|board| Entry {
            slug: board.slug,
            board: board.board,
            me: board.me,
            changed: board.changed,
        })
        .collect();
    Ok(answer::page(
        view::boards::page(&entries, more, &texts).into_string(),
    ))
}

/// Makes a board and leads there.
#[handler]
pub(super) async fn create(
    request: &Request,
    Data(app): Data<&App>,
    fields: Fields,
) -> Result<Response> {
    let texts = texts_of(request)?;
    let typed = fields.text("name");
    let name = match Name::parse(typed) {
        Ok(name) => name,
        Err(bad) => {
            let reason = texts.text(view::name_reason(bad));
            let page = view::boards::new_board_page(typed, &reason, &texts).into_string();
            return Ok(Html(page)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into_response());
        }
    };
    let created = app.boards.create(&name).await;
    let slug: Slug = created.map_err(|error| Problem::of_database(&error))?;
    Ok(answer::see(&Site::home_of(&slug)))
}
