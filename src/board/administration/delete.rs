//! Deletes a board.

use super::{super::clock::now, announce::epoch_changed};
use crate::{
    db::{self, Database},
    model::Slug,
    store::{self, DeletedBoard, DeletionReason},
};

/// Deletes a board with everything on it. Returns none if there is no such board, or no reason to delete it. The board `main` is
/// replaced by an empty one.
///
/// # Errors
/// If the database fails. If the board does not exist any more, a process that serves boards removes what is left of it.
pub async fn delete(
    database: &Database,
    slug: &Slug,
    reason: DeletionReason,
) -> Result<Option<DeletedBoard>, db::Error> {
    let deleted = store::mark_deleted(database, slug, reason, now(), epoch_changed).await?;
    if let Some(deleted) = deleted {
        store::remove_rows(database, deleted.id).await?;
    }
    Ok(deleted)
}
