//! Starts new epochs.

use super::{super::peers::message::PeerPayload, announce::announce};
use crate::{
    db::{self, Database},
    store,
};

/// Starts a new epoch of every board, and tells the processes that serve them; returns the number of boards.
///
/// # Errors
/// If the database is unavailable or lacks the tables.
pub async fn renew_epochs(database: &Database) -> Result<usize, db::Error> {
    let boards = store::renew_epochs(database).await?;
    announce(database, PeerPayload::EpochChanged { board: None }).await?;
    Ok(boards)
}
