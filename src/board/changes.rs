//! Tells others in this process which boards have new events, whichever process wrote them. It names boards, not events: the
//! reader looks into the log.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use crate::model::BoardId;

/// The boards with new events since the last look, for one watcher. It may miss boards of other processes, and new boards.
#[derive(Default)]
pub struct ChangedBoards {
    boards: Mutex<HashSet<BoardId>>,
    added: Notify,
}

/// All watchers. Costs a writer one atomic load while there are none.
#[derive(Default)]
pub(super) struct Watchers {
    are_some: AtomicBool,
    watchers: Mutex<Vec<Arc<ChangedBoards>>>,
}

impl ChangedBoards {
    /// Waits for the next boards with new events. Dropping the future loses none.
    pub async fn next(&self) -> HashSet<BoardId> {
        loop {
            let added = self.added.notified();
            let boards = std::mem::take(&mut *self.lock());
            if !boards.is_empty() {
                return boards;
            }
            added.await;
        }
    }

    fn add(&self, board: BoardId) {
        let is_new = self.lock().insert(board);
        if is_new {
            self.added.notify_one();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<BoardId>> {
        self.boards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watchers {
    pub(super) fn add(&self) -> Arc<ChangedBoards> {
        let watcher = Arc::new(ChangedBoards::default());
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.push(watcher.clone());
        self.are_some.store(true, Ordering::Release);
        watcher
    }

    /// Tells all watchers that a board has new events.
    pub(super) fn tell(&self, board: BoardId) {
        if self.are_some.load(Ordering::Acquire) {
            let watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
            for watcher in watchers.iter() {
                watcher.add(board);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_watcher_is_told_each_board_once() {
        let watchers = Watchers::default();
        watchers.tell(BoardId(1));
        let (one, other) = (watchers.add(), watchers.add());
        for id in [2, 3, 2] {
            watchers.tell(BoardId(id));
        }
        let both = HashSet::from([BoardId(2), BoardId(3)]);
        assert_eq!(one.next().await, both);
        watchers.tell(BoardId(2));
        assert_eq!(one.next().await, HashSet::from([BoardId(2)]));
        assert_eq!(other.next().await, both);
    }
}
