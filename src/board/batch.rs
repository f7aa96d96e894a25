//! Decides the commands that share a transaction, one after the other, on the board in memory. Must not use the database.

use std::ops::Range;

use super::{clock::now, command::Envelope};
use crate::model::{Board, BoardObject, Event, Limits, Notice, Rejection, decide};

/// How many commands may share a transaction: enough for simultaneous clicks to share one commit, few enough to keep the
/// wait short.
pub(super) const MAX_BATCH: usize = 1_024;

/// The decisions on one batch: the board after it, its events, and the result of each command.
pub(super) struct Batch {
    pub(super) board: Board,
    pub(super) events: Vec<Event>,
    pub(super) results: Vec<Result<CommandResult, Rejection>>,
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
        }
    }

    pub(super) fn decide(board: &Board, commands: &[Envelope], limits: &Limits) -> Batch {
        let mut batch = Batch::empty(board);
        let at = now();
        for envelope in commands {
            let Envelope {
                browser, command, ..
            } = envelope;
            let decided = decide(&batch.board, browser, command, limits, at);
            let result = decided.map(|decision| {
                let first = batch.events.len();
                if !decision.events.is_empty() {
                    batch.board = decision.board;
                    batch.events.extend(decision.events);
                }
                CommandResult {
                    events: first..batch.events.len(),
                    about: decision.about,
                    note: decision.note,
                    repeats: decision.repeats,
                }
            });
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
}

#[cfg(test)]
mod tests {
    use tokio::{sync::oneshot, time::Instant};

    use super::{super::command::CancelToken, *};
    use crate::model::{BoardId, BrowserId, Command, Name, Slug};

    fn rename(browser: &str, name: &str) -> Envelope {
        Envelope {
            browser: BrowserId::from_hash(browser.to_owned()),
            command: Command::Rename(Name::from_stored(name.to_owned())),
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
        let batch = Batch::decide(&board, &commands, &Limits::default());
        let ranges = batch
            .results
            .into_iter()
            .map(|result| result.ok().map(|result| result.events));
        assert_eq!(ranges.collect::<Vec<_>>(), [Some(0..1), None, Some(1..2)]);
        let numbers = batch.events.iter().map(|event| event.number);
        assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
        assert_eq!(batch.board.version(), 2);
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
        let batch = Batch::decide(&board, &commands, &limits);
        let rejected = batch.results.iter().map(Result::is_err);
        assert_eq!(rejected.collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(batch.events.len(), 2);
    }
}
