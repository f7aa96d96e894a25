//! Extractors: what handlers read from a request.

pub(super) mod board_maker;
pub(super) mod board_request;
pub(super) mod browser_token;
pub(super) mod cookies;
pub(super) mod edited_field;
pub(super) mod edited_settings;
pub(super) mod flash;
pub(super) mod form_fields;
pub(super) mod htmx;
pub(crate) mod language_preference;
pub(super) mod pasted;
pub(super) mod unrecognized;
