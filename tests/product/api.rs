//! The JSON API v1, as programs use it.

mod event_stream;
mod events;
mod program;
