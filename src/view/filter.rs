//! The filter of a board. The style sheet alone hides rows, so the filter follows every change; the script counts what is
//! shown and remembers the choice.

use maud::{Markup, html};

use super::{context::BoardContext, language::Texts};

/// The choices: value, label, and the text shown if nothing matches.
const CHOICES: [(&str, &str, Option<&str>); 4] = [
    ("all", "filter-all", None),
    ("fine", "filter-fine", Some("filter-no-fine")),
    ("mine", "filter-mine", Some("filter-no-mine")),
    ("vetoed", "filter-vetoed", Some("filter-no-vetoed")),
];

/// The choice, the count, and the button that shows everything again.
pub(super) fn filter(context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        (search(texts))
        fieldset #filter {
            legend.visually-hidden { (texts.text("filter")) }
            @for (value, name, none) in CHOICES {
                label {
                    input type="radio" name="show" value=(value) checked[value == "all"] autocomplete="off"
                        data-none=[none.map(|none| texts.text(none))];
                    (texts.text(name))
                }
            }
        }
        p #shown {
            (counts(texts))
            button #show-all type="button" hidden { (texts.text("filter-show-all")) }
        }
    }
}

/// The search field. The script searches, so without JavaScript it is hidden; the style sheet shows it on large boards only.
fn search(texts: &Texts) -> Markup {
    html! {
        label.search hidden {
            span.visually-hidden { (texts.text("search")) }
            input #search type="search" placeholder=(texts.text("search-placeholder")) autocomplete="off" enterkeyhint="search";
        }
    }
}

/// The element in which the script shows its counts, with the patterns for them.
fn counts(texts: &Texts) -> Markup {
    let count = |id| texts.pattern(id, &["here", "all"]);
    html! {
        output data-items=(count("filter-items")) data-free=(count("filter-free"))
            data-both=(texts.pattern("filter-items-and-free", &["items", "free"]))
            data-no-match=(texts.text("filter-no-match"))
            data-shows=(texts.pattern("filter-shows", &["what"]))
            data-shows-again=(texts.pattern("filter-shows-again", &["name"])) {}
    }
}
