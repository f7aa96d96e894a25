//! The context of every element of a board's pages: its texts and its addresses.

use std::sync::Arc;

use super::{
    language::{Language, Languages, Texts},
    terminology::Terminology,
    url::BoardUrls,
};
use crate::model::Board;

/// The texts and addresses of one board in one language.
#[derive(Clone)]
pub struct BoardContext {
    pub texts: Arc<Texts>,
    pub urls: BoardUrls,
}

impl BoardContext {
    /// The texts are those of the program, unless the board has words of its own.
    pub fn new(board: &Board, language: Language, languages: &Languages) -> BoardContext {
        let texts = match board.terminology() {
            None => languages.texts(language).clone(),
            Some(words) => {
                let words = Terminology::of_board(words, language);
                Arc::new(Texts::new(language, words))
            }
        };
        BoardContext {
            texts,
            urls: BoardUrls::new(&board.slug),
        }
    }
}
