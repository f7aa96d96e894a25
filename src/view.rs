//! Pages and fragments, rendered with maud. One function per element serves the page, the response and the stream.
//! Depends on the model only: no database, no HTTP types.

mod action;
mod announcer;
pub mod board;
pub mod boards;
pub mod connection;
mod context;
pub mod error;
pub mod feature;
mod filter;
mod form;
pub mod fragment;
pub mod history;
pub mod item;
pub mod language;
mod language_picker;
mod layout;
pub mod login;
pub mod manifest;
mod names;
pub mod participant;
pub mod personal_link;
pub mod presence;
pub mod projector;
mod qr;
mod rejection;
pub mod share;
mod share_link;
mod sheet;
mod shortcuts;
mod sort;
pub mod stream;
mod terminology;
mod time;
mod title;
pub mod toast;
pub mod url;
pub mod vetoes;

pub use context::BoardContext;
pub use form::{EDIT_AMOUNT_REASON, EDIT_FORM, EDIT_KIND_REASON, EDIT_REASON, SentField};
pub use fragment::{Fragment, Swap};
pub use language::{ByLanguage, Language, Languages, Message, Texts};
pub use layout::Page;
pub use rejection::{amount_reason, field_conflict, name_reason, rejection};
pub use share_link::ShareLink;
pub use terminology::Terminology;
