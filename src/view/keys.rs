//! The keys of a board: the way to their list, and the list itself, which the page's script puts into the sheet. The keys are
//! the script's, so without it there is neither.

use maud::{Markup, html};

use super::{Site, feature::MENU_TITLE, fragment::close};

/// What each key does, in the order one learns them.
fn keys(site: &Site) -> [(&'static [&'static str], String); 10] {
    let (item, feature) = (&site.terms.item, &site.terms.feature);
    [
        (&["j", "k"], "Next row, row before".to_owned()),
        (&["v"], "Veto, or take the veto back".to_owned()),
        (&["m"], "Menu: rename, move, delete".to_owned()),
        (&["s"], format!("Suggest another {feature} here")),
        (&["n"], format!("Add a new {item}")),
        (&["u"], "Undo what you did last".to_owned()),
        (&["f"], "Choose what is shown".to_owned()),
        (&["h"], "History".to_owned()),
        (&["?"], "These keys".to_owned()),
        (&["Esc"], "Close".to_owned()),
    ]
}

/// The button for those who do not know the key, and what it shows.
pub(super) fn keys_of_board(site: &Site) -> Markup {
    html! {
        button #keys type="button" { "Keys" }
        template #keys-list {
            (close())
            section.menu.keys {
                h2 #(MENU_TITLE) { "Keys" }
                dl {
                    @for (keys, does) in keys(site) {
                        div {
                            dt { @for key in keys { kbd { (key) } " " } }
                            dd { (does) }
                        }
                    }
                }
                label { input type="checkbox" autocomplete="off"; "Keys are on" }
                p.hint { "They do nothing while you type." }
            }
        }
    }
}
