//! A board's link for those who are to come: to read, to scan, to copy, to hand to the device.

use maud::{Markup, html};

use super::{Site, board::title, feature::MENU_TITLE, qr};
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
    html! { a #share href=(site.to("/share")) { "Share" } }
}

/// The link, its picture, and what can be done with them. The buttons are for browsers that can do what they say, which only
/// the page's script knows.
pub fn panel(board: &Board, link: &Link, site: &Site) -> Markup {
    html! {
        section.menu.share {
            h2 #(MENU_TITLE) { "Share this board" }
            p.hint { "Everyone who has its link may add, suggest and veto." }
            (qr::svg(&link.address))
            p.address { a href=(link.address) hx-boost="false" { (link.address) } }
            (only_here(link))
            div.ways data-link=(link.address) data-title=(title(board)) {
                button.copy type="button" { "Copy link" }
                button.hand type="button" { "Share…" }
            }
            p.said role="status" {}
            p.hint {
                "For all in the room to see: "
                a href=(site.wall()) hx-boost="false" { "On the projector" }
            }
        }
    }
}

/// Why a link is of no use to others, and what to do.
pub fn only_here(link: &Link) -> Markup {
    html! {
        @if let Some(port) = link.only_here {
            p.only-here {
                "This address is of this machine only, and no other device can open it: start SAVT with "
                code { "--listen" } " " code { "0.0.0.0:" (port) }
                " and open it by the machine's address in your network."
            }
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
