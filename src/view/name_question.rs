//! The question for a name, after the first action of somebody who has not chosen one. The page has an empty element for it; the
//! response to that action fills it, or the page to which that action redirects.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    language::message,
    participant::{NameForm, rejected},
};
use crate::model::Name;

/// The id of the element that says why a name was rejected.
pub const REASON: &str = "ask-reason";

/// The question, asked on a page.
#[derive(Default)]
pub struct NameQuestion<'a> {
    /// The name that this browser last chose on any board.
    pub remembered: Option<&'a str>,
    /// The answer, if it was rejected.
    pub rejected: Option<NameForm<'a>>,
}

/// The element for the question; empty without one. `me` is the participant's name.
pub(super) fn place(
    me: Option<&Name>,
    question: Option<&NameQuestion>,
    context: &BoardContext,
) -> Markup {
    html! {
        div #ask-name aria-live="polite" {
            @if let (Some(me), Some(question)) = (me, question) { (content(me, question, context)) }
        }
    }
}

/// The question. Without JavaScript it is closed by loading the page again.
pub fn content(me: &Name, question: &NameQuestion, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let form = question.rejected.as_ref();
    let value = form.map(|form| form.name).or(question.remembered);
    html! {
        form method="post" action=(context.urls.participant()) data-name=(me) {
            label {
                span { (texts.markup(message("ask-name").name("name", me))) }
                input name="name" value=(value.unwrap_or_default()) required autocomplete="nickname"
                    aria-describedby={ (REASON) "-text" };
            }
            input type="hidden" name="asked" value="1";
            button { (texts.text("ask-name-save")) }
            a.not-now href=(context.urls.home()) hx-boost="false" { (texts.text("ask-name-later")) }
        }
        (rejected(REASON, form, context))
    }
}
