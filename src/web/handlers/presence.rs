//! The people of a board: who is present, and how they stand to the decision.

use poem::{Response, handler, http::HeaderValue};

use crate::{
    board::now,
    view,
    web::{
        request::board_request::BoardRequest,
        response::{sheet::SheetContent, version_header::VERSION},
    },
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    // Before the board is read: another process may report a new participant before the event that added them is applied here.
    let viewers = request.handle.presence(&request.browser).await;
    let snapshot = request.read().await;
    let list = view::people::list(&snapshot.board, now(), &viewers, &snapshot.context);
    let mut response = SheetContent::new(&snapshot, list).respond(&request);
    if !request.wants_fragments {
        // A tab in the background asks for it.
        let version = HeaderValue::from(snapshot.board.version());
        response.headers_mut().insert(VERSION, version);
    }
    response
}
