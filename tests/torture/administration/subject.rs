//! A board that people write to, and that the operator works on.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Instant,
};

use super::{
    board_file::BoardFile,
    command::{Outcome, Span},
    state::{Operation, State},
};
use crate::ledger::Ledger;

/// Who was to be forgotten.
#[derive(Clone, Debug)]
pub struct Forgotten {
    pub name: String,
    pub outcome: Outcome,
    pub span: Span,
}

/// Shared by everybody who does something with a board.
pub struct Subject {
    pub slug: String,
    /// The id of the board that was made.
    pub id: i64,
    /// Whether several processes serve it.
    pub has_peers: bool,
    /// Whether people must be prepared for their token, their items or the board being gone.
    is_disturbed: AtomicBool,
    /// The names that were used, each by one participant.
    pub people: Mutex<Vec<String>>,
    pub forgotten: Mutex<Vec<Forgotten>>,
    /// The reasons that were given, by whom and until when.
    reasons: Mutex<Vec<(String, String, Instant)>>,
    /// What people were answered.
    pub ledger: Mutex<Ledger>,
    /// What was done in this round, in groups that happened at once.
    pub operations: Mutex<Vec<Vec<Operation>>>,
    /// All that was done, for errors.
    pub history: Mutex<Vec<String>>,
    /// Whole exports of it.
    pub files: Mutex<Vec<Arc<BoardFile>>>,
    /// The id of the board that is there after the last round, or was there before it was deleted.
    pub last_id: AtomicI64,
    /// With which event messages about the board can begin that is there.
    pub beginnings: Mutex<BTreeSet<i64>>,
    /// What is there after the last round.
    pub state: Mutex<State>,
}

impl Subject {
    pub fn new(slug: String, id: i64, has_peers: bool) -> Arc<Subject> {
        Arc::new(Subject {
            slug,
            id,
            has_peers,
            is_disturbed: AtomicBool::new(false),
            people: Mutex::default(),
            forgotten: Mutex::default(),
            reasons: Mutex::default(),
            ledger: Mutex::default(),
            operations: Mutex::default(),
            history: Mutex::default(),
            files: Mutex::default(),
            last_id: AtomicI64::new(id),
            beginnings: Mutex::new(BTreeSet::from([State::Own.beginning()])),
            state: Mutex::new(State::Own),
        })
    }

    /// Before something that takes rows or people away.
    pub fn disturb(&self) {
        self.is_disturbed.store(true, Ordering::SeqCst);
    }

    pub fn is_disturbed(&self) -> bool {
        self.is_disturbed.load(Ordering::SeqCst)
    }

    pub fn is_deleted(&self) -> bool {
        matches!(*self.state.lock().unwrap(), State::Deleted)
    }

    /// Adds a reason that is answered now.
    pub fn give_reason(&self, by: &str, reason: String) {
        let given = (by.to_owned(), reason, Instant::now());
        self.reasons.lock().unwrap().push(given);
    }

    /// Adds somebody who was to be forgotten.
    pub fn forget(&self, forgotten: Forgotten) {
        let text = format!("{}: {:?}", forgotten.name, forgotten.outcome);
        self.history.lock().unwrap().push(text);
        self.forgotten.lock().unwrap().push(forgotten);
    }

    /// The names and reasons that must be nowhere on the board that is there now.
    pub fn erased_texts(&self) -> Vec<String> {
        let since = match &*self.state.lock().unwrap() {
            State::Imported(_, span) => Some(span.1),
            _ => None,
        };
        let forgotten = self.forgotten.lock().unwrap();
        let erased = forgotten.iter().filter(|forgotten| {
            forgotten.outcome == Outcome::Done
                // A file that was written before may have brought it back.
                && since.is_none_or(|since| forgotten.span.0 > since)
        });
        let reasons = self.reasons.lock().unwrap();
        erased
            // Others are called `User-N` now.
            .filter(|forgotten| !forgotten.name.starts_with("User-"))
            .flat_map(|forgotten| {
                let given = reasons.iter().filter(|(by, _, answered)| {
                    *by == forgotten.name && *answered < forgotten.span.0
                });
                let given = given.map(|(_, reason, _)| reason.clone());
                given.chain([forgotten.name.clone()])
            })
            .collect()
    }

    /// Whether names may have been erased since a time.
    pub fn may_differ_in_names(&self, since: Span) -> bool {
        let forgotten = self.forgotten.lock().unwrap();
        forgotten
            .iter()
            .any(|forgotten| forgotten.outcome != Outcome::Refused && forgotten.span.1 > since.0)
    }
}
