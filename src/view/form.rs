//! Parts that several forms share: the reason beside a field, the amount, the choice of an item.

use maud::{Markup, html};

use super::language::Texts;
use crate::model::{Amount, Board, ItemId};

/// The id of the form that edits the item or feature of the sheet.
pub const EDIT_FORM: &str = "edit-form";

/// The ids of the elements that say why a field of an edit was rejected. The sheet shows one edit form at a time.
pub const EDIT_REASON: &str = "edit-reason";
pub const EDIT_KIND_REASON: &str = "edit-kind-reason";
pub(super) const EDIT_NOTE_REASON: &str = "edit-note-reason";
pub const EDIT_AMOUNT_REASON: &str = "edit-amount-reason";

/// A field of an edit form as the browser sent it, for showing a rejected form again. The default: it was not sent.
#[derive(Default)]
pub struct SentField {
    pub value: Option<String>,
    /// What the field held when the person saw it. Forms of earlier versions do not say.
    pub was: Option<String>,
    pub reason: Option<String>,
}

impl SentField {
    /// The value to show: the one that was sent, or the current one.
    pub(super) fn shown<'a>(&'a self, current: &'a str) -> &'a str {
        self.value.as_deref().unwrap_or(current)
    }

    /// The hidden field that holds the value the person sees before editing.
    pub(super) fn was(&self, name: &'static str, current: &str) -> Markup {
        let was = match &self.value {
            None => Some(current),
            Some(_) => self.was.as_deref(),
        };
        html! { @if let Some(was) = was { input type="hidden" name=(name) value=(was); } }
    }
}

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
