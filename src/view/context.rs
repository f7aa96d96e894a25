//! The context of every element of a board's pages: its texts and its addresses.

use std::sync::Arc;

use super::{
    language::{Language, Languages, Texts},
    terminology::Terminology,
    url::BoardUrls,
};
use crate::model::{Board, BoardTerminology};

/// The texts and addresses of one board in one language.
#[derive(Clone)]
pub struct BoardContext {
    pub texts: Arc<Texts>,
    pub urls: BoardUrls,
}

impl BoardContext {
    /// The texts are those of the program, unless the board has words of its own.
    pub fn new(board: &Board, language: Language, languages: &Languages) -> BoardContext {
        let texts = board_texts(board.terminology(), language, languages);
        BoardContext {
            texts,
            urls: BoardUrls::new(&board.slug),
        }
    }
}

/// The texts of a board: those of the program, unless it has words of its own.
pub fn board_texts(
    words: Option<&BoardTerminology>,
    language: Language,
    languages: &Languages,
) -> Arc<Texts> {
    match words {
        None => languages.texts(language).clone(),
        Some(words) => {
            let words = Terminology::of_board(words, language);
            Arc::new(Texts::new(language, words))
        }
    }
}
