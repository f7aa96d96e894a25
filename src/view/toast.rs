//! The short messages at the foot of the page: what was done, with Undo, or what went wrong.

use maud::{Markup, html};

use super::{Fragment, Message, Site, Swap, Texts, action, language::message};
use crate::model::{Action, Amount, Edit, Event, Name, Note};

/// Where they stand, and what the script has to say by itself.
pub(super) fn place(toasts: &Markup, texts: &Texts) -> Markup {
    html! {
        div #toasts role="status" aria-live="polite"
            data-not-ours=(texts.text("not-ours")) data-unreachable=(texts.text("unreachable"))
            data-no-answer=(texts.text("no-answer")) data-offline=(texts.text("you-are-offline")) { (toasts) }
    }
}

/// What was done, and the way back.
pub fn done(event: &Event, by: &Name, site: &Site) -> Markup {
    html! {
        div.toast {
            p { (action::sentence(by, &event.action, &site.texts)) }
            (say_why(event, site))
            (undo(event.number, site))
        }
    }
}

/// The way to the form where one says why, after a veto that does not. The script finds the way back by the row.
fn say_why(event: &Event, site: &Site) -> Markup {
    let Action::Vetoed {
        feature,
        reason: None,
        ..
    } = &event.action
    else {
        return html! {};
    };
    let texts = &site.texts;
    let veto = event.change.vetoes.iter().find_map(Edit::latest);
    html! {
        @if let Some(veto) = veto {
            a.say-why href=(site.to_feature(veto.feature, "")) data-row={ "feature-" (veto.feature) }
                aria-label=(texts.text(message("say-why-named").name("name", feature))) { (texts.text("say-why")) }
        }
    }
}

/// Something to know although nothing changed.
pub fn note(note: &Note, texts: &Texts) -> Markup {
    let said = match note {
        Note::Full(feature) => message("full")
            .name("feature", feature)
            .number("most", Amount::MAX.get()),
    };
    html! { div.toast { p { (texts.markup(said)) } } }
}

/// Something went wrong.
pub fn failed(reason: Message, texts: &Texts) -> Markup {
    html! { div.toast.failed role="alert" { p { (texts.markup(reason)) } } }
}

pub fn undo(event: i64, site: &Site) -> Markup {
    html! {
        form method="post" action=(site.to(&format!("/undo/{event}"))) { button { (site.texts.text("undo")) } }
    }
}

/// A toast as a fragment of its own.
pub fn fragment(toast: Markup) -> Fragment {
    Fragment::new("#toasts", Swap::Append, toast.into_string())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Language, Terms},
        *,
    };

    #[test]
    fn what_there_is_to_know_can_be_said_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language, Terms::usual(language));
            let full = Note::Full(Name::stored("Ada".to_owned()));
            assert!(note(&full, &texts).into_string().contains("Ada"));
        }
    }
}
