//! Parts that several forms share: the reason beside a field, the amount, the choice of an item.

use maud::{Markup, html};

use super::language::Texts;
use crate::model::{Amount, Board, ItemId};

/// The id of the element that says why an edit was rejected. The sheet shows one edit form at a time.
pub const EDIT_REASON: &str = "edit-reason";

/// The element beside a field that says why its value was rejected.
pub(super) fn reason(id: &str, reason: Option<&str>) -> Markup {
    html! { p.reason #(id) role="alert" { (reason.unwrap_or_default()) } }
}

/// The choice of an amount. `described_by` is the id of the text that says what it is for.
pub(super) fn amounts(chosen: &str, described_by: Option<&str>, texts: &Texts) -> Markup {
    html! {
        select name="amount" aria-label=(texts.text("amount")) aria-describedby=[described_by] {
            @for amount in 1..=Amount::MAX.get() {
                option value=(amount) selected[chosen == amount.to_string()] { "×" (amount) }
            }
        }
    }
}

/// An option for every item of the board except `excluded`.
pub(super) fn item_options(board: &Board, excluded: Option<ItemId>) -> Markup {
    html! {
        @for item in board.items().filter(|item| Some(item.id) != excluded) {
            option value=(item.id) { (item.name) }
        }
    }
}
