//! The history: every event of a board in words, newest first, each with Undo.

use chrono::{Datelike, NaiveDateTime};
use maud::{Markup, html};

use super::{Page, Site, Texts, action, board::title, language::message, layout::back, toast};
use crate::model::{Board, Event, Name};

/// One event in the history: with the actor's name of today.
pub struct Entry {
    pub event: Event,
    pub by: Name,
    /// The number of the event that took this one back.
    pub undone_by: Option<i64>,
}

/// A page of the history; `older` is the number below which the next page begins.
pub fn page(board: &Board, entries: &[Entry], older: Option<i64>, site: &Site) -> Markup {
    let texts = &site.texts;
    let main = html! {
        h2 { (texts.text("history")) }
        @if entries.is_empty() { p.empty { (texts.text("history-empty")) } }
        ol.history {
            @for entry in entries { (row(entry, site)) }
        }
        @if let Some(older) = older {
            p.back { a rel="next" href=(site.to(&format!("/history?before={older}"))) hx-boost="false" { (texts.text("history-older")) } }
        }
    };
    Page::new(
        texts.text(message("history-title").text("board", title(board))),
        texts,
    )
    .header(html! {
        h1 { a href=(site.home()) hx-boost="false" { (title(board)) } }
        nav { (back(&site.home(), texts)) }
    })
    .main(main)
    .render()
}

/// One event as a row of the history.
pub fn row(entry: &Entry, site: &Site) -> Markup {
    let event = &entry.event;
    let texts = &site.texts;
    html! {
        li.event id={ "event-" (event.number) } {
            time datetime=(event.at.format("%Y-%m-%dT%H:%M:%SZ")) { (moment(event.at, texts)) }
            p { (action::sentence(&entry.by, &event.action, texts)) }
            @match entry.undone_by {
                Some(number) => span.undone { (undone_by(number, texts)) },
                None => (toast::undo(event.number, site)),
            }
        }
    }
}

fn undone_by(number: i64, texts: &Texts) -> Markup {
    let link = html! { a href={ "#event-" (number) } hx-boost="false" { (number) } };
    texts.markup_around("history-undone", &[("event", link)])
}

/// A moment to the minute, as it is written in a language. The page's script says it in the time of its place.
pub(super) fn moment(at: NaiveDateTime, texts: &Texts) -> String {
    let message = message("moment")
        .number("day", at.day())
        .number("month", at.month())
        .number("year", at.year())
        .text("time", at.format("%H:%M").to_string());
    texts.text(message).into_owned()
}
