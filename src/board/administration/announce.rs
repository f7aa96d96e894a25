//! Tells the processes that serve a board that it was changed by a process that serves none.

use super::super::peers::{
    bus::PeerBus,
    message::{CHANNEL, PeerPayload},
};
use crate::db::{self, Backend, Database};

/// Notifies all processes on PostgreSQL. Those on SQLite find out by themselves, within a second if somebody follows the board.
pub(super) async fn announce(database: &Database, payload: PeerPayload) -> Result<(), db::Error> {
    if database.backend() == Backend::Sqlite {
        return Ok(());
    }
    if let Ok(message) = PeerBus::new().encode(payload) {
        // The message is JSON of numbers and fixed words, without apostrophes.
        let notify = format!("SELECT pg_notify('{CHANNEL}', '{message}')");
        let mut conn = database.read().await?;
        conn.execute(diesel::sql_query(notify)).await?;
    }
    Ok(())
}
