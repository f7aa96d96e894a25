//! The participants who are present.

use poem::{Response, handler};

use crate::{
    view,
    web::{request::board_request::BoardRequest, response::sheet::SheetContent},
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Response {
    let snapshot = request.read().await;
    let list = view::presence::list(&request.handle.presence().await, request.texts());
    SheetContent::new(&snapshot, list).respond(&request)
}
