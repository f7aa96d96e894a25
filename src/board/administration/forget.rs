//! Erases a participant.

use super::{super::peers::message::PeerPayload, announce::announce};
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
/// As for [`store::forget`]. If the others could not be told, they find out by themselves.
pub async fn forget(
    database: &Database,
    board: BoardId,
    whom: Whom,
) -> Result<Option<Forgotten>, db::Error> {
    let forgotten = store::forget(database, board, &whom).await?;
    if forgotten.is_some() {
        let board = Some(board.0);
        announce(database, PeerPayload::EpochChanged { board }).await?;
    }
    Ok(forgotten)
}
