//! The history of a board, and undo.

use poem::{Response, Result, handler, http::StatusCode};

use crate::{
    board::{Rendering, now},
    model::{Action, Direction, EventSummary, Name},
    store,
    view::{self, history::HistoryEntry},
    web::{
        error::HttpError,
        request::board_request::BoardRequest,
        response::{command_outcome, html, undo_right::may_undo},
    },
};

/// Events on one page of the history.
const PAGE_SIZE: usize = 50;

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let snapshot = request.read().await;
    let before = request
        .query("before")
        .and_then(|number| number.parse().ok());
    let before = before.unwrap_or(i64::MAX);
    let database = request.app.boards.database();
    let limit = PAGE_SIZE as i64 + 1;
    let events = store::summaries_before(database, snapshot.board.id, before, limit).await;
    let mut events = events.map_err(|error| HttpError::from(&error))?;
    let has_more = events.len() > PAGE_SIZE;
    events.truncate(PAGE_SIZE);
    let older = events
        .last()
        .filter(|_| has_more)
        .map(|last| last.event.number);
    let entries: Vec<HistoryEntry> = events
        .into_iter()
        .map(|entry| HistoryEntry {
            now: name_today(&snapshot, &entry.event),
            may_undo: may_undo(&request, &snapshot, &entry),
            event: entry.event,
            undone_by: entry.undone_by,
        })
        .collect();
    let page = view::history::page(
        &snapshot.board,
        &entries,
        older,
        request.viewer(&snapshot).is_some() && snapshot.board.closed(now()).is_none(),
        &snapshot.context,
    );
    Ok(html::page(page.into_string()))
}

/// The actor's current name, if it differs from the one at the time of the event.
fn name_today(snapshot: &Rendering, event: &EventSummary) -> Option<Name> {
    let name = &snapshot.board.participant(event.actor.id)?.name;
    let is_told = match &event.action {
        Action::Renamed { to, .. } => to == name,
        _ => false,
    };
    (*name != event.actor.name && !is_told).then(|| name.clone())
}

#[handler]
pub(in crate::web) async fn undo(request: BoardRequest) -> Result<Response> {
    Ok(undo_event(&request, request.id()?).await?)
}

#[handler]
pub(in crate::web) async fn undo_last(request: BoardRequest) -> Result<Response> {
    Ok(undo_or_redo_last(&request, Direction::Undo).await?)
}

#[handler]
pub(in crate::web) async fn redo_last(request: BoardRequest) -> Result<Response> {
    Ok(undo_or_redo_last(&request, Direction::Redo).await?)
}

/// Undoes or redoes the last change of this browser's participant, as the log says: it is the same for all tabs, browsers and
/// processes. If something stands in the way, the response says what, and nothing else is undone instead.
async fn undo_or_redo_last(
    request: &BoardRequest,
    direction: Direction,
) -> Result<Response, HttpError> {
    let database = request.app.boards.database();
    let board = request.handle.id();
    let mut conflict: Option<(i64, HttpError)> = None;
    loop {
        let last = store::last_change(database, board, &request.browser, direction).await;
        let last = last.map_err(|error| HttpError::from(&error))?;
        match (last, conflict) {
            // Otherwise the same participant has undone or redone it meanwhile, and means the next one.
            (Some(number), Some((tried, error))) if number == tried => return Err(error),
            (Some(number), _) => match undo_event(request, number).await {
                Err(error) if error.status == StatusCode::CONFLICT => {
                    conflict = Some((number, error));
                }
                result => return result,
            },
            (None, _) => {
                let reason = match direction {
                    Direction::Undo => "undo-nothing",
                    Direction::Redo => "redo-nothing",
                };
                return Err(HttpError::new(StatusCode::CONFLICT, reason));
            }
        }
    }
}

/// Undoes an event; if that is an undo, redoes what it undid.
async fn undo_event(request: &BoardRequest, number: i64) -> Result<Response, HttpError> {
    let boards = &request.app.boards;
    let event = boards.event_to_undo(request.handle.id(), number).await?;
    let outcome = request.execute(request.app.identity.undo(event)).await?;
    Ok(command_outcome::respond(request, &outcome, None))
}
