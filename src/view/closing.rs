//! The content of the sheet that closes a board, or sets the deadline at which it closes by itself.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::{
    context::BoardContext,
    form::reason,
    language::message,
    outcome::reopen,
    sheet::SHEET_TITLE,
    time::{iso, time},
};
use crate::model::{Board, Item, ItemId, OutcomeText, Timestamp};

/// The ids of the elements that say why the forms were rejected.
pub const CLOSE_REASON: &str = "close-reason";
pub const DEADLINE_REASON: &str = "deadline-reason";

/// The forms as they were sent, if one of them was rejected.
#[derive(Default)]
pub struct ClosingForms {
    pub outcome: String,
    pub chosen: BTreeSet<ItemId>,
    pub close_reason: Option<String>,
    /// The time as it was sent, in UTC.
    pub at: Option<String>,
    pub deadline_reason: Option<String>,
}

impl ClosingForms {
    fn is_rejected(&self) -> bool {
        self.close_reason.is_some() || self.deadline_reason.is_some()
    }
}

/// The link at the foot of the board.
pub(super) fn link(context: &BoardContext) -> Markup {
    html! {
        p.back.closing-link { a.close-link href=(context.urls.close()) { (context.texts.text("closing")) } }
    }
}

/// The content of the sheet. A form that was rejected stays, even if the board is closed now.
pub fn panel(
    board: &Board,
    now: Timestamp,
    forms: &ClosingForms,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let is_open = board.closed(now).is_none();
    html! {
        section.menu.closing {
            h2 #(SHEET_TITLE) { (texts.text("closing")) }
            @if is_open || forms.is_rejected() {
                (close_form(board, forms, context))
                (deadline_form(board, forms, context))
            }
            @if !is_open {
                p.hint { (texts.text("closing-closed")) }
                (reopen(context))
            } @else if let Some(deadline) = board.deadline() {
                form method="post" action=(context.urls.reopen()) {
                    input type="hidden" name="deadline" value="none";
                    p.hint { (texts.markup_around("outcome-deadline", &[("at", time(deadline.at, texts))])) }
                    button.plain { (texts.text("closing-remove-deadline")) }
                }
            }
        }
    }
}

fn close_form(board: &Board, forms: &ClosingForms, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let (acceptable, others): (Vec<&Item>, Vec<&Item>) =
        board.items().partition(|item| board.is_acceptable(item.id));
    let is_chosen = |item: &&Item| forms.chosen.contains(&item.id);
    let unfolded = acceptable.is_empty() || others.iter().any(is_chosen);
    html! {
        form #close-form method="post" action=(context.urls.close()) autocomplete="off" {
            @if !acceptable.is_empty() {
                fieldset {
                    legend { (texts.text("closing-acceptable")) }
                    (choices(&acceptable, &forms.chosen))
                }
            }
            @if !others.is_empty() {
                details open[unfolded] {
                    summary { (texts.text(message("closing-others").count("count", others.len()))) }
                    fieldset aria-label=(texts.text("closing-vetoed")) { (choices(&others, &forms.chosen)) }
                }
            }
            label { (texts.text("closing-outcome"))
                textarea name="outcome" rows="3" maxlength=(OutcomeText::MAX) dir="auto" autocomplete="off"
                    placeholder=(texts.text("closing-outcome-optional")) aria-describedby=(CLOSE_REASON) { (forms.outcome) } }
            button { (texts.text("closing")) }
            (reason(CLOSE_REASON, forms.close_reason.as_deref()))
        }
    }
}

fn choices(items: &[&Item], chosen: &BTreeSet<ItemId>) -> Markup {
    html! {
        @for item in items {
            label.choice {
                input type="checkbox" name="chosen" value=(item.id) checked[chosen.contains(&item.id)];
                span { bdi { (item.name) } @if let Some(kind) = &item.kind { " " bdi.kind { (kind) } } }
            }
        }
    }
}

/// The field holds UTC. The script shows and sends the reader's local time instead, and hides the remark.
fn deadline_form(board: &Board, forms: &ClosingForms, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let current = board.deadline();
    let to_the_minute = current.map(|deadline| deadline.at.format("%Y-%m-%dT%H:%M").to_string());
    html! {
        form #deadline-form method="post" action=(context.urls.close()) autocomplete="off" {
            input type="hidden" name="deadline" value="1";
            label { (texts.text("closing-deadline"))
                input type="datetime-local" name="at" required aria-describedby={ "deadline-utc " (DEADLINE_REASON) }
                    value=[forms.at.as_ref().or(to_the_minute.as_ref())]
                    data-at=[current.filter(|_| forms.at.is_none()).map(|deadline| iso(deadline.at))]; }
            button.plain { (texts.text("closing-set-deadline")) }
            p.hint #deadline-utc { (texts.text("closing-utc")) }
            (reason(DEADLINE_REASON, forms.deadline_reason.as_deref()))
        }
    }
}

/// A menu of actions on a closed board: says that it is closed; the style sheet then hides the actions.
pub fn with_closed_note(menu: &Markup, context: &BoardContext) -> Markup {
    html! { (closed_note(context)) (menu) }
}

/// A menu that may be open when the board closes: the style sheet then shows that it is closed and hides the buttons, until the board
/// is open again. The fields stay with what was typed.
pub fn with_note_for_later(menu: &Markup, context: &BoardContext) -> Markup {
    html! {
        div role="status" { (closed_note(context)) }
        (menu)
    }
}

fn closed_note(context: &BoardContext) -> Markup {
    html! { p.hint.closed-note { (context.texts.text("closing-closed")) } }
}
