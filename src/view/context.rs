//! The context of every element of a board's pages: its texts and its addresses.

use std::sync::Arc;

use super::{language::Texts, url::BoardUrls};
use crate::model::Slug;

/// The texts and addresses of one board in one language.
#[derive(Clone)]
pub struct BoardContext {
    pub texts: Arc<Texts>,
    pub urls: BoardUrls,
}

impl BoardContext {
    pub fn new(texts: &Arc<Texts>, board: &Slug) -> BoardContext {
        BoardContext {
            texts: texts.clone(),
            urls: BoardUrls::new(board),
        }
    }
}
