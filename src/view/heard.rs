//! Where those who do not see the board hear what others change on it. The script says it, with the words given here.

use maud::{Markup, html};

/// The place, and its sentences: `{name}` and the like stand for what the rows themselves say.
pub(super) fn heard() -> Markup {
    html! {
        p.unseen #heard role="status"
            data-new="New: {name}" data-new-on="New on {item}: {name}"
            data-vetoed="{name}: {vetoers}" data-unvetoed="{name}: not vetoed any more"
            data-renamed="{old} is now {name}" data-changed="Changed: {name}" data-moved="Moved: {name}"
            data-gone="Gone: {name}"
            data-many="Changes on the board: {number}" data-much="Much has changed on the board" {}
    }
}
