//! Which things of a board are shown: chosen above them, and done by the stylesheet alone, which follows whatever changes. The
//! script counts, and remembers the choice.

use maud::{Markup, html};

use super::{Site, Texts};

/// What can be chosen: its value, its name, and what is said where there is nothing of it.
const CHOICES: [(&str, &str, Option<&str>); 4] = [
    ("all", "filter-all", None),
    ("fine", "filter-fine", Some("filter-no-fine")),
    ("mine", "filter-mine", Some("filter-no-mine")),
    ("vetoed", "filter-vetoed", Some("filter-no-vetoed")),
];

/// The choice, how much of the board it shows, and the way back where it shows nothing.
pub(super) fn filter(site: &Site) -> Markup {
    let texts = &site.texts;
    html! {
        fieldset #filter {
            legend.unseen { (texts.text("filter")) }
            @for (value, name, none) in CHOICES {
                label {
                    input type="radio" name="show" value=(value) checked[value == "all"] autocomplete="off"
                        data-none=[none.map(|none| texts.text(none))];
                    (texts.text(name))
                }
            }
        }
        p #shown {
            (counted(texts))
            button #show-all type="button" hidden { (texts.text("filter-show-all")) }
        }
    }
}

/// Where the script says how much is shown; it puts what it counts into the words given here.
fn counted(texts: &Texts) -> Markup {
    let part = |id| texts.pattern(id, &["here", "all"]);
    html! {
        output data-items=(part("filter-items")) data-free=(part("filter-free"))
            data-both=(texts.pattern("items-and-free", &["items", "free"]))
            data-shows=(texts.pattern("filter-shows", &["what"]))
            data-shows-again=(texts.pattern("filter-shows-again", &["name"])) {}
    }
}
