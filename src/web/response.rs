//! Responses: pages, fragments and redirects.

pub(super) mod board_page;
pub(super) mod command_outcome;
pub(super) mod expiry;
pub(super) mod html;
mod large_page;
mod name_question;
pub(super) mod print_page;
pub(super) mod redirect;
pub(super) mod sheet;
pub(super) mod undo_right;
pub(super) mod version_header;
