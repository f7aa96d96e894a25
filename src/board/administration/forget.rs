//! Erases a participant.

use super::announce::epoch_changed;
use crate::{
    db::{self, Database},
    model::BoardId,
    store::{self, Forgotten, Whom},
};

/// Why a participant was not erased.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    #[error("another participant is being erased")]
    Busy,
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Replaces the name of a participant by `User-N`, and empties the reasons of its vetoes, in rows and log. Every process that serves the
/// board loads it again. None if there is no such participant.
///
/// # Errors
/// As for [`store::forget`].
pub async fn forget(
    database: &Database,
    board: BoardId,
    whom: Whom,
) -> Result<Option<Forgotten>, db::Error> {
    store::forget(database, board, &whom, &epoch_changed(board)).await
}
