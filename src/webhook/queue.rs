//! The boards that have something to deliver to one endpoint. A board is delivered by one task at a time.

use std::collections::{HashSet, VecDeque};

use crate::model::BoardId;

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<BoardId>,
    /// The same boards.
    is_waiting: HashSet<BoardId>,
    active: HashSet<BoardId>,
    /// The active boards that have something new.
    again: HashSet<BoardId>,
}

impl Queue {
    pub(super) fn add(&mut self, board: BoardId) {
        if self.active.contains(&board) {
            self.again.insert(board);
        } else if self.is_waiting.insert(board) {
            self.waiting.push_back(board);
        }
    }

    /// The board that waits for the longest time, which is active from now on.
    pub(super) fn start_next(&mut self) -> Option<BoardId> {
        let board = self.waiting.pop_front()?;
        self.is_waiting.remove(&board);
        self.active.insert(board);
        Some(board)
    }

    /// The board is not active any more.
    pub(super) fn finish(&mut self, board: BoardId) {
        self.active.remove(&board);
        if self.again.remove(&board) {
            self.add(board);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_active_once_and_waits_again_if_it_has_something_new() {
        let mut queue = Queue::default();
        for id in [1, 2, 1] {
            queue.add(BoardId(id));
        }
        assert_eq!(queue.start_next(), Some(BoardId(1)));
        queue.add(BoardId(1));
        assert_eq!(queue.start_next(), Some(BoardId(2)));
        assert_eq!(queue.start_next(), None);
        queue.finish(BoardId(1));
        queue.finish(BoardId(2));
        assert!(!queue.is_empty());
        assert_eq!(queue.start_next(), Some(BoardId(1)));
        assert!(queue.is_empty());
        queue.finish(BoardId(1));
        assert!(queue.is_empty());
    }
}
