//! Who is viewing a board, in this process and in all others.

pub(super) mod process_presence;
mod state;
pub(super) mod tracker;
