//! The board's link, to be handed on.

use poem::{Response, Result, handler, http::StatusCode};

use super::{error::Problem, menu::Menu, visit::Visit};
use crate::view;

#[handler]
pub(super) async fn show(visit: Visit) -> Result<Response> {
    let snapshot = visit.read().await;
    let link = visit.link(&snapshot).ok_or_else(no_host)?;
    let panel = view::share::panel(&snapshot.board, &link, &snapshot.site);
    Ok(Menu::of(&snapshot, panel).answer(&visit))
}

pub(super) fn no_host() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "share-no-host")
}
