//! What the operator does with boards, by commands and in the background. It goes through the database, as the changes of another
//! process do: a process that serves the board notices it, by a notification or by comparing the board with the database.

pub(super) mod announce;
pub(super) mod close;
pub(super) mod delete;
pub(super) mod epoch;
pub(super) mod expiry;
pub(super) mod forget;
pub(super) mod leftovers;
