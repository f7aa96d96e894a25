//! The page that says what went wrong and what to do.

use maud::{Markup, html};

use super::Page;

/// A whole page for an error; `home` is the address that leads back.
pub fn page(title: &str, reason: &str, home: &str) -> Markup {
    Page::new(title)
        .header(html! { h1 { (title) } })
        .main(html! {
            p { (reason) }
            p { a href=(home) hx-boost="false" { "Back to the board" } }
        })
        .render()
}
