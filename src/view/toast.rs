//! Toasts: short messages at the bottom of the page that report what happened, with Undo, or what went wrong.

use maud::{Markup, html};

use super::{
    action,
    context::BoardContext,
    fragment::{Fragment, Swap},
    language::{Message, Texts, message},
};
use crate::model::{Action, Amount, EventSummary, FeatureId, Notice};

/// The region that holds the toasts, with the errors that the script reports itself.
pub(super) fn region(toasts: &Markup, texts: &Texts) -> Markup {
    html! {
        div #toasts role="status" aria-live="polite"
            data-foreign-response=(texts.text("foreign-response")) data-unreachable=(texts.text("unreachable"))
            data-no-answer=(texts.text("no-response")) data-offline=(texts.text("not-sent-offline")) { (toasts) }
    }
}

/// What happened, with Undo if the reader may do that. `vetoed` is the feature, if the event is a veto.
pub fn event(
    event: &EventSummary,
    vetoed: Option<FeatureId>,
    may_undo: bool,
    context: &BoardContext,
) -> Markup {
    html! {
        div.toast.of-closing[event.action.concerns_closing()] id=(toast_id(event.number)) {
            p { (action::sentence(&event.actor.name, &event.action, &context.texts)) }
            (reason_link(&event.action, vetoed, context))
            @if may_undo { (undo_form(event, context)) }
        }
    }
}

/// After a veto without a reason, the link to the form for it. The script returns the focus to the row `data-row`.
fn reason_link(action: &Action, vetoed: Option<FeatureId>, context: &BoardContext) -> Markup {
    let Action::Vetoed {
        feature,
        reason: None,
        ..
    } = action
    else {
        return html! {};
    };
    let texts = &context.texts;
    html! {
        @if let Some(id) = vetoed {
            a.add-reason href=(context.urls.existing_veto(id)) data-row={ "feature-" (id) }
                aria-label=(texts.text(message("give-reason-named").name("name", feature))) { (texts.text("give-reason")) }
        }
    }
}

/// Why a command changed nothing although it was valid.
pub fn notice(notice: &Notice, texts: &Texts) -> Markup {
    let message = match notice {
        Notice::Full(feature) => message("feature-full")
            .name("feature", feature)
            .number("most", Amount::MAX.get()),
    };
    html! { div.toast { p { (texts.markup(message)) } } }
}

/// What went wrong.
pub fn error(reason: Message, texts: &Texts) -> Markup {
    html! { div.toast.failed role="alert" { p { (texts.markup(reason)) } } }
}

/// The button that undoes an event. To undo an undo is to redo.
pub(super) fn undo_form(event: &EventSummary, context: &BoardContext) -> Markup {
    let text = match event.action {
        Action::Undid { .. } => "redo",
        _ => "undo",
    };
    html! {
        form method="post" action=(context.urls.undo(event.number)) { button { (context.texts.text(text)) } }
    }
}

/// The id of the toast about an event.
fn toast_id(event: i64) -> String {
    format!("toast-{event}")
}

/// The fragment that removes the toast about an event that was undone.
pub fn removal(event: i64) -> Fragment {
    Fragment::removal(toast_id(event))
}

/// The fragment that adds a toast to the page.
pub fn fragment(toast: Markup) -> Fragment {
    Fragment::new("#toasts", Swap::Append, toast.into_string())
}

#[cfg(test)]
mod tests {
    use super::{
        super::{language::Language, terminology::Terminology},
        *,
    };
    use crate::model::Name;

    #[test]
    fn every_notice_has_a_text_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language, Terminology::default_for(language));
            let full = Notice::Full(Name::from_stored("Ada".to_owned()));
            assert!(notice(&full, &texts).into_string().contains("Ada"));
        }
    }
}
