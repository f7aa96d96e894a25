//! The result as a page: live while the board is open, and on one sheet of paper for a usual board.

use maud::{Markup, html};

use super::super::{
    connection::{connection, outage},
    context::BoardContext,
    feature::name_and_amount,
    language::{Texts, message},
    layout::{Page, back},
    names::bdi,
    note,
    settings::purpose_to_print,
    time::time,
    title::title,
    vetoes::in_full,
};
use crate::{
    assets,
    model::{Amount, DecisionResult, Feature, Item, Name, ResultItem},
};

/// The class of the page's body.
const CLASS: &str = "result";

/// The whole page.
pub fn page(result: &DecisionResult, database_down: bool, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let board = result.board;
    let home = context.urls.home();
    let header = html! {
        h1 { a href=(home) hx-boost="false" { (title(board)) } }
        div.bar {
            (connection(board, context))
            nav { (back(&home, texts)) }
        }
        (outage(database_down, texts))
    };
    let closes = result
        .deadline
        .map(|deadline| deadline.at.format("%Y-%m-%dT%H:%M:%S%.3fZ"));
    let main = html! {
        // The script replaces it when something changed, or when the deadline closes the board.
        div #result data-closes=[closes] { (content(result, texts)) }
        (actions(context))
    };
    let page_title = message("result-title").text("board", title(board));
    Page::new(texts.text(page_title), texts)
        .body_class(CLASS)
        .script(assets::RESULT_SCRIPT)
        .header(header)
        .main(main)
        .render()
}

fn content(result: &DecisionResult, texts: &Texts) -> Markup {
    let mut vetoed = result.vetoed().peekable();
    let free: Vec<&Feature> = result.free_remaining().collect();
    html! {
        (purpose_to_print(result.board))
        (outcome(result, texts))
        section {
            h2 { (texts.text("result-acceptable")) }
            @if result.acceptable.is_empty() { p { (texts.text("result-acceptable-none")) } }
            (items(&result.acceptable, texts))
        }
        @if !result.others.is_empty() {
            section {
                h2 { (texts.text("result-others")) }
                (items(&result.others, texts))
            }
        }
        @if !free.is_empty() {
            section {
                h2 { (texts.text("free-features")) }
                p { (features(&free)) }
            }
        }
        @if vetoed.peek().is_some() {
            section {
                h2 { (texts.text("result-vetoes")) }
                ul {
                    @for (item, feature) in vetoed {
                        li {
                            (name_and_amount(feature.feature))
                            @if let Some(item) = item { " (" (bdi(&item.name)) ")" }
                            " " span.vetoers { (in_full(feature.feature, result.board, texts)) }
                        }
                    }
                }
            }
        }
        (people(result, texts))
    }
}

fn outcome(result: &DecisionResult, texts: &Texts) -> Markup {
    let heading = match (&result.closed, result.chosen.is_empty()) {
        (None, _) => "result-so-far",
        (Some(_), true) => "result-closed-heading",
        (Some(_), false) => "result-decided",
    };
    html! {
        section.decision {
            h2 { (texts.text(heading)) }
            @match &result.closed {
                Some(closed) => {
                    @if !result.chosen.is_empty() { p.chosen { (names_of(&result.chosen)) } }
                    @if let Some(sentence) = &closed.outcome.text { p.sentence dir="auto" { (sentence) } }
                    @let id = if closed.by_deadline { "result-closed-by-deadline" } else { "result-closed" };
                    p.hint { (texts.markup_around(message(id).name("by", &closed.by), &[("time", time(closed.at, texts))])) }
                }
                None => {
                    p { (texts.text("result-open")) }
                    @if let Some(deadline) = result.deadline {
                        p { (texts.markup_around("result-closes", &[("time", time(deadline.at, texts))])) }
                    }
                }
            }
            @if result.is_agreed { p.agreed { (texts.text("result-agreed")) } }
        }
    }
}

fn names_of(items: &[&Item]) -> Markup {
    html! {
        @for (n, item) in items.iter().enumerate() {
            @if n > 0 { ", " }
            (bdi(&item.name))
        }
    }
}

fn items(items: &[ResultItem], texts: &Texts) -> Markup {
    html! {
        ul {
            @for item in items {
                @let remaining: Vec<&Feature> = item.remaining().collect();
                li.chosen-item[item.is_chosen] {
                    bdi.name { (item.item.name) }
                    @if let Some(kind) = &item.item.kind { " (" bdi { (kind) } ")" }
                    @if item.is_chosen { " " span.mark { "✓ " (texts.text("result-chosen")) } }
                    @if !item.features.is_empty() {
                        ": "
                        @if remaining.is_empty() { (texts.text("result-nothing-left")) } @else { (features(&remaining)) }
                    }
                    (note::whole(item.item))
                }
            }
        }
    }
}

fn features(features: &[&Feature]) -> Markup {
    html! {
        @for (n, feature) in features.iter().enumerate() {
            @if n > 0 { ", " }
            bdi { (feature.name) }
            @if feature.amount > Amount::ONE { " ×" (feature.amount) }
        }
    }
}

fn people(result: &DecisionResult, texts: &Texts) -> Markup {
    let count = message("result-fine")
        .count("fine", result.count.fine)
        .count("of", result.count.of);
    let groups: [(_, &[&Name]); 4] = [
        (texts.text(count), &result.fine),
        (texts.text("result-outdated"), &result.outdated),
        (texts.text("result-not-yet"), &result.not_yet),
        (
            texts.text("result-not-taking-part"),
            &result.not_taking_part,
        ),
    ];
    html! {
        @if groups.iter().any(|(_, names)| !names.is_empty()) {
            section.people {
                h2 { (texts.text("result-people")) }
                @for (label, names) in groups {
                    @if !names.is_empty() {
                        p {
                            strong { (label) ":" }
                            @for (n, name) in names.iter().enumerate() {
                                @if n > 0 { "," }
                                " " (bdi(name))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the reader can take away. The script shows the buttons that copy; without it there are links.
fn actions(context: &BoardContext) -> Markup {
    let (texts, urls) = (&context.texts, &context.urls);
    let [text, markdown, csv, json] =
        ["txt", "md", "csv", "json"].map(|format| urls.result_as(format));
    html! {
        div.print-actions {
            button.copy-result type="button" hidden data-from=(text) { (texts.text("result-copy-text")) }
            button.copy-result type="button" hidden data-from=(markdown) { (texts.text("result-copy-markdown")) }
            noscript.back {
                a href=(text) { (texts.text("result-as-text")) } " "
                a href=(markdown) { (texts.text("result-as-markdown")) } " "
                a href=(urls.result()) { (texts.text("result-reload")) }
            }
            span.back { a href=(csv) hx-boost="false" download { (texts.text("result-download-csv")) } }
            span.back { a href=(json) hx-boost="false" download { (texts.text("result-download-json")) } }
            span.back { a href=(urls.export()) hx-boost="false" download { (texts.text("result-download-history")) } }
            // The page's script shows it.
            button #print type="button" hidden { (texts.text("share-print-link")) }
        }
        div #copied data-copied=(texts.text("result-copied")) data-not-copied=(texts.text("result-not-copied")) {
            p role="status" {}
            textarea hidden readonly rows="10" aria-label=(texts.text("result-link")) {}
        }
    }
}
