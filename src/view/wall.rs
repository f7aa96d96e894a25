//! The board for everybody in the room to see: large, live, and nothing to press. Its rows are those of the board's page, for the
//! stream brings them as they are for all, so the style sheet hides their controls.

use maud::{Markup, PreEscaped, html};

use super::{
    Page, Site, Texts,
    board::{stats, title},
    connection::{connection, outage},
    presence, qr,
    share::{Link, only_here},
};
use crate::model::Board;

/// What stands under `view` in its address.
pub const VIEW: &str = "wall";

/// The board as a picture for a projector; `cards` and `free` are its rows, rendered already.
pub fn page(
    board: &Board,
    cards: String,
    free: String,
    link: Option<&Link>,
    cut_off: bool,
    site: &Site,
) -> Markup {
    let texts = &site.texts;
    let header = html! {
        h1 { (title(board)) }
        (stats(board.stats(), site))
        (connection(board.version(), site))
        (outage(cut_off, texts))
        // A link wherever else it stands, and the stream brings it as one.
        p.here inert { (presence::link(None, site)) }
    };
    let main = html! {
        section aria-labelledby="items-heading" {
            h2 #items-heading { (texts.text("items-heading")) }
            p.empty hidden[board.stats().items > 0] { (texts.text("wall-empty")) }
            ul #items { (PreEscaped(cards)) }
        }
        section.free aria-labelledby="free-heading" {
            h2 #free-heading { (texts.text("free-features")) }
            ul.features #free-features { (PreEscaped(free)) }
        }
        @if let Some(link) = link { (join(link, texts)) }
    };
    Page::new(title(board), texts)
        .look(VIEW)
        .header(header)
        .main(main)
        .render()
}

/// How those who see it take part.
fn join(link: &Link, texts: &Texts) -> Markup {
    html! {
        aside.join aria-label=(texts.text("wall-join")) {
            (qr::svg(&link.address))
            p.address { (link.short()) }
            (only_here(link, texts))
        }
    }
}
