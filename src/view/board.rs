//! The board's page: a head, the rendered cards and rows put together, a foot.

use maud::{Markup, PreEscaped, html};

use super::{
    Page, Site, boards,
    connection::connection,
    feature::{self, SuggestForm},
    filter::filter,
    heard::heard,
    item::{self, CreateForm},
    keys::keys_of_board,
    layout::back,
    participant::{self, NameForm},
    presence, share,
    terms::capital,
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
}

/// The page of a board; `cards` and `free` are its rows, rendered already.
pub fn page(board: &Board, cards: String, free: String, around: Around, site: &Site) -> Markup {
    let empty = board.stats().items == 0;
    let terms = &site.terms;
    let header = html! {
        h1 { (title(board)) }
        (stats(board.stats(), site))
        div.bar {
            (connection(board.version(), site))
            nav {
                (presence::link(None, site))
                (share::link(site))
                a href=(site.to("/history")) hx-boost="false" { "History" }
            }
        }
        (participant::me(around.me, around.remembered, around.forms.name.as_ref(), site))
    };
    let main = html! {
        (item::create(around.forms.item.as_ref(), site))
        section aria-labelledby="items-heading" {
            h2 #items-heading { (capital(&terms.items)) }
            (filter(site))
            p.empty hidden[!empty] {
                "Nothing here yet. Add the first " (terms.item) " above, then suggest " (terms.features) " for it. "
                "Share this page's address: everyone who has it may add, suggest and veto."
            }
            ul #items { (PreEscaped(cards)) }
        }
        section.free aria-labelledby="free-heading" {
            h2 #free-heading { (feature::free_heading(site)) }
            ul.features #free-features { (PreEscaped(free)) }
            (feature::suggest(None, around.forms.feature.as_ref(), site))
        }
    };
    let footer = html! {
        (boards::new_board("", None))
        p.back { a href=(boards::ADDRESS) hx-boost="false" { "Your boards" } }
        (keys_of_board(site))
        (heard())
    };
    Page::new(title(board))
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
    let terms = &site.terms;
    html! {
        p #stats {
            (count(stats.items, &terms.item, &terms.items)) ", "
            (count(stats.features, &terms.feature, &terms.features)) ", "
            (stats.vetoed) " vetoed, "
            (count(stats.people, "person", "people"))
        }
    }
}

pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// The page around a menu, for browsers that open "More" as a page of its own.
pub fn menu_page(board: &Board, menu: Markup, site: &Site) -> Markup {
    Page::new(title(board))
        .header(html! { h1 { a href=(site.home()) hx-boost="false" { (title(board)) } } })
        .main(html! { (menu) (back(&site.home())) })
        .render()
}
