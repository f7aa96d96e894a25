//! Makes boards visible that were imported, in place of others or beside them.

use diesel::prelude::*;

use super::{
    epoch::new_epoch,
    staging::{SlugState, StagedBoard, staged_slug, was_discarded},
    webhooks::{lock_endpoints, skip_history},
};
use crate::{
    db::{
        Conn, Error, Notification, Transaction,
        schema::{boards, requests},
    },
    model::{BoardId, Epoch, Name, Slug, Timestamp},
};

/// How a staged board becomes visible.
pub struct Publication {
    pub staged: StagedBoard,
    pub slug: Slug,
    pub created_as: Name,
    pub created_at: Timestamp,
    /// None for a new one.
    pub epoch: Option<Epoch>,
    /// What the slug may be that of: that board is replaced.
    pub over: SlugState,
}

/// Why no board became visible.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The board with the slug of this publication is not as it was.
    #[error("another board has the slug by now")]
    Taken(usize),
    #[error(transparent)]
    Database(#[from] Error),
}

/// Makes all boards visible, in this transaction, which it commits. Returns the boards that were replaced; they are to be discarded. If
/// there are any, the other processes are notified in the same transaction.
pub async fn publish(
    mut conn: Transaction,
    publications: &[Publication],
    at: Timestamp,
    notification: &Notification,
) -> Result<Vec<BoardId>, PublishError> {
    lock_endpoints(&mut conn).await?;
    let mut replaced = Vec::new();
    for (index, publication) in publications.iter().enumerate() {
        let old = hide(&mut conn, publication, at).await?;
        if old.is_none() && publication.over == SlugState::Untouched {
            conn.rollback().await?;
            return Err(PublishError::Taken(index));
        }
        let StagedBoard { id, slug } = &publication.staged;
        let row = boards::table.filter(boards::id.eq(id.0).and(boards::slug.eq(slug.clone())));
        let update = diesel::update(row).set((
            boards::slug.eq(publication.slug.as_str().to_owned()),
            boards::name.eq(publication.created_as.to_string()),
            boards::created_at.eq(publication.created_at),
            boards::epoch.eq(publication.epoch.unwrap_or_else(new_epoch).0),
        ));
        match conn.execute(update).await {
            Ok(1) => {}
            Ok(_) => {
                conn.rollback().await?;
                return Err(was_discarded().into());
            }
            Err(Error::UniqueViolation(_)) => {
                conn.rollback().await?;
                return Err(PublishError::Taken(index));
            }
            Err(error) => return Err(error.into()),
        }
        skip_history(&mut conn, *id, at).await?;
        if let Some(old) = old {
            keep_requests(&mut conn, old, *id).await?;
            replaced.push(old);
        }
    }
    if !replaced.is_empty() {
        conn.notify(notification).await?;
    }
    conn.commit().await?;
    Ok(replaced)
}

/// Takes the slug from the board that is replaced, if there is one. Its new epoch tells the processes that have it in memory.
async fn hide(
    conn: &mut Conn,
    publication: &Publication,
    at: Timestamp,
) -> Result<Option<BoardId>, Error> {
    if publication.over == SlugState::Free {
        return Ok(None);
    }
    // An untouched board may have been changed meanwhile.
    let max_version = match publication.over {
        SlugState::Untouched => 0,
        _ => i64::MAX,
    };
    let is_deleted = publication.over == SlugState::Deleted;
    let row = boards::slug
        .eq(publication.slug.as_str().to_owned())
        .and(boards::version.le(max_version))
        .and(boards::deleted_at.is_not_null().eq(is_deleted));
    let hidden = diesel::update(boards::table.filter(row)).set((
        boards::slug.eq(staged_slug()),
        boards::created_at.eq(at),
        boards::epoch.eq(new_epoch().0),
    ));
    let id: Option<i64> = conn.get(hidden.returning(boards::id)).await?;
    Ok(id.map(BoardId))
}

/// Keeps the requests that created boards: they are stored with the board `main`, whichever that is.
async fn keep_requests(conn: &mut Conn, old: BoardId, new: BoardId) -> Result<(), Error> {
    let created = requests::table
        .filter(requests::board_id.eq(old.0))
        .filter(requests::created_board_id.is_not_null());
    let moved = diesel::update(created).set(requests::board_id.eq(new.0));
    conn.execute(moved).await.map(drop)
}
