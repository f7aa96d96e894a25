//! The page that says what went wrong and what to do.

use maud::{Markup, html};

use super::{Page, layout::back};

/// A whole page for an error; `home` is the address that leads back.
pub fn page(title: &str, reason: &str, home: &str) -> Markup {
    Page::new(title)
        .header(html! { h1 { (title) } })
        .main(html! {
            section.problem {
                p { (reason) }
                (back(home))
            }
        })
        .render()
}
