//! The announcer: a live region in which screen readers hear what others change. The script fills it, with the texts given
//! here.

use maud::{Markup, html};

use super::language::Texts;

/// The live region, with one pattern per kind of change.
pub(super) fn announcer(texts: &Texts) -> Markup {
    let with_name = |id| texts.pattern(id, &["name"]);
    html! {
        p.visually-hidden #announcer role="status"
            data-new=(with_name("announce-new"))
            data-new-on=(texts.pattern("announce-new-on", &["item", "name"]))
            data-vetoed=(texts.pattern("announce-vetoed", &["name", "vetoers"]))
            data-unvetoed=(with_name("announce-unvetoed"))
            data-renamed=(texts.pattern("announce-renamed", &["old", "name"]))
            data-changed=(with_name("announce-changed"))
            data-moved=(with_name("announce-moved"))
            data-gone=(with_name("announce-deleted"))
            data-many=(texts.pattern("announce-many", &["number"]))
            data-resynced=(texts.text("announce-reload")) {}
    }
}
