//! The history: every event of a board in words, newest first, each with Undo.

use maud::{Markup, html};

use super::{Page, Site, board::title, layout::back, toast, words};
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
    let main = html! {
        h2 { "History" }
        @if entries.is_empty() { p.empty { "Nothing has happened yet." } }
        ol.history {
            @for entry in entries { (row(entry, site)) }
        }
        @if let Some(older) = older {
            p.back { a rel="next" href=(site.to(&format!("/history?before={older}"))) hx-boost="false" { "Older" } }
        }
    };
    Page::new(format!("History – {}", title(board)))
        .header(html! {
            h1 { a href=(site.home()) hx-boost="false" { (title(board)) } }
            nav { (back(&site.home())) }
        })
        .main(main)
        .render()
}

/// One event as a row of the history.
pub fn row(entry: &Entry, site: &Site) -> Markup {
    let event = &entry.event;
    html! {
        li.event id={ "event-" (event.number) } {
            time datetime=(event.at.format("%Y-%m-%dT%H:%M:%SZ")) { (event.at.format("%-d %b %Y %H:%M UTC")) }
            p { (words::sentence(&entry.by, &event.action, &site.terms)) }
            @match entry.undone_by {
                Some(number) => span.undone { "undone by " a href={ "#event-" (number) } hx-boost="false" { (number) } },
                None => (toast::undo(event.number, site)),
            }
        }
    }
}
