//! Names that people typed, each isolated so that its writing direction does not affect the text around it.

use maud::{Markup, html};

use crate::model::Name;

/// One isolated name.
pub(super) fn bdi(name: &Name) -> Markup {
    html! { bdi { (name) } }
}

/// A list of names, separated by commas.
pub(super) fn comma_separated(names: &[Name]) -> Markup {
    html! {
        @for (n, name) in names.iter().enumerate() {
            @if n > 0 { ", " }
            (bdi(name))
        }
    }
}
