//! The keys of a board: the way to their list, and the list itself, which the page's script puts into the sheet. The keys are
//! the script's, so without it there is neither.

use maud::{Markup, html};

use super::{Site, feature::MENU_TITLE, fragment::close};

/// What each key does, in the order one learns them.
const KEYS: [(&[&str], &str); 10] = [
    (&["j", "k"], "key-rows"),
    (&["v"], "key-veto"),
    (&["m"], "key-menu"),
    (&["s"], "key-suggest"),
    (&["n"], "key-new"),
    (&["u"], "key-undo"),
    (&["f"], "key-filter"),
    (&["h"], "history"),
    (&["?"], "key-keys"),
    (&["Esc"], "close"),
];

/// The button for those who do not know the key, and what it shows.
pub(super) fn keys_of_board(site: &Site) -> Markup {
    let texts = &site.texts;
    html! {
        button #keys type="button" { (texts.text("keys")) }
        template #keys-list {
            (close(texts))
            section.menu.keys {
                h2 #(MENU_TITLE) { (texts.text("keys")) }
                dl {
                    @for (keys, does) in KEYS {
                        div {
                            dt { @for key in keys { kbd { (key) } " " } }
                            dd { (texts.text(does)) }
                        }
                    }
                }
                label { input type="checkbox" autocomplete="off"; (texts.text("keys-on")) }
                p.hint { (texts.text("keys-hint")) }
            }
        }
    }
}
