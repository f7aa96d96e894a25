//! The projector view of a board: large, live and read-only. It shows the same rows as the board's page, because the stream
//! sends the same fragments to all; the style sheet hides their controls.

use maud::{Markup, PreEscaped, html};

use super::{
    board::stats,
    card::FREE_HEADING,
    connection::{connection, outage},
    context::BoardContext,
    language::Texts,
    layout::Page,
    presence, qr,
    share_link::{ShareLink, loopback_warning},
    title::title,
};
use crate::model::Board;

/// The class of the page's body.
const CLASS: &str = "projector";

/// The whole page; `cards` and `free` are the board's rendered rows.
pub fn page(
    board: &Board,
    cards: String,
    free: String,
    link: Option<&ShareLink>,
    database_down: bool,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let header = html! {
        h1 { (title(board)) }
        (stats(board.stats(), context))
        (connection(board, context))
        (outage(database_down, texts))
        // The stream sends the count as a link, as for the board's page; here it is inert.
        p.presence inert { (presence::link(None, context)) }
    };
    let main = html! {
        section aria-labelledby="items-heading" {
            h2 #items-heading { (texts.text("items-heading")) }
            p.empty hidden[board.stats().items > 0] { (texts.text("projector-empty")) }
            ul #items { (PreEscaped(cards)) }
        }
        section.free aria-labelledby=(FREE_HEADING) {
            h2 #(FREE_HEADING) { (texts.text("free-features")) }
            ul.features #free-features { (PreEscaped(free)) }
        }
        @if let Some(link) = link { (join(link, texts)) }
    };
    Page::new(title(board), texts)
        .body_class(CLASS)
        .header(header)
        .main(main)
        .render()
}

/// The board's link, for viewers who want to take part.
fn join(link: &ShareLink, texts: &Texts) -> Markup {
    html! {
        aside.join aria-label=(texts.text("projector-join")) {
            (qr::svg(&link.url))
            p.address { (link.short()) }
            (loopback_warning(link, texts))
        }
    }
}
