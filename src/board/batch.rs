//! Wishes that share a transaction, and what the rules make of them, one after the other. No database.

use std::ops::Range;

use super::{door::Asked, now};
use crate::model::{Board, Event, Note, Refusal, Thing, decide};

/// What the rules made of one batch: the board after it, its events, and each wish's share.
pub(super) struct Batch {
    pub(super) board: Board,
    pub(super) events: Vec<Event>,
    pub(super) outcomes: Vec<Result<Share, Refusal>>,
}

/// What of a batch came of one wish.
pub(super) struct Share {
    /// Among the events of the batch.
    pub(super) events: Range<usize>,
    pub(super) about: Option<Thing>,
    pub(super) note: Option<Note>,
}

impl Batch {
    pub(super) fn decide(board: &Board, wishes: &[Asked]) -> Batch {
        let mut batch = Batch {
            board: board.clone(),
            events: Vec::new(),
            outcomes: Vec::with_capacity(wishes.len()),
        };
        let at = now();
        for asked in wishes {
            let outcome = decide(&batch.board, &asked.by, &asked.wish, at).map(|decision| {
                let first = batch.events.len();
                if !decision.events.is_empty() {
                    batch.board = decision.board;
                    batch.events.extend(decision.events);
                }
                Share {
                    events: first..batch.events.len(),
                    about: decision.about,
                    note: decision.note,
                }
            });
            batch.outcomes.push(outcome);
        }
        batch
    }
}
