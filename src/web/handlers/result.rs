//! The result of a board, or how it stands so far, in each of its formats.

use poem::{
    Request, Response, handler,
    http::{HeaderValue, header},
};

use super::board::{conditional, etag};
use crate::{
    board::{self, Rendering},
    http::{attachment::attachment, pieces::Pieces},
    model::{DecisionResult, Name, Timestamp},
    view::result::{self, Syntax},
    web::{request::board_request::BoardRequest, response::html},
};

const PLAIN: &str = "text/plain; charset=utf-8";
const MARKDOWN: &str = "text/markdown; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8; header=present";
const JSON: &str = "application/json";

#[handler]
pub(in crate::web) async fn show(board_request: BoardRequest, request: &Request) -> Response {
    respond(&board_request, request, "page", |snapshot, at| {
        let result = DecisionResult::new(&snapshot.board, at);
        let database_down = board_request.handle.is_disconnected();
        let page = result::page(&result, database_down, &snapshot.context);
        let page = Pieces::from(page.into_string());
        board_request.app.metrics.record_page(page.length());
        html::page(page)
    })
    .await
}

#[handler]
pub(in crate::web) async fn text(board_request: BoardRequest, request: &Request) -> Response {
    let plain = |snapshot: &Rendering, at| {
        html::text(written(&board_request, snapshot, at, Syntax::Plain), PLAIN)
    };
    respond(&board_request, request, "txt", plain).await
}

#[handler]
pub(in crate::web) async fn markdown(board_request: BoardRequest, request: &Request) -> Response {
    let markdown = |snapshot: &Rendering, at| {
        html::text(
            written(&board_request, snapshot, at, Syntax::Markdown),
            MARKDOWN,
        )
    };
    respond(&board_request, request, "md", markdown).await
}

#[handler]
pub(in crate::web) async fn csv(board_request: BoardRequest, request: &Request) -> Response {
    respond(&board_request, request, "csv", |snapshot, at| {
        let result = DecisionResult::new(&snapshot.board, at);
        let table = result::csv(&result, &snapshot.context.texts);
        download(html::text(table, CSV), snapshot.board.name(), "csv")
    })
    .await
}

#[handler]
pub(in crate::web) async fn json(board_request: BoardRequest, request: &Request) -> Response {
    respond(&board_request, request, "json", |snapshot, at| {
        let result = DecisionResult::new(&snapshot.board, at);
        let document = result::json(&result);
        download(html::text(document, JSON), snapshot.board.name(), "json")
    })
    .await
}

/// 304 if the browser already has this format of the result.
async fn respond(
    board_request: &BoardRequest,
    request: &Request,
    format: &str,
    write: impl FnOnce(&Rendering, Timestamp) -> Response,
) -> Response {
    let snapshot = board_request.read().await;
    let at = board::now();
    // A deadline closes a board without a new version.
    let is_closed = snapshot.board.closed(at).is_some();
    let suffix = format!("-result-{format}-{is_closed}");
    let etag = etag(board_request, &snapshot, &suffix);
    conditional(request, etag, || write(&snapshot, at))
}

/// The result as text, with the link to the board.
fn written(request: &BoardRequest, snapshot: &Rendering, at: Timestamp, syntax: Syntax) -> String {
    let result = DecisionResult::new(&snapshot.board, at);
    let link = request.board_link(snapshot);
    let link = link.as_ref().map(|link| link.url.as_str());
    result::text(&result, syntax, link, &snapshot.context.texts)
}

/// A response that the browser saves as a file.
fn download(mut response: Response, name: &Name, extension: &str) -> Response {
    let value: HeaderValue = attachment(name.as_str(), extension);
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, value);
    response
}
