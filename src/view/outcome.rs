//! `#outcome`: what the board was closed with, or when it closes. At the top of the board, of the projector view, and of the pages
//! behind "More". Empty on an open board without a deadline. While it has `data-closed`, the style sheet hides what would change
//! the board.

use maud::{Markup, html};

use super::{
    action::name_list,
    context::BoardContext,
    fragment::{Fragment, Swap},
    language::{Texts, message},
    time::{iso, time},
};
use crate::model::{Action, Board, Closed, Deadline, Name, Timestamp};

/// The id of the heading that says what was decided.
const HEADING: &str = "outcome-heading";

/// The element at this time.
pub fn outcome(board: &Board, now: Timestamp, context: &BoardContext) -> Markup {
    match (board.closed(now), board.deadline()) {
        (Some(closed), _) => {
            let actions = html! {
                div.actions {
                    a href=(context.urls.to("/result")) hx-boost="false" { (context.texts.text("outcome-result")) }
                    (reopen(context))
                }
            };
            decided(&closed, board, Action::MAX_NAMES, &actions, &context.texts)
        }
        (None, Some(deadline)) => closes_later(deadline, now, context),
        (None, None) => html! { section #outcome {} },
    }
}

/// What the board was closed with, in full and with nothing to press. Empty for an open board.
pub(super) fn to_print(board: &Board, now: Timestamp, texts: &Texts) -> Markup {
    let closed = board.closed(now);
    closed.map_or_else(Markup::default, |closed| {
        decided(&closed, board, usize::MAX, &html! {}, texts)
    })
}

/// The fragment that updates the element.
pub fn fragment(board: &Board, now: Timestamp, context: &BoardContext) -> Fragment {
    let outcome = outcome(board, now, context).into_string();
    Fragment::new("#outcome", Swap::Morph, outcome)
}

/// Names at most `most` of the chosen items.
fn decided(closed: &Closed, board: &Board, most: usize, actions: &Markup, texts: &Texts) -> Markup {
    let chosen: Vec<Name> = closed
        .outcome
        .chosen
        .iter()
        .filter_map(|item| board.live_item(*item).ok())
        .map(|item| item.name.clone())
        .collect();
    let listed = chosen.len().min(most);
    let unlisted = chosen.len() - listed;
    let told_by = message(match closed.by_deadline {
        true => "outcome-by-deadline",
        false => "outcome-by",
    });
    html! {
        section #outcome data-closed aria-labelledby=(HEADING) {
            h2 #(HEADING) {
                @if chosen.is_empty() { (texts.text("outcome-closed")) }
                @else { (texts.markup_around("outcome-chosen", &[("chosen", name_list(&chosen[..listed], unlisted, texts))])) }
            }
            @if let Some(text) = &closed.outcome.text { p.sentence dir="auto" { (text) } }
            p.hint { (texts.markup_around(told_by.name("by", &closed.by), &[("at", time(closed.at, texts))])) }
            (actions)
        }
    }
}

/// The button that opens the board again.
pub(super) fn reopen(context: &BoardContext) -> Markup {
    html! {
        form method="post" action=(context.urls.reopen()) { button { (context.texts.text("reopen")) } }
    }
}

/// The script counts down from the server's time: the clock of a browser may be wrong.
fn closes_later(deadline: &Deadline, now: Timestamp, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let closes = texts.markup_around("outcome-deadline", &[("at", time(deadline.at, texts))]);
    html! {
        section #outcome aria-label=(texts.text("closing-deadline"))
            data-now=(iso(now)) data-deadline=(iso(deadline.at)) {
            p { (closes) " " b.clock data-in=(texts.pattern("outcome-in", &["time"])) {} }
            a.close-link href=(context.urls.close()) { (texts.text("outcome-change")) }
        }
    }
}
