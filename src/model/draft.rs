//! A board in the making: a rule writes rows into it and reads them back; every step is recorded.

use std::ops::Deref;

use super::{Board, Change, Edit, change::Row};

/// A copy of a board (cheap: it shares what does not differ) with the steps taken on it so far.
pub(super) struct Draft {
    board: Board,
    steps: Change,
}

impl Draft {
    pub(super) fn of(board: &Board) -> Draft {
        Draft {
            board: board.clone(),
            steps: Change::default(),
        }
    }

    pub(super) fn put<R: Row>(&mut self, row: R) {
        self.set(&row.key(), Some(row));
    }

    pub(super) fn remove<R: Row>(&mut self, key: &R::Key) {
        self.set::<R>(key, None);
    }

    fn set<R: Row>(&mut self, key: &R::Key, after: Option<R>) {
        let before = R::find(&self.board, key);
        R::set(&mut self.board, key, after.clone());
        R::edits(&mut self.steps).push(Edit { before, after });
    }

    /// The board as it is now, and what that comes to.
    pub(super) fn finish(self) -> (Board, Change) {
        (self.board, self.steps.fold())
    }
}

impl Deref for Draft {
    type Target = Board;

    fn deref(&self) -> &Board {
        &self.board
    }
}
