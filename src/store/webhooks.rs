//! Webhooks: the endpoints, and how far the log of each board was delivered to each of them. Not part of the history.

mod backlog;
mod cursors;
mod endpoints;

pub use backlog::{Backlog, backlog};
pub use cursors::{
    BoardState, Cursor, add_missing_cursors, agreed_events, board_state, due_boards, restart,
    retry_now, save_cursors,
};
pub(super) use cursors::{keep_positions, skip_history};
pub use endpoints::{
    Endpoint, disable, enable, endpoint, endpoints, register, release, take_lease,
};
