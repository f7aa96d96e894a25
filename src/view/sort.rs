//! The choice of how a board's items are sorted. The script sorts, so without JavaScript the choice is hidden.

use maud::{Markup, html};

use super::language::Texts;

/// The choice, and the button that sorts again after others have changed what the order depends on.
pub(super) fn order(texts: &Texts) -> Markup {
    html! {
        button #reapply-order type="button" hidden { (texts.text("order-again")) }
        label.order hidden {
            span.visually-hidden { (texts.text("order")) }
            select #order autocomplete="off" {
                option value="added" { (texts.text("order-added")) }
                option value="fewest" { (texts.text("order-fewest")) }
                option value="name" { (texts.text("order-name")) }
            }
        }
    }
}
