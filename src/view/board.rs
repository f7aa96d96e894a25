//! The board's page: a head, the rendered cards and rows put together, a foot.

use maud::{Markup, PreEscaped, html};

use super::{
    Page, Site, boards,
    connection::{connection, outage},
    feature::{self, SuggestForm},
    filter::filter,
    heard::heard,
    item::{self, CreateForm},
    keys::keys_of_board,
    language::{self, message},
    layout::back,
    login,
    order::order,
    participant::{self, NameForm},
    presence, share,
};
use crate::model::{Board, Name, Slug, Stats};

/// The forms of the page that were sent back, filled as they were, with the reason.
#[derive(Default)]
pub struct Forms<'a> {
    pub item: Option<CreateForm<'a>>,
    pub feature: Option<SuggestForm<'a>>,
    pub name: Option<NameForm<'a>>,
}

/// All the page shows beside the board itself.
#[derive(Default)]
pub struct Around<'a> {
    pub me: Option<&'a Name>,
    pub remembered: Option<&'a str>,
    pub forms: Forms<'a>,
    pub toasts: Option<Markup>,
    /// The database does not answer.
    pub cut_off: bool,
    /// Whether one had to log in.
    pub closed: bool,
}

/// The page of a board; `cards` and `free` are its rows, rendered already.
pub fn page(board: &Board, cards: String, free: String, around: Around, site: &Site) -> Markup {
    let empty = board.stats().items == 0;
    let texts = &site.texts;
    let header = html! {
        h1 { (title(board)) }
        (stats(board.stats(), site))
        div.bar {
            (connection(board.version(), site))
            nav {
                (presence::link(None, site))
                (share::link(site))
                a href=(site.to("/history")) hx-boost="false" { (texts.text("history")) }
            }
        }
        (outage(around.cut_off, texts))
        (participant::me(around.me, around.remembered, around.forms.name.as_ref(), site))
    };
    let main = html! {
        (item::create(around.forms.item.as_ref(), site))
        section aria-labelledby="items-heading" {
            div.heading {
                h2 #items-heading { (texts.text("items-heading")) }
                (order(texts))
            }
            (filter(site))
            p.empty hidden[!empty] {
                (texts.text("empty"))
            }
            ul #items data-here-already=(texts.pattern("feature-here-already", &["name"])) { (PreEscaped(cards)) }
        }
        section.free aria-labelledby="free-heading" {
            h2 #free-heading { (texts.text("free-features")) }
            ul.features #free-features { (PreEscaped(free)) }
            (feature::suggest(None, around.forms.feature.as_ref(), site))
        }
    };
    let footer = html! {
        (boards::new_board("", None, texts))
        p.back { a href=(boards::ADDRESS) hx-boost="false" { (texts.text("boards")) } }
        (language::choice(site))
        @if around.closed { (login::leave(texts)) }
        (keys_of_board(site))
        (heard(texts))
    };
    Page::new(title(board), texts)
        .header(header)
        .main(main)
        .footer(footer)
        .toasts(around.toasts.unwrap_or_default())
        .render()
}

/// What a board is called on its pages.
pub fn title(board: &Board) -> String {
    called(&board.slug, &board.name)
}

pub(super) fn called(slug: &Slug, name: &Name) -> String {
    match slug.is_main() {
        true => "SAVT".to_owned(),
        false => name.to_string(),
    }
}

/// How much is on the board.
pub fn stats(stats: Stats, site: &Site) -> Markup {
    let message = message("stats")
        .count("items", stats.items)
        .count("features", stats.features)
        .count("vetoed", stats.vetoed)
        .count("people", stats.people);
    html! { p #stats { (site.texts.text(message)) } }
}

/// The page around a menu, for browsers that open "More" as a page of its own.
pub fn menu_page(board: &Board, menu: Markup, site: &Site) -> Markup {
    Page::new(title(board), &site.texts)
        .header(html! { h1 { a href=(site.home()) hx-boost="false" { (title(board)) } } })
        .main(html! { (menu) (back(&site.home(), &site.texts)) })
        .render()
}
