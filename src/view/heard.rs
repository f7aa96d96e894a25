//! Where those who do not see the board hear what others change on it. The script says it, with the words given here.

use maud::{Markup, html};

use super::Texts;

/// The place, and its sentences, which the rows themselves complete.
pub(super) fn heard(texts: &Texts) -> Markup {
    let of_a_thing = |id| texts.pattern(id, &["name"]);
    html! {
        p.unseen #heard role="status"
            data-new=(of_a_thing("heard-new"))
            data-new-on=(texts.pattern("heard-new-on", &["item", "name"]))
            data-vetoed=(texts.pattern("heard-vetoed", &["name", "vetoers"]))
            data-unvetoed=(of_a_thing("heard-unvetoed"))
            data-renamed=(texts.pattern("heard-renamed", &["old", "name"]))
            data-changed=(of_a_thing("heard-changed"))
            data-moved=(of_a_thing("heard-moved"))
            data-gone=(of_a_thing("heard-gone"))
            data-many=(texts.pattern("heard-many", &["number"]))
            data-much=(texts.text("heard-much")) {}
    }
}
