//! Tells the processes that serve a board that it was changed by a process that serves none. Those on SQLite find out by themselves,
//! within a second if somebody follows the board.

use super::super::peers::{
    bus::PeerBus,
    message::{CHANNEL, PeerPayload},
};
use crate::{
    db::{self, Backend, Database, Notification},
    model::BoardId,
};

/// Tells that a board is in another epoch, or was deleted. For the transaction that does it: a process that missed it would show the
/// board as it was for up to half a minute.
pub(super) fn epoch_changed(board: BoardId) -> Notification {
    notification(PeerPayload::EpochChanged {
        board: Some(board.0),
    })
}

/// Tells that some boards are in another epoch, or were replaced.
#[must_use]
pub fn epochs_changed() -> Notification {
    notification(PeerPayload::EpochChanged { board: None })
}

fn notification(payload: PeerPayload) -> Notification {
    Notification {
        channel: CHANNEL,
        // Numbers and fixed words can always be encoded.
        payload: PeerBus::new().encode(payload).unwrap_or_default(),
    }
}

/// Tells it in a transaction of its own.
pub(super) async fn announce(database: &Database, payload: PeerPayload) -> Result<(), db::Error> {
    if database.backend() == Backend::Sqlite {
        return Ok(());
    }
    let mut conn = database.write().await?;
    conn.notify(&notification(payload)).await?;
    conn.commit().await
}
