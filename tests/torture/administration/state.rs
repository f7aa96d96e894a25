//! What can have become of an address, from what the commands said.

use std::sync::Arc;

use super::{
    board_file::BoardFile,
    command::{Outcome, Ran, Span},
};

/// What a command does to an address.
#[derive(Clone, Debug)]
pub enum What {
    Delete,
    /// Imports a file at its address, which has to be free.
    Import(Arc<BoardFile>),
    Replace(Arc<BoardFile>),
}

/// A command that concerns an address, and how it ended.
#[derive(Clone, Debug)]
pub struct Operation {
    pub what: What,
    pub ran: Ran,
}

/// What is at an address.
#[derive(Clone, Debug)]
pub enum State {
    Deleted,
    /// The board that was made there.
    Own,
    /// A board that came from a file, at some time in this span.
    Imported(Arc<BoardFile>, Span),
}

impl State {
    /// Whether it is the same board.
    pub fn is_same(&self, other: &State) -> bool {
        match (self, other) {
            (State::Imported(_, one), State::Imported(_, other)) => one == other,
            _ => matches!((self, other), (State::Own, State::Own)),
        }
    }

    /// The first event that messages are about: what an import brought is no news.
    pub fn beginning(&self) -> i64 {
        match self {
            State::Deleted | State::Own => 1,
            State::Imported(file, _) => file.events.len() as i64 + 1,
        }
    }
}

/// The states after some groups of operations, one group after the other. Those of a group happen at the same time.
pub fn possible(start: &State, groups: &[Vec<Operation>]) -> Vec<State> {
    groups.iter().fold(vec![start.clone()], |states, group| {
        let orders = match group.as_slice() {
            [one, other] => vec![vec![one, other], vec![other, one]],
            _ => vec![group.iter().collect()],
        };
        let is_alone = group.len() == 1;
        let mut after = Vec::new();
        for order in orders {
            let mut now = states.clone();
            for operation in order {
                now = now
                    .iter()
                    .flat_map(|state| operation.results(state, is_alone))
                    .collect();
            }
            after.extend(now);
        }
        after
    })
}

impl Operation {
    /// What may be there afterwards; nothing if the answer is wrong.
    fn results(&self, before: &State, is_alone: bool) -> Vec<State> {
        let is_deleted = matches!(before, State::Deleted);
        // What it does, if it can be done.
        let effect = match &self.what {
            What::Delete if is_deleted => None,
            What::Delete => Some(State::Deleted),
            What::Import(_) if !is_deleted => None,
            What::Import(file) | What::Replace(file) => {
                Some(State::Imported(file.clone(), self.ran.span))
            }
        };
        match (self.ran.outcome, effect) {
            (Outcome::Done, effect) => effect.into_iter().collect(),
            // Of two at once, one may find that it comes too late.
            (Outcome::Refused, Some(_)) if is_alone => vec![],
            (Outcome::Refused, _) | (Outcome::Unknown, None) => vec![before.clone()],
            (Outcome::Unknown, Some(state)) => vec![before.clone(), state],
        }
    }
}
