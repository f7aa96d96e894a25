//! Which events decide something: that a board is agreed, or closed. And the board as such an event left it.

use crate::{
    board::{Boards, OpenError},
    db,
    model::{Action, Board, BoardId, EventSummary, Slug},
    store,
};

use super::filter::{AGREED, CLOSED};

/// Up to this number of events a board is replayed. A longer one is shown as it is now.
const MAX_REPLAYED: i64 = 20_000;
const EVENTS_PER_PAGE: i64 = 200;
const MAX_PAGE_BYTES: usize = 64 * 1_024 * 1_024;

/// What an event decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Agreed,
    Closed,
}

impl Decision {
    /// The type of the message.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Decision::Agreed => AGREED,
            Decision::Closed => CLOSED,
        }
    }

    /// What the id of the message ends with.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Decision::Agreed => "agreed",
            Decision::Closed => "closed",
        }
    }

    /// What an event decided, in the order of the messages.
    pub(super) fn of(event: &EventSummary, makes_agreed: bool) -> impl Iterator<Item = Decision> {
        let agreed = makes_agreed.then_some(Decision::Agreed);
        let closed = closes(&event.action).then_some(Decision::Closed);
        agreed.into_iter().chain(closed)
    }
}

/// Whether a board is closed by hand after an action.
pub(super) fn closes(action: &Action) -> bool {
    match action {
        Action::Closed { .. } => true,
        Action::Undid { what, .. } => matches!(**what, Action::Reopened),
        Action::Redid { what, .. } => matches!(**what, Action::Closed { .. }),
        _ => false,
    }
}

/// A board after its event `number`; as it is now, if that would take long. None if there is no such board, or another one at its
/// address by now.
pub(super) async fn board_after(
    boards: &Boards,
    (board, slug): (BoardId, &Slug),
    number: i64,
) -> Result<Option<Board>, OpenError> {
    let handle = match boards.open(slug).await {
        Err(OpenError::Unknown) => return Ok(None),
        handle => handle?,
    };
    if handle.id() != board {
        return Ok(None);
    }
    if handle.version() < number {
        handle.refresh().await;
    }
    let now = handle.read().await.board.clone();
    if now.version() == number || number > MAX_REPLAYED {
        return Ok(Some(now));
    }
    let replayed = replayed(boards, &now, number).await;
    let replayed = replayed.map_err(|error| OpenError::Database(error.into()))?;
    Ok(Some(replayed.unwrap_or(now)))
}

/// None if the log is too large, or is another one meanwhile.
async fn replayed(boards: &Boards, now: &Board, number: i64) -> Result<Option<Board>, db::Error> {
    let mut board = Board::new(now.id, now.slug.clone(), now.created_as().clone());
    board.epoch = now.epoch;
    while board.version() < number {
        let first = board.version();
        let span = first..=number.min(first + EVENTS_PER_PAGE);
        let page = store::events_between(boards.database(), now.id, span, MAX_PAGE_BYTES).await?;
        let Some(page) = page.filter(|page| !page.is_empty()) else {
            return Ok(None);
        };
        for event in &page {
            board.apply(event);
        }
    }
    Ok(Some(board))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Actor, Name, ParticipantId};

    fn decisions(action: Action, makes_agreed: bool) -> Vec<Decision> {
        let event = EventSummary {
            number: 1,
            at: "2030-01-02T18:00:00".parse().unwrap(),
            actor: Actor {
                id: ParticipantId(1),
                name: Name::from_stored("Ann".to_owned()),
            },
            action,
        };
        Decision::of(&event, makes_agreed).collect()
    }

    #[test]
    fn closing_is_a_decision_however_it_came_about() {
        let closed = || Action::Closed {
            chosen: Vec::new(),
            unlisted: 0,
            text: None,
        };
        let undid = |what| Action::Undid {
            number: 1,
            what: Box::new(what),
        };
        let redid = |what| Action::Redid {
            number: 1,
            what: Box::new(what),
        };
        let is_closed = vec![Decision::Closed];
        assert_eq!(decisions(closed(), false), is_closed);
        assert_eq!(decisions(undid(Action::Reopened), false), is_closed);
        assert_eq!(decisions(redid(closed()), false), is_closed);
        for action in [undid(closed()), redid(Action::Reopened), Action::Reopened] {
            assert_eq!(decisions(action, false), []);
        }
        assert_eq!(decisions(Action::Consented, true), [Decision::Agreed]);
    }
}
