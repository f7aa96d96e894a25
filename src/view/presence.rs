//! Who looks at a board: how many as a word in the head of the page, by name on demand.

use maud::{Markup, html};

use super::{Site, bdi, board::count, feature::MENU_TITLE};
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
    html! {
        a #presence href=(site.to("/presence")) {
            @match count {
                Some(count) => { (count) " here" },
                None => "Who is here?",
            }
        }
    }
}

/// Everyone who is here.
pub fn list(here: &Here) -> Markup {
    html! {
        section.menu {
            h2 #(MENU_TITLE) { (here.count()) " here" }
            @if here.count() == 0 { p.hint { "Nobody has this board open right now." } }
            ul.people {
                @for name in &here.names { li { (bdi(name)) } }
                @if here.others > 0 { li.hint { "and " (here.others) " more" } }
                @if here.guests > 0 {
                    li.hint { (count(here.guests, "guest", "guests")) ", without a name so far" }
                }
            }
        }
    }
}
