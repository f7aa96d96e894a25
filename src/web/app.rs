//! What every handler has at hand.

use std::sync::Arc;

use super::{Figures, etag::short_hash};
use crate::{assets, board::Boards, model::Name, view::Terms};

/// The boards and the words, shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(super) boards: Boards,
    /// What an item is called that nobody named: `Pizza` for `Pizza-1`.
    pub(super) fallback: Arc<Name>,
    /// What all pages have in common besides the boards: another build or other words make other pages.
    pub(super) look: Arc<str>,
    pub(super) figures: Arc<Figures>,
}

impl App {
    pub fn new(boards: Boards) -> App {
        let terms = boards.terms();
        let fallback = Name::stored(terms.item_at_head());
        let words = [&terms.item, &terms.items, &terms.feature, &terms.features];
        let look = short_hash(&[&[assets::MAKE], &words.map(String::as_str)[..]].concat());
        App {
            boards,
            fallback: Arc::new(fallback),
            look: look.into(),
            figures: Arc::new(Figures::new()),
        }
    }

    pub fn boards(&self) -> &Boards {
        &self.boards
    }

    /// What is counted of the requests.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    pub(super) fn terms(&self) -> &Terms {
        self.boards.terms()
    }
}
