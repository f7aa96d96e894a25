//! The history of a board as a feed.

use poem::{Request, Response, Result, handler};

use super::board::conditional;
use crate::{
    http::etag::{self, short_hash},
    store,
    view::feed::feed,
    web::{error::HttpError, request::board_request::BoardRequest, response::html},
};

const ATOM: &str = "application/atom+xml; charset=utf-8";

/// How many events the feed has at most.
const EVENTS: i64 = 50;

#[handler]
pub(in crate::web) async fn show(
    board_request: BoardRequest,
    request: &Request,
) -> Result<Response> {
    let snapshot = board_request.read().await;
    let board = &snapshot.board;
    let origin = board_request.link("").ok_or_else(HttpError::no_host)?.url;
    // The feed is the same for all who read it in one language at one address.
    let (version, epoch) = (board.version(), board.epoch);
    let build = &board_request.app.page_hash;
    let reader = short_hash(&[&origin, board_request.language.tag()]);
    let etag = format!("\"{version}-{epoch}-{build}-{reader}-feed\"");
    let entries = match etag::matches(request.headers(), &etag) {
        true => Vec::new(),
        false => {
            let database = board_request.app.boards.database();
            let before = version.saturating_add(1);
            let entries = store::summaries_before(database, board.id, before, EVENTS).await;
            entries.map_err(|error| HttpError::from(&error))?
        }
    };
    let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
    Ok(conditional(request, etag, || {
        html::text(feed(board, &events, &origin, &snapshot.context), ATOM)
    }))
}
