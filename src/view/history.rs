//! The history: every event of a board as a sentence, newest first, each with Undo. The sentences name people and things as they
//! were called at that time; whoever is called otherwise today has that name beside the time.

use maud::{Markup, html};

use super::{
    action,
    context::BoardContext,
    language::{Texts, message},
    layout::{Page, back},
    time::time,
    title::title,
    toast,
};
use crate::model::{Board, EventSummary, Name};

/// One event of the history.
pub struct HistoryEntry {
    pub event: EventSummary,
    /// The current name of the actor, if it is another one than at that time.
    pub now: Option<Name>,
    /// The number of the event that undid this one.
    pub undone_by: Option<i64>,
    /// Whether the reader may undo it.
    pub may_undo: bool,
}

/// A page of the history; the next page starts below event number `older`. A participant may also undo and redo their own
/// changes one by one, if the board is open.
pub fn page(
    board: &Board,
    entries: &[HistoryEntry],
    older: Option<i64>,
    by_participant: bool,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let home = context.urls.home();
    let main = html! {
        h2 { (texts.text("history")) }
        @if entries.is_empty() { p.empty { (texts.text("history-empty")) } }
        @if by_participant { (own_changes(context)) }
        ol.history {
            @for entry in entries { (row(entry, context)) }
        }
        @if let Some(older) = older {
            p.back { a rel="next" href=(context.urls.history_before(older)) hx-boost="false" { (texts.text("history-older")) } }
        }
    };
    Page::new(
        texts.text(message("history-title").text("board", title(board))),
        texts,
    )
    .head(html! { link rel="alternate" type="application/atom+xml" href=(context.urls.feed()); })
    .header(html! {
        h1 { a href=(home) hx-boost="false" { (title(board)) } }
        nav { (back(&home, texts)) }
    })
    .main(main)
    .render()
}

/// The buttons for the reader's own last change, as the keyboard shortcuts of the board.
fn own_changes(context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        div.own-changes {
            form method="post" action=(context.urls.undo_last()) { button { (texts.text("undo-last")) } }
            form method="post" action=(context.urls.redo_last()) { button { (texts.text("redo-last")) } }
        }
    }
}

fn row(entry: &HistoryEntry, context: &BoardContext) -> Markup {
    let event = &entry.event;
    let texts = &context.texts;
    html! {
        li.event id={ "event-" (event.number) } {
            div.when {
                (time(event.at, texts))
                @if let Some(now) = &entry.now {
                    " " span.now { (texts.markup(message("history-now").name("name", now))) }
                }
            }
            p { (action::sentence(&event.actor.name, &event.action, texts)) }
            @match entry.undone_by {
                Some(number) => span.undone { (undone_by(number, texts)) },
                None if entry.may_undo => (toast::undo_form(event, context)),
                None => {},
            }
        }
    }
}

fn undone_by(number: i64, texts: &Texts) -> Markup {
    let link = html! { a href={ "#event-" (number) } hx-boost="false" { (number) } };
    texts.markup_around("history-undone", &[("event", link)])
}
