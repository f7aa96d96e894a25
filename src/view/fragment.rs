//! A piece of a page that htmx puts in its place.

use std::fmt::Write;

use super::{Message, Texts};

/// How a fragment meets its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Becomes the target, keeping focus and caret where they are.
    Morph,
    /// Becomes what is inside the target.
    Fill,
    /// Comes last inside the target.
    Append,
    /// Stands inside the target, in the order of the numbers in the ids, and nowhere else. The page's script knows how; what
    /// is there already is morphed.
    Place,
    /// The target goes.
    Delete,
}

/// A piece of a page, where it belongs and how it gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    target: String,
    swap: Swap,
    html: String,
}

impl Fragment {
    /// `target` is a CSS selector made of ids and classes of ours, never of what somebody typed.
    pub fn new(target: impl Into<String>, swap: Swap, html: String) -> Fragment {
        Fragment {
            target: target.into(),
            swap,
            html,
        }
    }

    /// The row or card of this id is not there any more. The fragment holds the id as well, for pages that do not know the
    /// row yet: what they hear of it later is older than this.
    pub fn gone(id: String) -> Fragment {
        let html = maud::html! { li #(id) {} };
        Fragment::new(format!("#{id}"), Swap::Delete, html.into_string())
    }

    /// The menu behind "More", in the one sheet every page has.
    pub fn sheet(menu: String, texts: &Texts) -> Fragment {
        Fragment::new("#sheet", Swap::Fill, close(texts).into_string() + &menu)
    }

    /// The reason why a form cannot be taken, in its place beside the field.
    pub fn reason(place: &str, reason: Message, texts: &Texts) -> Fragment {
        let text = texts.markup(reason).into_string();
        Fragment::new(format!("#{place}"), Swap::Fill, text)
    }

    /// Writes the fragment as htmx reads it.
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

    /// Several fragments as one answer.
    pub fn join(fragments: &[Fragment]) -> String {
        let mut out = String::new();
        for fragment in fragments {
            fragment.write(&mut out);
        }
        out
    }
}

/// The button that closes the sheet, before what is in it.
pub(super) fn close(texts: &Texts) -> maud::Markup {
    maud::html! {
        form.close method="dialog" { button aria-label=(texts.text("close")) { "×" } }
    }
}
