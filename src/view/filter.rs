//! Which things of a board are shown: chosen above them, and done by the stylesheet alone, which follows whatever changes. The
//! script counts, and remembers the choice.

use maud::{Markup, html};

use super::Site;

/// What can be chosen: its value, its name, and what is said where there is nothing of it.
fn choices(site: &Site) -> [(&'static str, &'static str, String); 4] {
    let terms = &site.terms;
    [
        ("all", "All", String::new()),
        (
            "fine",
            "Fine for everyone",
            format!(
                "No {} with {} is free of vetoes.",
                terms.item, terms.features
            ),
        ),
        (
            "mine",
            "My vetoes",
            format!("You have vetoed no {}.", terms.feature),
        ),
        (
            "vetoed",
            "Vetoed",
            format!("Nobody has vetoed any {}.", terms.feature),
        ),
    ]
}

/// The choice, how much of the board it shows, and the way back where it shows nothing.
pub(super) fn filter(site: &Site) -> Markup {
    html! {
        fieldset #filter {
            legend.unseen { "Show" }
            @for (value, name, none) in choices(site) {
                label {
                    input type="radio" name="show" value=(value) checked[value == "all"] autocomplete="off" data-none=(none);
                    (name)
                }
            }
        }
        p #shown {
            output data-items=(site.terms.items) data-free={ (site.terms.features) " for all" } {}
            button #show-all type="button" hidden { "Show all" }
        }
    }
}
