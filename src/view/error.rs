//! The error page: what happened and what to do.

use maud::{Markup, html};

use super::{
    language::{Message, Texts},
    layout::{Page, back},
};

/// A whole page for an error; `home` is the address of the link back.
pub fn page(title: &str, reason: Message, home: &str, texts: &Texts) -> Markup {
    Page::new(title, texts)
        .header(html! { h1 { (title) } })
        .main(html! {
            section.problem {
                p { (texts.markup(reason)) }
                (back(home, texts))
            }
        })
        .render()
}
