//! Closes a board in the name of the operator.

use super::{
    super::{
        boards::Boards, command::CommandError, peers::message::PeerPayload, registry::OpenError,
    },
    announce::announce,
};
use crate::{
    db,
    model::{BrowserId, Command, Outcome, Slug},
};

/// Why a board was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the board cannot be closed: {0:?}")]
    Command(CommandError),
    #[error("{0}")]
    Announce(#[from] db::Error),
}

/// Closes a board, as a process does that serves it.
///
/// # Errors
/// The board does not exist, or is closed, or the database fails.
pub async fn close(boards: &Boards, slug: &Slug, outcome: Outcome) -> Result<(), CloseError> {
    let handle = boards.open(slug).await?;
    // No cookie hashes to this, and it is not stored.
    let operator = BrowserId::from_hash("operator".to_owned());
    let closed = handle
        .execute(operator, Command::CloseAsOperator(outcome))
        .await;
    let closed = closed.map_err(CloseError::Command)?;
    let message = PeerPayload::VersionChanged {
        board: handle.id().0,
        version: closed.snapshot.board.version(),
        epoch: None,
    };
    announce(boards.database(), message).await?;
    Ok(())
}
