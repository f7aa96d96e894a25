//! Webhooks: the endpoints, and how far the log of each board was delivered to each of them. Not part of the history.

mod backlog;
mod cursors;
mod deadlines;
mod endpoints;
mod histories;

pub use backlog::{Backlog, backlog};
pub use cursors::{
    BoardState, Cursor, add_missing_cursors, agreed_events, board_state, due_boards, retry_now,
    save_cursors,
};
pub use deadlines::boards_past_deadline;
pub(super) use endpoints::lock_endpoints;
pub use endpoints::{
    Endpoint, disable, enable, endpoint, endpoints, register, release, remove, take_lease,
};
pub use histories::restart;
pub(super) use histories::{keep_positions, skip_history};
