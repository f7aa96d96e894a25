//! A board that a rule is editing: the rule writes rows and reads them back, and every step is recorded.

use std::ops::Deref;

use super::{row::Row, state::Board};
use crate::model::change::{Change, Edit};

/// A copy of a board and the steps taken on it so far. The copy is cheap, see [`Board`].
pub(in crate::model) struct BoardEdit {
    board: Board,
    steps: Change,
}

impl BoardEdit {
    pub(in crate::model) fn new(board: &Board) -> BoardEdit {
        BoardEdit {
            board: board.clone(),
            steps: Change::default(),
        }
    }

    /// The number that the event of this edit will have.
    pub(in crate::model) fn next_event(&self) -> i64 {
        self.board.version() + 1
    }

    pub(in crate::model) fn put<R: Row>(&mut self, row: R) {
        self.set(&row.key(), Some(row));
    }

    pub(in crate::model) fn remove<R: Row>(&mut self, key: &R::Key) {
        self.set::<R>(key, None);
    }

    fn set<R: Row>(&mut self, key: &R::Key, after: Option<R>) {
        let before = R::find(&self.board, key);
        R::set(&mut self.board, key, after.clone());
        R::edits(&mut self.steps).push(Edit { before, after });
    }

    /// The edited board, and the net change that led to it.
    pub(in crate::model) fn finish(self) -> (Board, Change) {
        (self.board, self.steps.fold())
    }
}

impl Deref for BoardEdit {
    type Target = Board;

    fn deref(&self) -> &Board {
        &self.board
    }
}
