//! The list of a browser's boards, and the creation of boards.

use poem::{
    IntoResponse, Request, Response, Result, handler,
    http::StatusCode,
    web::{Data, Html},
};

use crate::{
    model::{Name, Slug},
    store,
    view::{self, boards::BoardEntry, url::BoardUrls},
    web::{
        app::App,
        error::HttpError,
        request::{browser_token, form_fields::FormFields, language_preference::texts_for},
        response::{html, redirect::see_other},
    },
};

/// How many boards are listed.
const MAX_LISTED: usize = 50;

#[handler]
pub(in crate::web) async fn list(Data(app): Data<&App>, request: &Request) -> Result<Response> {
    let mut boards = match browser_token::get(request)? {
        Some(browser) => store::boards_of(app.boards.database(), &browser, MAX_LISTED as i64 + 1)
            .await
            .map_err(|error| HttpError::from(&error))?,
        None => Vec::new(),
    };
    let has_more = boards.len() > MAX_LISTED;
    boards.truncate(MAX_LISTED);
    let texts = texts_for(request)?;
    let entries: Vec<BoardEntry> = boards
        .into_iter()
        .map(|board| BoardEntry {
            slug: board.slug,
            created_as: board.created_as,
            board: board.board,
            me: board.me,
            changed: board.changed,
        })
        .collect();
    let page = view::boards::page(&entries, has_more, &texts);
    Ok(html::page(page.into_string()))
}

/// Creates a board and redirects to it.
#[handler]
pub(in crate::web) async fn create(
    request: &Request,
    Data(app): Data<&App>,
    fields: FormFields,
) -> Result<Response> {
    let texts = texts_for(request)?;
    let input = fields.text("name");
    let name = match Name::parse(input) {
        Ok(name) => name,
        Err(bad) => {
            let reason = texts.text(view::name_reason(bad));
            let page = view::boards::new_board_page(input, &reason, &texts).into_string();
            return Ok(Html(page)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into_response());
        }
    };
    let created = app.boards.create(&name).await;
    let slug: Slug = created.map_err(|error| HttpError::from(&error))?;
    Ok(see_other(&BoardUrls::new(&slug).home()))
}
