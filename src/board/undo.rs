//! Loads an event to undo it: the rows before and after are in the log only.

use crate::{
    db::{self, Database},
    model::{BoardId, Event, Limit, Limits, Rejection, Target},
    store::{self, StoredEvent},
};

/// Why an event cannot be loaded.
#[derive(Debug)]
pub enum LoadEventError {
    /// There is no such event, or it is too large to be undone.
    Rejected(Rejection),
    Database(db::Error),
}

/// Loads an event, if its undo is not too large: an undo has the size of its event, so that a larger one would be rejected anyway.
pub(super) async fn load_event(
    database: &Database,
    limits: &Limits,
    board: BoardId,
    number: i64,
) -> Result<Event, LoadEventError> {
    let limit = Limit::EventBytes;
    let max = limits.max(limit);
    let stored = store::event(database, board, number, max).await;
    match stored.map_err(LoadEventError::Database)? {
        StoredEvent::Loaded(event) => Ok(*event),
        StoredEvent::Missing => Err(LoadEventError::Rejected(Rejection::Unknown(Target::Event(
            number,
        )))),
        StoredEvent::TooLarge => Err(LoadEventError::Rejected(Rejection::LimitExceeded {
            limit,
            max,
        })),
    }
}
