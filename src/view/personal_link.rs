//! The personal link, which makes another device the same participant: the panel that shows it, and the confirmation on the
//! other device.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    language::message,
    qr,
    share_link::{ShareLink, buttons, loopback_warning},
    sheet::SHEET_TITLE,
    title::title,
};
use crate::model::{Board, Name, PersonalLink};

/// The link that opens the panel.
pub(super) fn link(context: &BoardContext) -> Markup {
    html! {
        p.personal-link { a href=(context.urls.personal_link()) { (context.texts.text("personal-link")) } }
    }
}

/// The personal link as text and QR code. It contains a secret.
pub fn panel(me: &Name, board: &Board, link: &ShareLink, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let hint = message("personal-link-hint")
        .name("name", me)
        .count("minutes", PersonalLink::VALID_MINUTES as usize);
    html! {
        section.menu.share {
            h2 #(SHEET_TITLE) { (texts.text("personal-link")) }
            p.hint { (texts.markup(hint)) }
            (qr::svg(&link.url))
            p.address { a href=(link.url) hx-boost="false" { (link.url) } }
            (loopback_warning(link, texts))
            (buttons(link, &title(board), texts))
        }
    }
}

/// The participant that a browser is until it opens a personal link.
pub struct Current<'a> {
    pub name: &'a Name,
    /// Whether what it did becomes the other participant's. Otherwise it stays on the board.
    pub hands_over: bool,
}

/// The confirmation on the other device; `current` is the participant that its browser is until then.
pub fn confirmation(
    name: &Name,
    current: Option<&Current>,
    secret: &str,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let consequence = match current {
        Some(current) => message(match current.hands_over {
            true => "personal-link-hands-over",
            false => "personal-link-replaces",
        })
        .name("name", name)
        .name("current", current.name),
        None => message("personal-link-joins").name("name", name),
    };
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (texts.markup(message("personal-link-question").name("name", name))) }
            p.hint { (texts.markup(consequence)) }
            form method="post" action=(context.urls.open_personal_link()) hx-boost="false" {
                input type="hidden" name="key" value=(secret);
                button { (texts.markup(message("personal-link-confirm").name("name", name))) }
            }
        }
    }
}
