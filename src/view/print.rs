//! The board to print: everything in full, every name and reason, and nothing to press on paper. Neither live nor personal.

use maud::{Markup, PreEscaped, html};

use super::{
    board::stats,
    card::FREE_HEADING,
    context::BoardContext,
    feature::name_and_amount,
    item,
    language::Texts,
    layout::{Page, back},
    note, outcome, settings,
    title::title,
    vetoes::in_full,
};
use crate::model::{Board, Feature, Item, Timestamp};

/// The class of the page's body.
const CLASS: &str = "printable";

/// The whole page at this time; `cards` and `free` are made of the other functions.
pub fn page(
    board: &Board,
    now: Timestamp,
    cards: &str,
    free: &str,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let main = html! {
        div.print-actions {
            // The page's script shows it.
            button #print type="button" hidden { (texts.text("share-print-link")) }
            (back(&context.urls.home(), texts))
        }
        (outcome::to_print(board, now, texts))
        section aria-labelledby="items-heading" {
            div.heading {
                h2 #items-heading { (texts.text("items-heading")) }
                (stats(board.stats(), context))
            }
            ul #items { (PreEscaped(cards)) }
        }
        section.free aria-labelledby=(FREE_HEADING) {
            h2 #(FREE_HEADING) { (texts.text("free-features")) }
            ul.features #free-features { (PreEscaped(free)) }
        }
    };
    Page::new(title(board), texts)
        .body_class(CLASS)
        .header(html! { h1 { (title(board)) } (settings::purpose_to_print(board)) })
        .main(main)
        .render()
}

/// The start of a card, up to its rows.
pub fn card_start(item: &Item) -> String {
    let head = html! { header.head { (item::title(item)) (note::whole(item)) } };
    item::card_start(item.id, &head.0).0
}

/// The end of a card.
pub const CARD_END: &str = "</ul></li>";

/// A row with all vetoes.
pub fn row(feature: &Feature, board: &Board, texts: &Texts) -> String {
    let vetoed = board.vetoes_of(feature.id).next().is_some();
    let row = html! {
        li.feature.vetoed[vetoed] {
            div.feature-body {
                (name_and_amount(feature))
                @if vetoed { " " span.vetoers { (in_full(feature, board, texts)) } }
            }
        }
    };
    row.into_string()
}
