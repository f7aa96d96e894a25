//! The choice of a language by hand, for whom the browser's own settings do not suit.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Language;
use crate::view::{Site, Texts, login};

/// Each language by its own name. Chosen, it holds for all boards of this browser.
pub(in crate::view) fn choice(site: &Site) -> Markup {
    form(&site.to("/language"), None, &site.texts)
}

/// The same on the way in, which goes on to `to`.
pub(in crate::view) fn choice_on_the_way(to: &str, texts: &Texts) -> Markup {
    let to = utf8_percent_encode(to, NON_ALPHANUMERIC);
    form(
        "/language",
        Some(format!("{}?to={to}", login::ADDRESS)),
        texts,
    )
}

fn form(action: &str, to: Option<String>, texts: &Texts) -> Markup {
    html! {
        form.languages method="post" action=(action) hx-boost="false" aria-label=(texts.text("languages")) {
            @if let Some(to) = to { input type="hidden" name="to" value=(to); }
            @for language in Language::ALL {
                @let now = language == texts.language;
                button name="language" value=(language.tag()) lang=(language.tag()) aria-current=[now.then_some("true")] {
                    (language.name())
                }
            }
        }
    }
}
