//! The board's link for people who join: as text, as a QR code, and with buttons to copy and share it.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    qr,
    share_link::{ShareLink, buttons, loopback_warning},
    sheet::SHEET_TITLE,
    title::title,
    url,
};
use crate::model::Board;

/// The link in the page's header that opens the panel.
pub(super) fn link(context: &BoardContext) -> Markup {
    html! { a #share href=(context.urls.share()) { (context.texts.text("share")) } }
}

/// The content of the sheet.
pub fn panel(board: &Board, link: &ShareLink, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let projector = html! {
        a href=(context.urls.projector()) hx-boost="false" { (texts.text("share-projector-link")) }
    };
    let print = html! {
        a href=(context.urls.print()) hx-boost="false" { (texts.text("share-print-link")) }
    };
    let result = html! {
        a href=(context.urls.result()) hx-boost="false" { (texts.text("result-link")) }
    };
    let api = html! {
        a href=(url::API_REFERENCE) hx-boost="false" { (texts.text("share-api-link")) }
    };
    html! {
        section.menu.share {
            h2 #(SHEET_TITLE) { (texts.text("share-heading")) }
            p.hint { (texts.text("share-hint")) }
            (qr::svg(&link.url))
            p.address { a href=(link.url) hx-boost="false" { (link.url) } }
            (loopback_warning(link, texts))
            (buttons(link, &title(board), texts))
            p.hint { (texts.markup_around("share-projector", &[("link", projector)])) }
            p.hint { (texts.markup_around("share-print", &[("link", print)])) }
            p.hint { (texts.markup_around("share-result", &[("link", result)])) }
            p.hint { (texts.markup_around("share-api", &[("link", api)])) }
        }
    }
}
