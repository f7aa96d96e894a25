//! The title of a board on its pages and in lists.

use crate::model::{Board, Name, Slug};

/// The title of a loaded board.
pub fn title(board: &Board) -> String {
    title_of(&board.slug, board.name())
}

/// The title of a board of which only slug and name are known.
pub(super) fn title_of(slug: &Slug, name: &Name) -> String {
    match slug.is_main() {
        true => "SAVT".to_owned(),
        false => name.to_string(),
    }
}
