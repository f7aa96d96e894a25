//! When a board is deleted because nothing changes on it any more.

use chrono::TimeDelta;

use crate::{
    board::now,
    model::{Board, Timestamp},
    web::request::board_request::BoardRequest,
};

/// How long before it is deleted a board says so.
const ANNOUNCED_FOR: TimeDelta = TimeDelta::days(30);

/// When the board is deleted, if that is soon. A board without any event does not say: it has nothing to lose.
pub(in crate::web) fn shown(request: &BoardRequest, board: &Board) -> Option<Timestamp> {
    let idle = request.app.board_expiry?;
    let at = board.last_event_at()?.checked_add_signed(idle)?;
    (!board.slug.is_main() && at - ANNOUNCED_FOR <= now()).then_some(at)
}
