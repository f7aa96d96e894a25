//! Descriptions of the document as markup. They contain code between backticks, and nothing else of Markdown.

use maud::{Markup, html};

/// A description with its code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (n, part) in text.split('`').enumerate() {
            @if n % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let markup = prose("Send `a < b` & `c`.").into_string();
        assert_eq!(markup, "Send <code>a &lt; b</code> &amp; <code>c</code>.");
    }
}
