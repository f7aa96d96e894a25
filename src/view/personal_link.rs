//! Taking one's name to another device: the personal link to open there, and the question that stands there then.

use maud::{Markup, html};

use super::{
    Site,
    board::title,
    feature::MENU_TITLE,
    language::message,
    qr,
    share::{Link, only_here, ways},
};
use crate::model::{Board, Name, PersonalLink};

/// The way to one's personal link.
pub(super) fn link(site: &Site) -> Markup {
    html! {
        p.take-along { a href=(site.to("/personal-link")) { (site.texts.text("personal-link")) } }
    }
}

/// The link and its picture, for one's own eyes and cameras.
pub fn panel(me: &Name, board: &Board, link: &Link, site: &Site) -> Markup {
    let texts = &site.texts;
    let hint = message("personal-link-hint")
        .name("name", me)
        .count("minutes", PersonalLink::MINUTES as usize);
    html! {
        section.menu.share {
            h2 #(MENU_TITLE) { (texts.text("personal-link")) }
            p.hint { (texts.markup(hint)) }
            (qr::svg(&link.address))
            p.address { a href=(link.address) hx-boost="false" { (link.address) } }
            (only_here(link, texts))
            (ways(link, &title(board), texts))
        }
    }
}

/// The question on the other device, where one may be somebody else already.
pub fn question(name: &Name, so_far: Option<&Name>, secret: &str, site: &Site) -> Markup {
    let texts = &site.texts;
    let said = match so_far {
        Some(so_far) => message("personal-link-instead")
            .name("name", name)
            .name("so-far", so_far),
        None => message("personal-link-from-now").name("name", name),
    };
    html! {
        section.menu {
            h2 #(MENU_TITLE) { (texts.markup(message("personal-link-ask").name("name", name))) }
            p.hint { (texts.markup(said)) }
            form method="post" action=(site.to("/personal-link/open")) hx-boost="false" {
                input type="hidden" name="key" value=(secret);
                button { (texts.markup(message("personal-link-yes").name("name", name))) }
            }
        }
    }
}
