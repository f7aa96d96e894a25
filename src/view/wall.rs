//! The board for everybody in the room to see: large, live, and nothing to press. Its rows are those of the board's page, for the
//! stream brings them as they are for all, so the style sheet hides their controls.

use maud::{Markup, PreEscaped, html};

use super::{
    Page, Site,
    board::{stats, title},
    connection::connection,
    feature, presence, qr,
    share::{Link, only_here},
    terms::capital,
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
    site: &Site,
) -> Markup {
    let terms = &site.terms;
    let header = html! {
        h1 { (title(board)) }
        (stats(board.stats(), site))
        (connection(board.version(), site))
        // A link wherever else it stands, and the stream brings it as one.
        p.here inert { (presence::link(None, site)) }
    };
    let main = html! {
        section aria-labelledby="items-heading" {
            h2 #items-heading { (capital(&terms.items)) }
            p.empty hidden[board.stats().items > 0] { "Nothing here yet. Who adds the first " (terms.item) "?" }
            ul #items { (PreEscaped(cards)) }
        }
        section.free aria-labelledby="free-heading" {
            h2 #free-heading { (feature::free_heading(site)) }
            ul.features #free-features { (PreEscaped(free)) }
        }
        @if let Some(link) = link { (join(link)) }
    };
    Page::new(title(board))
        .look(VIEW)
        .header(header)
        .main(main)
        .render()
}

/// How those who see it take part.
fn join(link: &Link) -> Markup {
    html! {
        aside.join aria-label="Join" {
            (qr::svg(&link.address))
            p.address { (link.short()) }
            (only_here(link))
        }
    }
}
