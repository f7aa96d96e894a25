//! Whether a page offers its reader to undo an event.

use crate::{board::Rendering, store::LogEntry, web::request::board_request::BoardRequest};

/// Whether the reader may undo an event of the log. Events that are not loaded as a whole may be undone by anybody.
pub(in crate::web) fn may_undo(
    request: &BoardRequest,
    snapshot: &Rendering,
    entry: &LogEntry,
) -> bool {
    let viewer = request.viewer(snapshot);
    let identity = request.app.identity;
    entry
        .whole
        .as_ref()
        .is_none_or(|event| identity.may_undo(&snapshot.board, event, viewer))
}
