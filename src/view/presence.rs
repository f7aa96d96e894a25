//! Who looks at a board: how many as a word in the head of the page, by name on demand.

use maud::{Markup, html};

use super::{Site, Texts, bdi, feature::MENU_TITLE, language::message};
use crate::model::Name;

/// Who is here: participants by name, and browsers that have done nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    pub names: Vec<Name>,
    /// More participants than are told by name.
    pub others: usize,
    pub guests: usize,
}

impl Here {
    /// How many people that are.
    pub fn count(&self) -> usize {
        self.names.len() + self.others + self.guests
    }
}

/// How many are here, if that is known: only a stream tells.
pub fn link(count: Option<usize>, site: &Site) -> Markup {
    let said = match count {
        Some(count) => message("here").count("count", count),
        None => message("here-ask"),
    };
    html! { a #presence href=(site.to("/presence")) { (site.texts.text(said)) } }
}

/// Everyone who is here.
pub fn list(here: &Here, texts: &Texts) -> Markup {
    let counted = |id, count| texts.text(message(id).count("count", count));
    html! {
        section.menu {
            h2 #(MENU_TITLE) { (counted("here", here.count())) }
            @if here.count() == 0 { p.hint { (texts.text("here-nobody")) } }
            ul.people {
                @for name in &here.names { li { (bdi(name)) } }
                @if here.others > 0 { li.hint { (counted("here-more", here.others)) } }
                @if here.guests > 0 { li.hint { (counted("here-guests", here.guests)) } }
            }
        }
    }
}
