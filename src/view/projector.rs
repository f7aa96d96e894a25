//! The projector view of a board: large, live and read-only. It shows the same rows as the board's page, because the stream
//! sends the same fragments to all; the style sheet hides their controls.

use maud::{Markup, PreEscaped, html};

use super::{
    board::stats,
    card::FREE_HEADING,
    connection::{connection, outage},
    consent::{self, ConsentPanel},
    context::BoardContext,
    language::Texts,
    layout::Page,
    outcome::outcome,
    presence,
    preview::{self, PreviewLinks},
    qr, settings,
    share_link::{ShareLink, loopback_warning},
    title::title,
};
use crate::{
    assets,
    model::{Board, ParticipantId, Timestamp},
};

/// The class of the page's body.
const CLASS: &str = "projector";

/// What the page shows besides the board.
pub struct ProjectorContext<'a> {
    pub viewer: Option<ParticipantId>,
    pub link: Option<&'a ShareLink>,
    pub links: Option<&'a PreviewLinks>,
    pub database_down: bool,
}

/// The whole page at this time; `cards` and `free` are the board's rendered rows.
pub fn page(
    board: &Board,
    now: Timestamp,
    cards: String,
    free: String,
    page: &ProjectorContext,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let header = html! {
        h1 { (settings::name(board)) }
        // As for the board's page, with its links; here they are inert.
        div.about inert { (settings::purpose(board, context)) }
        (stats(board.stats(), context))
        (connection(board, context))
        (outage(page.database_down, texts))
        // The stream sends the count as a link, as for the board's page; here it is inert.
        p.presence inert { (presence::link(None, context)) }
        (outcome(board, now, context))
        // Inert as well: the count is a link, and the stream may send a form.
        div.consents inert { (consent::panel(&ConsentPanel::of(board, page.viewer, now), board.version(), context)) }
    };
    let main = html! {
        // The script lays out further pages as further columns of the inner element, and the outer one shows one of them.
        div.pages {
            div.columns {
                section aria-labelledby="items-heading" {
                    h2 #items-heading { (texts.text("items-heading")) }
                    p.empty hidden[board.stats().items > 0] { (texts.text("projector-empty")) }
                    ul #items { (PreEscaped(cards)) }
                }
                section.free aria-labelledby=(FREE_HEADING) {
                    h2 #(FREE_HEADING) { (texts.text("free-features")) }
                    ul.features #free-features { (PreEscaped(free)) }
                }
            }
        }
        @if let Some(link) = page.link { (join(link, texts)) }
        (pager(texts))
    };
    Page::new(title(board), texts)
        .preview(
            preview::standing(board, context),
            preview::preview(board, page.links, context),
        )
        .body_class(CLASS)
        .script(assets::PROJECTOR_SCRIPT)
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

/// The number of the page shown, and the buttons that turn the pages. The script shows it if there is more than one page.
fn pager(texts: &Texts) -> Markup {
    html! {
        nav.pager hidden aria-label=(texts.text("projector-pages"))
            data-page=(texts.pattern("projector-page", &["page", "pages"])) {
            button.previous type="button" aria-label=(texts.text("projector-previous")) { "‹" }
            p.page-number {}
            button.next type="button" aria-label=(texts.text("projector-next")) { "›" }
            button.turning type="button" aria-pressed="false" aria-label=(texts.text("projector-turning")) {}
        }
    }
}
