//! Responses: pages, fragments and redirects.

pub(super) mod actor_name;
pub(super) mod board_page;
pub(super) mod command_outcome;
pub(super) mod html;
mod large_page;
pub(super) mod print_page;
pub(super) mod redirect;
pub(super) mod sheet;
pub(super) mod version_header;
