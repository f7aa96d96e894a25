//! Whether a page offers its reader to undo an event.

use crate::{
    board::{Rendering, now},
    model::{Action, Board, Event},
    store::LogEntry,
    web::request::board_request::BoardRequest,
};

/// Whether the reader may undo an event of the log. Events that are not loaded as a whole may be undone by anybody.
pub(in crate::web) fn may_undo(
    request: &BoardRequest,
    snapshot: &Rendering,
    entry: &LogEntry,
) -> bool {
    let is_own = |event: &Event| is_right_of_reader(request, snapshot, event);
    is_possible(&snapshot.board, &entry.event.action) && entry.whole.as_ref().is_none_or(is_own)
}

/// The same for an event that was just recorded.
pub(in crate::web) fn may_undo_event(
    request: &BoardRequest,
    snapshot: &Rendering,
    event: &Event,
) -> bool {
    is_possible(&snapshot.board, &event.action) && is_right_of_reader(request, snapshot, event)
}

fn is_right_of_reader(request: &BoardRequest, snapshot: &Rendering, event: &Event) -> bool {
    let viewer = request.viewer(snapshot);
    request
        .app
        .identity
        .may_undo(&snapshot.board, event, viewer)
}

/// On a closed board only what concerns the closing can be undone.
fn is_possible(board: &Board, action: &Action) -> bool {
    action.concerns_closing() || board.closed(now()).is_none()
}
