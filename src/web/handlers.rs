//! The handlers: one file for each noun in the routes.

pub(crate) mod assets;
pub(super) mod board;
pub(super) mod boards;
pub(super) mod closing;
pub(super) mod consent;
pub(super) mod events;
pub(super) mod export;
pub(super) mod feature;
pub(super) mod feed;
pub(super) mod health;
pub(super) mod history;
pub(super) mod item;
pub(super) mod items;
pub(super) mod language;
pub(super) mod login;
pub(super) mod manifest;
pub(super) mod participant;
pub(super) mod personal_link;
pub(super) mod presence;
pub(super) mod print;
pub(super) mod projector;
pub(super) mod result;
pub(super) mod settings;
pub(super) mod share;
