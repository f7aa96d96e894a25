//! The result of a board in each of its formats: as a page, as text and Markdown to paste, as CSV and JSON to download.

mod csv;
mod document;
mod json;
mod markdown;
mod page;
mod text;
mod veto_note;

pub use csv::csv;
pub use document::Syntax;
pub use json::{ResultJson, json};
pub use page::page;
pub use text::text;
