//! The sheet: the one dialog of every page, which shows everything that can be done with one item, feature or link. Its
//! content is also served as a page, for browsers without JavaScript.

use maud::{Markup, html};

use super::language::Texts;

/// The id of the heading of the sheet's content, which labels the dialog.
pub(super) const SHEET_TITLE: &str = "sheet-title";

/// The empty dialog, with the texts that the script shows in it.
pub(super) fn dialog(texts: &Texts) -> Markup {
    html! {
        dialog #sheet aria-labelledby=(SHEET_TITLE)
            data-changed=(texts.text("sheet-outdated")) data-refresh=(texts.text("sheet-refresh")) {}
    }
}

/// The button that closes the sheet.
pub(super) fn close_button(texts: &Texts) -> Markup {
    html! {
        form.close method="dialog" { button aria-label=(texts.text("close")) { "×" } }
    }
}
