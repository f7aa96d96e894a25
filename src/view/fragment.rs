//! Fragments: pieces of a page, each with the target that htmx swaps it into.

use std::fmt::Write;

use super::{
    language::{Message, Texts},
    sheet::close_button,
};

/// How a fragment changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Replaces the target and keeps focus and caret.
    Morph,
    /// Replaces the content of the target.
    Fill,
    /// Appends to the content of the target.
    Append,
    /// Puts the element into the target list, sorted by the number in its id, and removes it from any other list; an element
    /// that exists is morphed. A swap style of the page's script.
    Place,
    /// Removes the target.
    Delete,
}

/// A piece of a page, its target, and how it changes the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    target: String,
    swap: Swap,
    html: String,
}

impl Fragment {
    /// `target` is a CSS selector made of ids and classes of the program, never of text that people typed.
    pub fn new(target: impl Into<String>, swap: Swap, html: String) -> Fragment {
        Fragment {
            target: target.into(),
            swap,
            html,
        }
    }

    /// Removes the row or card with this id. The content repeats the id, so that a page that has not received the row yet
    /// can ignore older fragments for it.
    pub fn removal(id: String) -> Fragment {
        let html = maud::html! { li #(id) {} };
        Fragment::new(format!("#{id}"), Swap::Delete, html.into_string())
    }

    /// Shows content in the sheet.
    pub fn sheet(content: String, texts: &Texts) -> Fragment {
        let html = close_button(texts).into_string() + &content;
        Fragment::new("#sheet", Swap::Fill, html)
    }

    /// Shows why a form was rejected, in the element with the id `id` beside the field.
    pub fn reason(id: &str, reason: Message, texts: &Texts) -> Fragment {
        let text = texts.markup(reason).into_string();
        Fragment::new(format!("#{id}"), Swap::Fill, text)
    }

    /// Appends the fragment in the syntax of htmx.
    pub fn write(&self, out: &mut String) {
        let swap = match self.swap {
            Swap::Morph => "outerMorph",
            Swap::Fill => "innerHTML",
            Swap::Append => "beforeend",
            Swap::Place => "place",
            Swap::Delete => "delete",
        };
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<hx-partial hx-target=\"{}\" hx-swap=\"{swap}\">{}</hx-partial>",
            self.target, self.html
        );
    }

    /// Several fragments as one response body.
    pub fn join(fragments: &[Fragment]) -> String {
        let mut out = String::new();
        for fragment in fragments {
            fragment.write(&mut out);
        }
        out
    }
}
