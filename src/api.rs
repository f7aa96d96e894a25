//! The JSON API v1: everything a person can do, for programs. See `README.md` in this folder.
//!
//! A handler reads a [`Call`](call::Call), sends the same commands to a board as the forms do, and answers with resources. It
//! contains no SQL, no rules and no texts.

mod accept;
mod answer;
mod body;
mod call;
mod commands;
mod event_stream;
mod execution;
mod handler;
mod handlers;
mod once;
mod openapi;
mod present;
mod problem;
mod reference;
mod render;
mod resource;
mod resources;
mod routes;
mod token;

pub use openapi::document;
pub(crate) use render::render_error;
pub(crate) use resources::event::event_json;
pub(crate) use routes::add_routes;
