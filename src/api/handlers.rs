//! The handlers: one file for each noun in the routes.

pub(super) mod board;
pub(super) mod boards;
pub(super) mod closing;
pub(super) mod consent;
pub(super) mod features;
pub(super) mod items;
pub(super) mod login;
pub(super) mod participants;
pub(super) mod vetoes;
