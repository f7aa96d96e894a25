//! Who is viewing a board: the count in the page's header, and the list of names on demand.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    language::{Texts, message},
    names::bdi,
    sheet::SHEET_TITLE,
};
use crate::model::Name;

/// The current viewers: participants by name, and browsers that have not done anything yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresenceView {
    pub names: Vec<Name>,
    /// The number of participants beyond those in `names`.
    pub others: usize,
    pub guests: usize,
}

impl PresenceView {
    /// The number of viewers.
    pub fn count(&self) -> usize {
        self.names.len() + self.others + self.guests
    }
}

/// The link in the page's header. The count is `None` until the stream sends it.
pub fn link(count: Option<usize>, context: &BoardContext) -> Markup {
    let text = match count {
        Some(count) => message("here").count("count", count),
        None => message("here-ask"),
    };
    html! { a #presence href=(context.urls.presence()) { (context.texts.text(text)) } }
}

/// The list of all viewers.
pub fn list(viewers: &PresenceView, texts: &Texts) -> Markup {
    let with_count = |id, count| texts.text(message(id).count("count", count));
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (with_count("here", viewers.count())) }
            @if viewers.count() == 0 { p.hint { (texts.text("here-nobody")) } }
            ul.people {
                @for name in &viewers.names { li { (bdi(name)) } }
                @if viewers.others > 0 { li.hint { (with_count("here-more", viewers.others)) } }
                @if viewers.guests > 0 { li.hint { (with_count("here-guests", viewers.guests)) } }
            }
        }
    }
}
