//! What every handler has at hand.

use std::sync::Arc;

use crate::{board::Boards, model::Name, view::Terms};

/// The boards and the words, shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(super) boards: Boards,
    /// What an item is called that nobody named: `Pizza` for `Pizza-1`.
    pub(super) fallback: Arc<Name>,
}

impl App {
    pub fn new(boards: Boards) -> App {
        let fallback = Name::stored(boards.terms().item_at_head());
        App {
            boards,
            fallback: Arc::new(fallback),
        }
    }

    pub(super) fn terms(&self) -> &Terms {
        self.boards.terms()
    }
}
