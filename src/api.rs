//! The JSON API v1: everything a person can do, for programs. See `README.md` in this folder.
//!
//! A handler reads a [`Call`](call::Call), sends the same commands to a board as the forms do, and answers with resources. It
//! contains no SQL, no rules and no texts.

mod answer;
mod body;
mod call;
mod commands;
mod handlers;
mod openapi;
mod present;
mod problem;
mod reference;
mod resource;
mod resources;
mod routes;
mod token;

pub use openapi::document;
pub(crate) use problem::render_error;
pub(crate) use routes::add_routes;
