//! The form that overrides the language preferred by the browser.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    language::{Language, Texts},
    url,
};

/// The picker on a board. The choice applies to every board in this browser.
pub(super) fn on_board(context: &BoardContext) -> Markup {
    form(&context.urls.language(), None, &context.texts)
}

/// The picker on the login page; the login still leads to `to`.
pub(super) fn on_login(to: &str, texts: &Texts) -> Markup {
    form(url::LANGUAGE, Some(url::login_then(to)), texts)
}

fn form(action: &str, to: Option<String>, texts: &Texts) -> Markup {
    html! {
        form.languages method="post" action=(action) hx-boost="false" aria-label=(texts.text("languages")) {
            @if let Some(to) = to { input type="hidden" name="to" value=(to); }
            @for language in Language::ALL {
                @let current = language == texts.language;
                button name="language" value=(language.tag()) lang=(language.tag()) aria-current=[current.then_some("true")] {
                    (language.name())
                }
            }
        }
    }
}
