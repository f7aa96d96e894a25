//! Who one is here: the name, how to change it and to take it along, and "That's me".

use maud::{Markup, html};

use super::{Site, Texts, feature::reason, language::message, personal_link};
use crate::model::{Identity, Name};

/// The id of the place for the reason why a name is refused.
const REASON: &str = "me-reason-text";

/// The reason a name was refused, and what can be done.
pub struct NameForm<'a> {
    pub name: &'a str,
    pub reason: String,
    /// The name is somebody's who may be this very person, and how far that is believed.
    pub taken: Option<Identity>,
}

/// Who this browser is on this board, or could be: `remembered` is the name last chosen anywhere.
pub fn me(
    name: Option<&Name>,
    remembered: Option<&str>,
    form: Option<&NameForm>,
    site: &Site,
) -> Markup {
    let value = form
        .map(|form| form.name)
        .or(name.map(Name::as_str))
        .or(remembered)
        .unwrap_or_default();
    let texts = &site.texts;
    html! {
        details #me open[form.is_some()] {
            (self::name(name, texts))
            div.panel {
                form method="post" action=(site.to("/participant")) {
                    label {
                        (texts.text("me-name"))
                        input name="name" value=(value) required autocomplete="nickname" aria-describedby=(REASON);
                    }
                    button { (texts.text("save")) }
                }
                (refused(form, site))
                @if name.is_some() { (personal_link::link(site)) }
            }
        }
    }
}

/// Who this browser is, as the head of the page says it.
pub fn name(name: Option<&Name>, texts: &Texts) -> Markup {
    let said = match name {
        Some(name) => message("me").name("name", name),
        None => message("me-ask"),
    };
    html! { summary #me-name { (texts.markup(said)) } }
}

/// Why the name cannot be, with the way for someone who comes back on another phone.
pub fn refused(form: Option<&NameForm>, site: &Site) -> Markup {
    html! {
        div #me-reason {
            (reason(REASON, form.map(|form| form.reason.as_str())))
            @if let Some(form) = form {
                @match form.taken {
                    Some(Identity::Open) => (claim(form.name, site)),
                    Some(Identity::Claimed) => p.hint { (site.texts.text("me-elsewhere")) },
                    None => {},
                }
            }
        }
    }
}

fn claim(name: &str, site: &Site) -> Markup {
    html! {
        form method="post" action=(site.to("/participant")) {
            input type="hidden" name="name" value=(name);
            input type="hidden" name="claim" value="1";
            button { (site.texts.text("me-claim")) }
        }
    }
}
