//! The pages and their fragments, in maud: one function per thing, used by page and fragment alike.
//! Knows the model only; never asks a database, never sees a request.

mod action;
pub mod board;
pub mod boards;
pub mod connection;
pub mod error;
pub mod feature;
mod filter;
pub mod fragment;
mod heard;
pub mod history;
pub mod item;
mod keys;
pub mod language;
mod layout;
pub mod login;
pub mod manifest;
mod order;
pub mod participant;
pub mod personal_link;
pub mod presence;
mod qr;
mod refusal;
pub mod share;
pub mod stream;
mod terms;
pub mod toast;
pub mod wall;

pub use feature::EDIT_REASON;
pub use fragment::{Fragment, Swap};
pub use language::{ByLanguage, Language, Languages, Message, Texts};
pub use layout::Page;
pub use refusal::{amount_reason, name_reason, refusal};
pub use terms::{Site, Terms};

use maud::{Markup, html};

use crate::model::Name;

/// A name as text that keeps its own direction to itself.
fn bdi(name: &Name) -> Markup {
    html! { bdi { (name) } }
}
