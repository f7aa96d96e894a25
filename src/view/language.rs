//! Languages: which there are, which one a reader prefers, and the texts in each. Every text of a page is a message of Project
//! Fluent in `language/*.ftl`; the code refers to it by its id.

mod by_language;
mod languages;
mod message;
pub(super) mod supported;
mod texts;

pub use by_language::ByLanguage;
pub use languages::Languages;
pub use message::{Message, MessageArg, message};
pub use supported::Language;
pub use texts::Texts;
