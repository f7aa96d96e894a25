//! The board's link, to share with others.

use poem::{Response, Result, handler};

use crate::{
    view,
    web::{error::HttpError, request::board_request::BoardRequest, response::sheet::SheetContent},
};

#[handler]
pub(in crate::web) async fn show(request: BoardRequest) -> Result<Response> {
    let snapshot = request.read().await;
    let link = request
        .board_link(&snapshot)
        .ok_or_else(HttpError::no_host)?;
    let panel = view::share::panel(&snapshot.board, &link, &snapshot.context);
    Ok(SheetContent::new(&snapshot, panel).respond(&request))
}
