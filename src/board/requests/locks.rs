//! Lets a repeated request wait for the first one in this process. Other processes are excluded by the database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::{Instant, timeout_at},
};

use crate::model::{BoardId, RequestKey};

type LockKey = (BoardId, Arc<str>);

/// A lock for each key that a request has or waits for.
#[derive(Default)]
pub(in crate::board) struct RequestLocks(Mutex<HashMap<LockKey, Arc<AsyncMutex<()>>>>);

/// The exclusive right to handle a request, in this process. Also held while waiting for it, so that a caller that gives up leaves no
/// entry behind.
pub(super) struct RequestLock {
    locks: Arc<RequestLocks>,
    key: LockKey,
    mutex: Arc<AsyncMutex<()>>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl RequestLocks {
    /// Waits until this process handles no other request with this key; none if that takes too long.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        board: BoardId,
        request: &RequestKey,
        until: Instant,
    ) -> Option<RequestLock> {
        let key = (board, request.key().clone());
        let mutex = self.map().entry(key.clone()).or_default().clone();
        let mut lock = RequestLock {
            locks: self.clone(),
            key,
            mutex,
            guard: None,
        };
        let guard = timeout_at(until, lock.mutex.clone().lock_owned()).await;
        lock.guard = Some(guard.ok()?);
        Some(lock)
    }

    fn map(&self) -> MutexGuard<'_, HashMap<LockKey, Arc<AsyncMutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RequestLock {
    fn drop(&mut self) {
        self.guard = None;
        let mut map = self.locks.map();
        // The map and this lock; a new one can only be made while the map is locked.
        if Arc::strong_count(&self.mutex) == 2 {
            map.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Duration;

    use super::*;

    fn request(key: &str) -> RequestKey {
        RequestKey::from_hashes(key.to_owned(), String::new(), [0; 16])
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(1)
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_the_one_before_it_and_no_longer_than_allowed() {
        let locks = Arc::new(RequestLocks::default());
        let first = locks.acquire(BoardId(1), &request("a"), soon()).await;
        assert!(first.is_some());
        let other_key = locks.acquire(BoardId(1), &request("b"), soon()).await;
        let other_board = locks.acquire(BoardId(2), &request("a"), soon()).await;
        assert!(other_key.is_some() && other_board.is_some());
        let refused = locks.acquire(BoardId(1), &request("a"), soon()).await;
        assert!(refused.is_none());
        let second = tokio::spawn({
            let locks = locks.clone();
            async move { locks.acquire(BoardId(1), &request("a"), soon()).await }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.expect("the task ends").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_remains_of_requests_that_ended_or_gave_up() {
        let locks = Arc::new(RequestLocks::default());
        let key = request("a");
        let first = locks.acquire(BoardId(1), &key, soon()).await;
        let waiting = [(); 3].map(|()| {
            let (locks, key) = (locks.clone(), key.clone());
            tokio::spawn(async move { locks.acquire(BoardId(1), &key, soon()).await.is_some() })
        });
        tokio::task::yield_now().await;
        waiting[0].abort();
        assert_eq!(locks.map().len(), 1);
        drop(first);
        for waiting in waiting {
            let _ = waiting.await;
        }
        assert!(locks.map().is_empty());
    }
}
