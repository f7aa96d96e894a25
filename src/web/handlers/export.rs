//! A board with its history as a file, for a person.

use std::io;

use futures_util::TryStreamExt;
use poem::{
    Body, Request, Response, Result, handler,
    http::{HeaderValue, header},
};

use super::board::conditional;
use crate::{
    http::attachment::attachment,
    transfer::{BoardExport, Browsers, file_of_board},
    web::{error::HttpError, request::board_request::BoardRequest, response::html},
};

const JSON_LINES: &str = "application/x-ndjson";

/// The same file as `savt export` writes, without the secrets of the browsers. It is read from the database while it is sent.
#[handler]
pub(in crate::web) async fn json(
    board_request: BoardRequest,
    request: &Request,
) -> Result<Response> {
    let snapshot = board_request.read().await;
    let board = &snapshot.board;
    let database = board_request.app.boards.database();
    let export = BoardExport::open(database, &board.slug, Browsers::Omitted).await;
    let export = export.map_err(|error| HttpError::from(&error))?;
    let export = export.ok_or_else(HttpError::no_such_board)?;
    let etag = format!("\"{}-{}-export\"", export.events(), export.epoch());
    let id = board.id;
    Ok(conditional(request, etag, || {
        // The file has no last line then, so that nobody takes it for whole.
        let pieces = file_of_board(export).map_err(move |error| {
            tracing::warn!(board = %id, %error, "an export ended early");
            io::Error::other(error)
        });
        let mut response = html::body(Body::from_bytes_stream(pieces), JSON_LINES);
        let value: HeaderValue = attachment(board.name().as_str(), "jsonl");
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
        response
    }))
}
