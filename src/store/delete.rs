//! Deletes boards. A mark ends a board at once, whatever its size. Then its rows go in short transactions, and after a while its
//! address is forgotten too.

use chrono::TimeDelta;
use diesel::{dsl::exists, prelude::*, sql_query};

use super::epoch::new_epoch;
use crate::{
    db::{
        Database, Error, Notification,
        schema::{boards, events, requests},
    },
    model::{BoardId, Slug, Timestamp},
};

/// How long the address of a deleted board says that the board was deleted.
const REMEMBERED_FOR: TimeDelta = TimeDelta::days(30);

/// How many rows one transaction deletes.
const ROWS_PER_TRANSACTION: usize = 5_000;

/// How many boards one query returns or deletes.
const BOARDS_PER_QUERY: i64 = 500;

/// The tables of a board with the rest of their keys. A table precedes those that it refers to. Events are last: a board that has
/// none has no other rows, but perhaps requests.
const TABLES: [(&str, &str); 10] = [
    ("vetoes", "feature_id, participant_id"),
    ("consents", "participant_id"),
    ("settings", "setting"),
    ("browsers", "token"),
    ("features", "id"),
    ("items", "id"),
    ("participants", "id"),
    ("requests", "key"),
    ("webhook_cursors", "endpoint"),
    ("events", "number"),
];

/// Why a board is deleted.
#[derive(Clone, Copy, Debug)]
pub enum DeletionReason {
    Requested,
    /// Only if nothing has changed since.
    IdleSince(Timestamp),
}

/// A board that was just marked as deleted.
#[derive(Clone, Copy, Debug)]
pub struct DeletedBoard {
    /// The board whose rows are still to be removed.
    pub id: BoardId,
    /// Whether an empty board has taken its address, since there is always a board `main`.
    pub is_replaced: bool,
}

/// Marks a board as deleted, in one transaction: from then on it does not exist for anybody. None if there is no such board, or no
/// reason to delete it. The other processes get `notification` of the board in the same transaction.
pub async fn mark_deleted(
    database: &Database,
    slug: &Slug,
    reason: DeletionReason,
    at: Timestamp,
    notification: impl FnOnce(BoardId) -> Notification,
) -> Result<Option<DeletedBoard>, Error> {
    let existing = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .filter(boards::deleted_at.is_null());
    let mut conn = database.write().await?;
    // Locks the row, so that no change is in progress.
    let lock = diesel::update(existing)
        .set(boards::version.eq(boards::version))
        .returning((boards::id, boards::version, boards::created_at));
    let Some((id, version, created)) = conn.get::<(i64, i64, Timestamp), _>(lock).await? else {
        conn.rollback().await?;
        return Ok(None);
    };
    if let DeletionReason::IdleSince(since) = reason {
        let last_event = events::table.find((id, version)).select(events::at);
        let changed = conn.get::<Timestamp, _>(last_event).await?;
        if changed.unwrap_or(created) >= since {
            conn.rollback().await?;
            return Ok(None);
        }
    }
    let left = match slug.is_main() {
        // An address that nobody knows.
        true => Slug::secret(rand::random()),
        false => slug.clone(),
    };
    let mark = diesel::update(boards::table.find(id)).set((
        boards::slug.eq(left.as_str().to_owned()),
        boards::name.eq(String::new()),
        boards::version.eq(0),
        boards::last_participant.eq(0),
        boards::last_item.eq(0),
        boards::last_feature.eq(0),
        boards::epoch.eq(new_epoch().0),
        boards::renewal.eq(None::<i64>),
        boards::renewal_by.eq(None::<i64>),
        boards::renewal_before.eq(None::<i64>),
        boards::renewal_before_by.eq(None::<i64>),
        boards::deleted_at.eq(Some(at)),
    ));
    conn.execute(mark).await?;
    if slug.is_main() {
        let empty = diesel::insert_into(boards::table).values((
            boards::slug.eq(slug.as_str().to_owned()),
            boards::name.eq(slug.as_str().to_owned()),
            boards::created_at.eq(at),
            boards::epoch.eq(new_epoch().0),
        ));
        conn.execute(empty).await?;
    }
    conn.notify(&notification(BoardId(id))).await?;
    conn.commit().await?;
    Ok(Some(DeletedBoard {
        id: BoardId(id),
        is_replaced: slug.is_main(),
    }))
}

/// Removes the rows of a deleted board: those of a small one in one transaction. Goes on where an earlier call ended.
pub async fn remove_rows(database: &Database, board: BoardId) -> Result<(), Error> {
    let id = board.0;
    loop {
        let mut conn = database.write().await?;
        // One process at a time, so that all count the rows that they delete.
        let lock = diesel::update(boards::table.find(id)).set(boards::version.eq(boards::version));
        conn.execute(lock).await?;
        // What was answered when the board was created says its name.
        let created = requests::table.filter(requests::created_board_id.eq(id));
        conn.execute(diesel::update(created).set(requests::answer.eq(None::<Vec<u8>>)))
            .await?;
        let mut left = ROWS_PER_TRANSACTION;
        for (table, key) in TABLES {
            let delete = format!(
                "DELETE FROM {table} WHERE board_id = {id} AND ({key}) IN \
                 (SELECT {key} FROM {table} WHERE board_id = {id} LIMIT {left})"
            );
            left -= conn.execute(sql_query(delete)).await?.min(left);
            if left == 0 {
                break;
            }
        }
        conn.commit().await?;
        if left > 0 {
            return Ok(());
        }
    }
}

/// Some deleted boards that still have rows.
pub async fn boards_to_clear(database: &Database) -> Result<Vec<BoardId>, Error> {
    let has_events = exists(events::table.filter(events::board_id.eq(boards::id)));
    let has_requests = exists(requests::table.filter(requests::board_id.eq(boards::id)));
    let query = boards::table
        .filter(boards::deleted_at.is_not_null())
        .filter(has_events.or(has_requests))
        .order(boards::id)
        .limit(BOARDS_PER_QUERY)
        .select(boards::id);
    let ids = database.read().await?.load::<i64, _>(query).await?;
    Ok(ids.into_iter().map(BoardId).collect())
}

/// Forgets the addresses of boards that were deleted long ago, if their rows are removed; returns whether none remain.
pub async fn forget_deleted(database: &Database, now: Timestamp) -> Result<bool, Error> {
    let has_events = exists(events::table.filter(events::board_id.eq(boards::id)));
    let has_requests = exists(requests::table.filter(requests::board_id.eq(boards::id)));
    let old = boards::table
        .filter(boards::deleted_at.lt(now - REMEMBERED_FOR))
        .filter(diesel::dsl::not(has_events.or(has_requests)))
        .order(boards::id)
        .limit(BOARDS_PER_QUERY)
        .select(boards::id);
    let mut conn = database.write().await?;
    let ids = conn.load::<i64, _>(old).await?;
    let is_last = (ids.len() as i64) < BOARDS_PER_QUERY;
    conn.execute(diesel::delete(boards::table.filter(boards::id.eq_any(ids))))
        .await?;
    conn.commit().await?;
    Ok(is_last)
}

/// Whether there was a board at this address until not long ago.
pub async fn is_deleted(database: &Database, slug: &Slug, now: Timestamp) -> Result<bool, Error> {
    let query = boards::table
        .filter(boards::slug.eq(slug.as_str().to_owned()))
        .filter(boards::deleted_at.ge(now - REMEMBERED_FOR))
        .select(boards::id);
    Ok(database.read().await?.get::<i64, _>(query).await?.is_some())
}
