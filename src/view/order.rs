//! In which order the cards of a board stand: the script's alone, so without it there is no choice.

use maud::{Markup, html};

use super::Texts;

/// The choice, and the way back to it when others have changed what it goes by.
pub(super) fn order(texts: &Texts) -> Markup {
    html! {
        button #order-again type="button" hidden { (texts.text("order-again")) }
        label.order hidden {
            span.unseen { (texts.text("order")) }
            select #order autocomplete="off" {
                option value="added" { (texts.text("order-added")) }
                option value="fewest" { (texts.text("order-fewest")) }
                option value="name" { (texts.text("order-name")) }
            }
        }
    }
}
