//! Decides the commands that share a transaction, one after the other, on the board in memory. Must not use the database.

use std::{collections::HashSet, ops::Range};

use super::{
    clock::now,
    command::{CommandError, Envelope},
};
use crate::model::{Board, BoardObject, Event, Limits, Notice, RecordedRequest, Timestamp, decide};

/// How many commands may share a transaction: enough for simultaneous clicks to share one commit, few enough to keep the
/// wait short.
pub(super) const MAX_BATCH: usize = 1_024;

/// The decisions on one batch: the board after it, its events, and the result of each command.
pub(super) struct Batch {
    pub(super) board: Board,
    pub(super) events: Vec<Event>,
    pub(super) results: Vec<Result<CommandResult, CommandError>>,
    /// The requests with a key that made events.
    pub(super) requests: Vec<RecordedRequest>,
}

/// What one command contributed to its batch.
pub(super) struct CommandResult {
    /// The range of its events in [`Batch::events`].
    pub(super) events: Range<usize>,
    pub(super) about: Option<BoardObject>,
    pub(super) note: Option<Notice>,
    pub(super) repeats: Option<i64>,
}

impl Batch {
    /// A batch without commands, which leaves the board as it is.
    pub(super) fn empty(board: &Board) -> Batch {
        Batch {
            board: board.clone(),
            events: Vec::new(),
            results: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// Decides each command, except those whose request has one of the keys in `known`, or the key of an earlier one of the batch.
    pub(super) fn decide(
        board: &Board,
        commands: &[Envelope],
        known: &HashSet<String>,
        limits: &Limits,
    ) -> Batch {
        let mut batch = Batch::empty(board);
        let at = now();
        let mut seen = HashSet::new();
        for envelope in commands {
            let result = match &envelope.request {
                Some(request)
                    if known.contains(&**request.key()) || !seen.insert(request.key()) =>
                {
                    Err(CommandError::Repeated)
                }
                _ => batch.decide_next(envelope, limits, at),
            };
            batch.results.push(result);
        }
        debug_assert!(
            Event::are_gapless_after(board.version(), &batch.events),
            "the rules number events without gaps"
        );
        debug_assert_eq!(
            batch.board.version(),
            board.version() + batch.events.len() as i64,
            "the version of a board is the number of its last event"
        );
        batch
    }

    /// Decides a command on the board as the commands before it leave it.
    fn decide_next(
        &mut self,
        envelope: &Envelope,
        limits: &Limits,
        at: Timestamp,
    ) -> Result<CommandResult, CommandError> {
        let Envelope {
            browser, command, ..
        } = envelope;
        let decided = decide(&self.board, browser, command, limits, at);
        let decision = decided.map_err(CommandError::Rejected)?;
        let first = self.events.len();
        if !decision.events.is_empty() {
            if let Some(request) = &envelope.request {
                self.requests.push(RecordedRequest {
                    request: (**request).clone(),
                    at,
                    events: self.board.version() + 1..=decision.board.version(),
                });
            }
            self.board = decision.board;
            self.events.extend(decision.events);
        }
        Ok(CommandResult {
            events: first..self.events.len(),
            about: decision.about,
            note: decision.note,
            repeats: decision.repeats,
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::{sync::oneshot, time::Instant};

    use super::{super::command::CancelToken, *};
    use crate::model::{BoardId, BrowserId, Command, Name, RequestKey, Slug};

    fn rename(browser: &str, name: &str) -> Envelope {
        Envelope {
            browser: BrowserId::from_hash(browser.to_owned()),
            command: Command::Rename(Name::from_stored(name.to_owned())),
            request: None,
            arrived_at: Instant::now(),
            cancel: CancelToken::default(),
            reply: oneshot::channel().0,
        }
    }

    #[test]
    fn a_rejected_command_leaves_no_gap_in_the_event_numbers() {
        let name = Name::from_stored("Pizza".to_owned());
        let board = Board::new(BoardId(1), Slug::main(), name);
        let commands = [rename("a", "Ann"), rename("b", "Ann"), rename("c", "Cem")];
        let batch = Batch::decide(&board, &commands, &HashSet::new(), &Limits::default());
        let ranges = batch
            .results
            .into_iter()
            .map(|result| result.ok().map(|result| result.events));
        assert_eq!(ranges.collect::<Vec<_>>(), [Some(0..1), None, Some(1..2)]);
        let numbers = batch.events.iter().map(|event| event.number);
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
        assert_eq!(batch.board.version(), 2);
    }

    proptest::proptest! {
        /// Whatever keys the commands have, each key is decided at most once, and not at all if it is known.
        #[test]
        fn a_key_is_decided_once(keys in proptest::collection::vec(0..6_usize, 0..24)) {
            let name = Name::from_stored("Pizza".to_owned());
            let board = Board::new(BoardId(1), Slug::main(), name);
            // 0 is no key, and 1 is known.
            let commands = keys.iter().enumerate().map(|(n, key)| {
                let key = (*key > 0).then(|| {
                    Box::new(RequestKey::from_hashes(key.to_string(), String::new(), [0; 16]))
                });
                Envelope { request: key, ..rename("a", &format!("Ann-{n}")) }
            });
            let commands: Vec<_> = commands.collect();
            let known = HashSet::from(["1".to_owned()]);
            let batch = Batch::decide(&board, &commands, &known, &Limits::default());
            let is_new = |at: usize| match keys[at] {
                0 => true,
                1 => false,
                key => !keys[..at].contains(&key),
            };
            let mut recorded = batch.requests.iter();
            for (at, result) in batch.results.into_iter().enumerate() {
                proptest::prop_assert_eq!(result.is_ok(), is_new(at));
                let Ok(result) = result else {
                    continue;
                };
                if keys[at] > 0 {
                    let recorded = recorded.next().expect("it made events");
                    let numbers = batch.events[result.events].iter().map(|event| event.number);
                    let same: Vec<_> = recorded.events.clone().collect();
                    proptest::prop_assert_eq!(numbers.collect::<Vec<_>>(), same);
                    proptest::prop_assert_eq!(&**recorded.request.key(), keys[at].to_string());
                }
            }
            proptest::prop_assert!(recorded.next().is_none());
        }
    }

    #[test]
    fn a_command_beyond_a_limit_does_not_fail_its_batch() {
        let name = Name::from_stored("Pizza".to_owned());
        let board = Board::new(BoardId(1), Slug::main(), name);
        let commands = [rename("a", "Ann"), rename("b", "Bob"), rename("a", "Anna")];
        let limits = Limits {
            participants: 1,
            ..Limits::default()
        };
        let batch = Batch::decide(&board, &commands, &HashSet::new(), &limits);
        let rejected = batch.results.iter().map(Result::is_err);
        assert_eq!(rejected.collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(batch.events.len(), 2);
    }
}
