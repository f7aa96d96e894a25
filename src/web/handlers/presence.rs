//! The participants who are present.

use poem::{Response, handler, http::HeaderValue};

use crate::{
    view,
    web::{
        request::board_request::BoardRequest,
        response::{sheet::SheetContent, version_header::VERSION},
    },
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    let snapshot = request.read().await;
    let list = view::presence::list(&request.handle.presence().await, request.texts());
    let mut response = SheetContent::new(&snapshot, list).respond(&request);
    if !request.wants_fragments {
        // A tab in the background asks for it.
        let version = HeaderValue::from(snapshot.board.version());
        response.headers_mut().insert(VERSION, version);
    }
    response
}
