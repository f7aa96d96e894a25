//! The short messages at the foot of the page: what was done, with Undo, or what went wrong.

use maud::{Markup, html};

use super::{Fragment, Site, Swap, words};
use crate::model::{Action, Edit, Event, Name, Note};

/// What was done, and the way back.
pub fn done(event: &Event, by: &Name, site: &Site) -> Markup {
    html! {
        div.toast {
            p { (words::sentence(by, &event.action, &site.terms)) }
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
    let veto = event.change.vetoes.iter().find_map(Edit::latest);
    html! {
        @if let Some(veto) = veto {
            a.say-why href=(site.to_feature(veto.feature, "")) data-row={ "feature-" (veto.feature) }
                aria-label={ "Say why you vetoed " (feature) } { "Say why" }
        }
    }
}

/// Something to know although nothing changed.
pub fn note(note: &Note) -> Markup {
    plain(&words::note(note))
}

/// Something went wrong.
pub fn failed(reason: &str) -> Markup {
    html! { div.toast.failed role="alert" { p { (reason) } } }
}

pub fn undo(event: i64, site: &Site) -> Markup {
    html! {
        form method="post" action=(site.to(&format!("/undo/{event}"))) { button { "Undo" } }
    }
}

/// A toast as a fragment of its own.
pub fn fragment(toast: Markup) -> Fragment {
    Fragment::new("#toasts", Swap::Append, toast.into_string())
}

fn plain(text: &str) -> Markup {
    html! { div.toast { p { (text) } } }
}
