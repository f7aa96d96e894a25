//! Who is here.

use poem::{Response, handler};

use super::{menu::Menu, visit::Visit};
use crate::view;

#[handler]
pub(super) async fn show(visit: Visit) -> Response {
    let snapshot = visit.read().await;
    let list = view::presence::list(&visit.live.here().await, visit.texts());
    Menu::of(&snapshot, list).answer(&visit)
}
