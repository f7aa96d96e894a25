//! The participant that this browser is: the name, the form that changes it, "That's me", and the personal link.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    form::reason,
    language::{Texts, message},
    personal_link,
};
use crate::model::{Identity, Name};

/// The id of the element that says why a name was rejected.
pub const REASON: &str = "me-reason";

/// A name form that was rejected.
pub struct NameForm<'a> {
    pub name: &'a str,
    pub reason: String,
    /// Set if another participant has the name: how this browser may become that participant.
    pub taken: Option<Identity>,
}

/// The panel with name and form. `remembered` is the name that this browser last chose on any board.
pub fn me(
    name: Option<&Name>,
    remembered: Option<&str>,
    form: Option<&NameForm>,
    context: &BoardContext,
) -> Markup {
    let value = form
        .map(|form| form.name)
        .or(name.map(Name::as_str))
        .or(remembered)
        .unwrap_or_default();
    let texts = &context.texts;
    html! {
        details #me open[form.is_some()] {
            (self::name(name, texts))
            div.panel {
                form method="post" action=(context.urls.participant()) {
                    label {
                        (texts.text("me-name"))
                        input name="name" value=(value) required autocomplete="nickname" aria-describedby={ (REASON) "-text" };
                    }
                    button { (texts.text("save")) }
                }
                (rejected(REASON, form, context))
                @if name.is_some() { (personal_link::link(context)) }
            }
        }
    }
}

/// The participant's name in the page's header.
pub fn name(name: Option<&Name>, texts: &Texts) -> Markup {
    let text = match name {
        Some(name) => message("me").name("name", name),
        None => message("me-ask"),
    };
    html! { summary #me-name { (texts.markup(text)) } }
}

/// Why the name was rejected and, if it is taken, how to continue as that participant. `id` is the id of this element.
pub fn rejected(id: &str, form: Option<&NameForm>, context: &BoardContext) -> Markup {
    let text = format!("{id}-text");
    html! {
        div #(id) {
            (reason(&text, form.map(|form| form.reason.as_str())))
            @if let Some(form) = form {
                @match form.taken {
                    Some(Identity::Open) => (claim(form.name, context)),
                    Some(Identity::Claimed) => p.hint { (context.texts.text("me-on-other-device")) },
                    None => {},
                }
            }
        }
    }
}

fn claim(name: &str, context: &BoardContext) -> Markup {
    html! {
        form method="post" action=(context.urls.participant()) {
            input type="hidden" name="name" value=(name);
            input type="hidden" name="claim" value="1";
            button { (context.texts.text("me-claim")) }
        }
    }
}
