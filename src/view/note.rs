//! The note of an item: two lines on its card, whole in its sheet and on paper.

use maud::{Markup, html};

use super::{
    form::{EDIT_NOTE_REASON, SentField},
    language::Texts,
    rich_text::rich_text,
    row_height,
};
use crate::model::{Item, Note};

/// The note as on a card; the style sheet shows two lines of it, and all lines while a link of it has the focus.
pub(super) fn on_card(item: &Item) -> Markup {
    html! {
        @if let Some(note) = &item.note {
            p.note dir="auto" data-lines=(row_height::note_lines(note)) { (rich_text(note.as_str())) }
        }
    }
}

/// All of the note: in the sheet of the item, on paper, and in the result.
pub(super) fn whole(item: &Item) -> Markup {
    html! { @if let Some(note) = &item.note { p.note dir="auto" { (rich_text(note.as_str())) } } }
}

/// The field of the edit form, with what it held.
pub(super) fn field(item: &Item, sent: &SentField, texts: &Texts) -> Markup {
    let note = item.note.as_ref().map_or("", Note::as_str);
    html! {
        (sent.was("was_note", note))
        label.note-field { (texts.text("note"))
            textarea name="note" rows="3" maxlength=(Note::MAX) dir="auto" placeholder=(texts.text("note-hint")) aria-describedby=(EDIT_NOTE_REASON) {
                (sent.shown(note))
            }
        }
    }
}
