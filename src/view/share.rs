//! A board's link for those who are to come: to read, to scan, to copy, to hand to the device.

use maud::{Markup, html};

use super::{Site, Texts, board::title, feature::MENU_TITLE, qr};
use crate::model::Board;

/// The address of a board, as the browser that asks reached it.
pub struct Link {
    pub address: String,
    /// The port, where the address means the very machine it is read on.
    pub only_here: Option<u16>,
}

impl Link {
    /// As short as it can still be typed.
    pub fn short(&self) -> &str {
        let bare = self.address.split_once("://").map_or("", |(_, bare)| bare);
        bare.trim_end_matches('/')
    }
}

/// The way to the link and to all that can be done with it.
pub fn link(site: &Site) -> Markup {
    html! { a #share href=(site.to("/share")) { (site.texts.text("share")) } }
}

/// The link, its picture, and what can be done with them.
pub fn panel(board: &Board, link: &Link, site: &Site) -> Markup {
    let texts = &site.texts;
    let wall = html! { a href=(site.wall()) hx-boost="false" { (texts.text("share-wall-link")) } };
    html! {
        section.menu.share {
            h2 #(MENU_TITLE) { (texts.text("share-heading")) }
            p.hint { (texts.text("share-hint")) }
            (qr::svg(&link.address))
            p.address { a href=(link.address) hx-boost="false" { (link.address) } }
            (only_here(link, texts))
            (ways(link, &title(board), texts))
            p.hint { (texts.markup_around("share-wall", &[("link", wall)])) }
        }
    }
}

/// What can be done with a link, for browsers that can, which only the page's script knows.
pub(super) fn ways(link: &Link, title: &str, texts: &Texts) -> Markup {
    html! {
        div.ways data-link=(link.address) data-title=(title)
            data-copied=(texts.text("share-copied")) data-not-copied=(texts.text("share-not-copied")) {
            button.copy type="button" { (texts.text("share-copy")) }
            button.hand type="button" { (texts.text("share-hand")) }
        }
        p.said role="status" {}
    }
}

/// Why a link is of no use to others, and what to do.
pub fn only_here(link: &Link, texts: &Texts) -> Markup {
    html! {
        @if let Some(port) = link.only_here {
            @let option = html! { code { "--listen" } " " code { "0.0.0.0:" (port) } };
            p.only-here { (texts.markup_around("share-only-here", &[("option", option)])) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_adds_by_itself_is_not_typed() {
        for (address, short) in [
            ("http://192.168.1.7:8000/", "192.168.1.7:8000"),
            ("https://savt.example/b/abc", "savt.example/b/abc"),
        ] {
            let link = Link {
                address: address.to_owned(),
                only_here: None,
            };
            assert_eq!(link.short(), short);
        }
    }
}
