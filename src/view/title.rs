//! The title of a board on its pages and in lists.

use crate::model::{Board, Name, Slug};

/// The title of a loaded board.
pub fn title(board: &Board) -> String {
    title_of(&board.slug, board.created_as(), board.name())
}

/// The title of a board of which only these are known. The board `main` has no name of its own until it gets one.
pub(super) fn title_of(slug: &Slug, created_as: &Name, name: &Name) -> String {
    match slug.is_main() && name == created_as {
        true => "SAVT".to_owned(),
        false => name.to_string(),
    }
}

/// Whether the board has no name of its own.
pub(super) fn is_unnamed(board: &Board) -> bool {
    board.slug.is_main() && board.name() == board.created_as()
}
