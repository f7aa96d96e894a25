//! Moves a participant's name to another device by a secret link. The secret is in the query: the log contains paths.

use poem::{
    Response, Result, handler,
    http::{HeaderValue, StatusCode, header},
};

use crate::{
    board::now,
    model::{Command, PersonalLink, Rejection},
    view::personal_link::{Current, confirmation, panel},
    web::{
        error::HttpError,
        request::{
            board_request::BoardRequest, form_fields::FormFields, pasted::without_punctuation,
        },
        response::{command_outcome, redirect::see_other, sheet::SheetContent},
    },
};

/// The reader's own link.
#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let snapshot = request.read().await;
    let (board, context) = (&snapshot.board, &snapshot.context);
    let (Some(me), Some(link)) = (
        board.actor(&request.browser),
        PersonalLink::issue(board, &request.browser, now()),
    ) else {
        return Err(HttpError::new(StatusCode::NOT_FOUND, "personal-link-nobody").into());
    };
    let path = context.urls.personal_link_with(&link.secret());
    let link = request.link(&path).ok_or_else(HttpError::no_host)?;
    let panel = panel(&me.name, board, &link, context);
    let response = SheetContent::new(&snapshot, panel).respond(&request);
    Ok(uncached(response))
}

/// The link, opened on the other device: asks for confirmation and changes nothing.
#[handler]
pub(in crate::web) async fn confirm(request: BoardRequest) -> Result<Response> {
    let snapshot = request.read().await;
    let board = &snapshot.board;
    // Chats take the punctuation after a link for a part of it.
    let key = request.query("key").and_then(without_punctuation);
    let link = parse(key.as_deref().unwrap_or_default())?;
    let me = board.actor(&request.browser);
    if link.belongs_to(me.as_ref().map(|me| me.id)) {
        return Ok(see_other(&request.home()));
    }
    let holder = link.holder(board, now()).ok_or_else(spent)?;
    let current = me.as_ref().map(|me| Current {
        name: &me.name,
        hands_over: board.unnamed_participant(&request.browser).is_some(),
    });
    let secret = link.secret();
    let question = confirmation(&holder.name, current.as_ref(), &secret, &snapshot.context);
    let response = SheetContent::new(&snapshot, question).respond(&request);
    Ok(uncached(response))
}

/// The confirmation: makes this browser that participant too.
#[handler]
pub(in crate::web) async fn accept(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let link = parse(fields.text("key"))?;
    let outcome = request.execute(Command::UsePersonalLink(link)).await?;
    if let Some(me) = outcome.snapshot.board.actor(&request.browser) {
        request.remember_name(&me.name);
    }
    Ok(command_outcome::respond(&request, &outcome, None))
}

fn parse(secret: &str) -> Result<PersonalLink, HttpError> {
    PersonalLink::parse(secret).ok_or_else(spent)
}

fn spent() -> HttpError {
    HttpError::from(&Rejection::LinkInvalid)
}

/// The page contains a secret, so not even the browser may cache it.
fn uncached(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
