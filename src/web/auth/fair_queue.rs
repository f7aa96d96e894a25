//! A queue in which keys take turns: a key with many waiting entries delays only itself (start-time fair queueing, with entries of
//! equal cost). At most one turn is taken at a time.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

pub(super) struct FairQueue<K: Key>(Arc<Mutex<State<K>>>);

pub(super) trait Key: Copy + Eq + Hash {}

impl<K: Copy + Eq + Hash> Key for K {}

/// The place of an entry: its round, and the number of the entry. Each key has one entry in each round.
type Place = (u64, u64);

struct State<K: Key> {
    is_taken: bool,
    /// The round of the current turn.
    round: u64,
    entries: u64,
    waiting: BTreeMap<Place, Waiting<K>>,
    /// The keys with a turn in the current round or later.
    keys: HashMap<K, KeyState>,
}

struct Waiting<K: Key> {
    key: K,
    sender: oneshot::Sender<Turn<K>>,
}

#[derive(Default)]
struct KeyState {
    /// The round of the latest entry.
    last_round: u64,
    waiting: usize,
}

/// Too many entries of the key are waiting.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl<K: Key> Default for FairQueue<K> {
    fn default() -> FairQueue<K> {
        FairQueue(Arc::new(Mutex::new(State {
            is_taken: false,
            round: 1,
            entries: 0,
            waiting: BTreeMap::new(),
            keys: HashMap::new(),
        })))
    }
}

impl<K: Key> FairQueue<K> {
    /// Waits for a turn. Gives up the place if dropped before.
    ///
    /// # Errors
    /// `limit` entries of this key are waiting already.
    pub(super) async fn turn(&self, key: K, limit: usize) -> Result<Turn<K>, Full> {
        let (receiver, _place) = {
            let mut guard = self.lock();
            let state = &mut *guard;
            let (round, entry) = (state.round, state.entries);
            let key_state = state.keys.entry(key).or_default();
            if key_state.waiting >= limit {
                return Err(Full);
            }
            let place = (round.max(key_state.last_round + 1), entry);
            key_state.last_round = place.0;
            if !state.is_taken {
                state.is_taken = true;
                state.round = place.0;
                return Ok(Turn(Some(self.clone())));
            }
            key_state.waiting += 1;
            state.entries += 1;
            let (sender, receiver) = oneshot::channel();
            state.waiting.insert(place, Waiting { key, sender });
            let place = PlaceGuard {
                queue: self.clone(),
                place,
            };
            (receiver, place)
        };
        // The sender is kept until it has sent.
        receiver.await.map_err(|_| Full)
    }

    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes the turn on to the next entry.
    fn pass_on(&self) {
        let mut state = self.lock();
        while let Some((place, waiting)) = state.waiting.pop_first() {
            state.round = place.0;
            state.left(waiting.key);
            match waiting.sender.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // The entry was dropped just now. Its turn must not end again.
                Err(mut turn) => turn.0 = None,
            }
        }
        state.is_taken = false;
    }
}

impl<K: Key> Clone for FairQueue<K> {
    fn clone(&self) -> Self {
        FairQueue(self.0.clone())
    }
}

impl<K: Key> State<K> {
    /// An entry of this key no longer waits.
    fn left(&mut self, key: K) {
        if let Some(key_state) = self.keys.get_mut(&key) {
            key_state.waiting -= 1;
        }
        let round = self.round;
        self.keys
            .retain(|_, key| key.waiting > 0 || key.last_round >= round);
    }
}

/// Removes a waiting entry that is dropped.
struct PlaceGuard<K: Key> {
    queue: FairQueue<K>,
    place: Place,
}

impl<K: Key> Drop for PlaceGuard<K> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        if let Some(waiting) = state.waiting.remove(&self.place) {
            state.left(waiting.key);
        }
    }
}

/// A turn; it ends when this is dropped.
pub(super) struct Turn<K: Key>(Option<FairQueue<K>>);

