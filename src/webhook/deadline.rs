//! The deadline of a board, which closes it without an event: an endpoint is told when it has passed, between the events before and after
//! that moment. A cursor has the deadline that was in force after its event, until that is done.

use chrono::TimeDelta;

use super::decision::closes;
use crate::model::{Action, Board, EventSummary, Timestamp};

/// How long events from before a deadline may be on their way into the log.
const SETTLING: TimeDelta = TimeDelta::seconds(2);

/// What an event makes of the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Stays,
    Becomes(Option<Timestamp>),
    /// The board tells: an undo restored what it was before.
    Restored,
}

impl Effect {
    pub(super) fn of(action: &Action) -> Effect {
        match action {
            Action::SetDeadline { at } => Effect::Becomes(*at),
            Action::Undid { what, .. } | Action::Redid { what, .. }
                if matches!(**what, Action::SetDeadline { .. } | Action::Reopened) =>
            {
                Effect::Restored
            }
            _ => Effect::Stays,
        }
    }
}

/// The time by which a deadline must have passed, at the end of a log that was read at `now`.
pub(super) fn passed_by(now: Timestamp) -> Timestamp {
    now - SETTLING
}

/// The deadline that an undo has restored, unless it has passed and the undo was sent as a decision itself.
pub(super) fn restored(board: &Board, event: &EventSummary) -> Option<Timestamp> {
    let at = board.deadline()?.at;
    let is_told = at <= event.at && closes(&event.action);
    (!is_told).then_some(at)
}

/// Whether it was this deadline that closed a board.
pub(super) fn has_closed(board: &Board, deadline: Timestamp) -> bool {
    let closed = board.closed(deadline);
    closed.is_some_and(|closed| closed.by_deadline && closed.at == deadline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_concerns_the_deadline_has_an_effect() {
        let at = Some("2030-01-02T18:00:00".parse().unwrap());
        let set = || Action::SetDeadline { at };
        let undid = |what| Action::Undid {
            number: 1,
            what: Box::new(what),
        };
        let redid = |what| Action::Redid {
            number: 1,
            what: Box::new(what),
        };
        let removed = Action::SetDeadline { at: None };
        assert_eq!(Effect::of(&set()), Effect::Becomes(at));
        assert_eq!(Effect::of(&removed), Effect::Becomes(None));
        for action in [
            undid(set()),
            redid(set()),
            undid(Action::Reopened),
            redid(Action::Reopened),
        ] {
            assert_eq!(Effect::of(&action), Effect::Restored);
        }
        // A deadline that is to come survives that, and of one that has passed the endpoint was told before.
        for action in [
            Action::Reopened,
            Action::Consented,
            undid(Action::Consented),
        ] {
            assert_eq!(Effect::of(&action), Effect::Stays);
        }
    }
}
