//! The choice of a language by hand, for whom the browser's own settings do not suit.

use maud::{Markup, html};

use super::Language;
use crate::view::Site;

/// Each language by its own name. Chosen, it holds for all boards of this browser.
pub(in crate::view) fn choice(site: &Site) -> Markup {
    let texts = &site.texts;
    html! {
        form.languages method="post" action=(site.to("/language")) hx-boost="false" aria-label=(texts.text("languages")) {
            @for language in Language::ALL {
                @let now = language == texts.language;
                button name="language" value=(language.tag()) lang=(language.tag()) aria-current=[now.then_some("true")] {
                    (language.name())
                }
            }
        }
    }
}