impl<K: Key> Drop for Turn<K> {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, future::BoxFuture};
    use proptest::prelude::*;

    use super::*;

    type Pending = (u8, BoxFuture<'static, Result<Turn<u8>, Full>>);

    fn enter(
        queue: &FairQueue<u8>,
        key: u8,
        limit: usize,
    ) -> BoxFuture<'static, Result<Turn<u8>, Full>> {
        let queue = queue.clone();
        async move { queue.turn(key, limit).await }.boxed()
    }

    /// Enters these keys in order while a turn is taken; all wait.
    fn enter_all(queue: &FairQueue<u8>, keys: &[u8]) -> Vec<Pending> {
        let entries = keys
            .iter()
            .map(|key| (*key, enter(queue, *key, usize::MAX)));
        let mut entries: Vec<Pending> = entries.collect();
        for (key, entry) in &mut entries {
            assert!(entry.now_or_never().is_none(), "{key}");
        }
        entries
    }

    /// The key whose turn it is, and the turn.
    fn take_turn(entries: &mut Vec<Pending>) -> Option<(u8, Turn<u8>)> {
        for n in 0..entries.len() {
            let (key, entry) = &mut entries[n];
            let key = *key;
            if let Some(turn) = entry.now_or_never() {
                drop(entries.remove(n));
                return Some((key, turn.unwrap()));
            }
        }
        None
    }

    /// The order in which the entries get their turns after this one.
    fn order(mut turn: Turn<u8>, mut entries: Vec<Pending>) -> Vec<u8> {
        let mut order = Vec::new();
        while !entries.is_empty() {
            drop(turn);
            let (key, next) = take_turn(&mut entries).expect("somebody's turn");
            assert!(take_turn(&mut entries).is_none(), "two turns at a time");
            order.push(key);
            turn = next;
        }
        order
    }

    #[tokio::test]
    async fn keys_take_turns() {
        let queue = FairQueue::default();
        let turn = queue.turn(1, usize::MAX).await.ok().unwrap();
        let entries = enter_all(&queue, &[1, 1, 1, 1, 2, 3, 2]);
        assert_eq!(order(turn, entries), [2, 3, 1, 2, 1, 1, 1]);
        // Nothing is left behind.
        assert!(queue.turn(1, 1).await.is_ok());
        assert!(queue.lock().waiting.is_empty() && queue.lock().keys.len() <= 3);
    }

    #[tokio::test]
    async fn a_key_that_comes_late_does_not_wait_for_the_backlog_of_another() {
        let queue = FairQueue::default();
        let turn = queue.turn(1, usize::MAX).await.ok().unwrap();
        let mut entries = enter_all(&queue, &[1; 100]);
        drop(turn);
        let (_, turn) = take_turn(&mut entries).unwrap();
        entries.extend(enter_all(&queue, &[2]));
        assert_eq!(order(turn, entries)[0], 2);
    }

    #[tokio::test]
    async fn the_number_of_waiting_entries_of_a_key_is_limited() {
        let queue = FairQueue::default();
        let turn = queue.turn(1, 2).await.ok().unwrap();
        let mut entries = enter_all(&queue, &[1, 1]);
        assert_eq!(queue.turn(1, 2).await.err(), Some(Full));
        assert!(enter(&queue, 2, 2).now_or_never().is_none());
        // A place that is given up is free again.
        entries.pop();
        let again = enter(&queue, 1, 2);
        entries.push((1, again));
        assert!(take_turn(&mut entries).is_none());
        assert_eq!(order(turn, entries), [1, 1]);
        assert!(!queue.lock().is_taken || queue.lock().waiting.is_empty());
    }

    proptest! {
        /// With entries that are given up at any time, each remaining one gets its turn.
        #[test]
        fn every_entry_gets_its_turn(keys in proptest::collection::vec((0..5_u8, any::<bool>()), 0..60)) {
            let queue = FairQueue::default();
            let turn = queue.turn(9, usize::MAX).now_or_never().unwrap().ok().unwrap();
            let names: Vec<u8> = keys.iter().map(|(key, _)| *key).collect();
            let entries = enter_all(&queue, &names);
            let kept = entries.into_iter().zip(&keys);
            let kept: Vec<Pending> = kept.filter(|(_, (_, keep))| *keep).map(|(entry, _)| entry).collect();
            let mut expected: Vec<u8> = kept.iter().map(|(key, _)| *key).collect();
            let mut order = order(turn, kept);
            order.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(order, expected);
            prop_assert!(queue.lock().waiting.is_empty());
            prop_assert!(!queue.lock().is_taken);
        }

        /// No key gets its next turn before each other one that waits has had as many.
        #[test]
        fn turns_are_taken_in_rounds(keys in proptest::collection::vec(0..5_u8, 0..60)) {
            let queue = FairQueue::default();
            let turn = queue.turn(9, usize::MAX).now_or_never().unwrap().ok().unwrap();
            let mut turns = [0; 5];
            let mut rounds = Vec::new();
            for key in order(turn, enter_all(&queue, &keys)) {
                turns[usize::from(key)] += 1;
                rounds.push(turns[usize::from(key)]);
            }
            prop_assert!(rounds.is_sorted(), "{rounds:?}");
        }
    }
}
