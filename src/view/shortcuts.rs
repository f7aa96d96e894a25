//! The keyboard shortcuts of a board: the button that lists them, and the list, which the script shows in the sheet. Without
//! JavaScript there are no shortcuts and the button is hidden.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    sheet::{SHEET_TITLE, close_button},
};

/// The keys and what each does, the most useful first.
const KEYS: [(&[&str], &str); 11] = [
    (&["j", "k"], "key-rows"),
    (&["v"], "key-veto"),
    (&["m"], "key-more"),
    (&["s"], "key-suggest"),
    (&["n"], "key-new"),
    (&["u"], "key-undo"),
    (&["Shift+U"], "key-redo"),
    (&["f"], "key-filter"),
    (&["h"], "history"),
    (&["?"], "key-shortcuts"),
    (&["Esc"], "close"),
];

/// The button and the template of the list.
pub(super) fn shortcuts(context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        button #keys type="button" { (texts.text("shortcuts")) }
        (own_changes(context))
        template #keys-list {
            (close_button(texts))
            section.menu.keys {
                h2 #(SHEET_TITLE) { (texts.text("shortcuts")) }
                dl {
                    @for (keys, action) in KEYS {
                        div {
                            dt { @for key in keys { kbd { (key) } " " } }
                            dd { (texts.text(action)) }
                        }
                    }
                }
                label { input type="checkbox" autocomplete="off"; (texts.text("shortcuts-on")) }
                p.hint { (texts.text("shortcuts-hint")) }
            }
        }
    }
}

/// The form behind the keys that undo and redo. It is one form, so that its requests are sent one after the other, in the order
/// of the keys.
fn own_changes(context: &BoardContext) -> Markup {
    let (texts, urls) = (&context.texts, &context.urls);
    html! {
        form #own-changes method="post" action=(urls.undo_last()) hx-sync="queue all" hidden {
            button { (texts.text("undo-last")) }
            button formaction=(urls.redo_last()) { (texts.text("redo-last")) }
        }
    }
}
