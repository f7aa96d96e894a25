//! How far the log of a board was delivered to an endpoint, and which boards have more.

use std::collections::HashSet;

use diesel::{
    dsl::{exists, not},
    prelude::*,
    sql_query,
    sql_types::Text,
};

use super::super::{rows::SettingRow, staging::STAGED};
use crate::{
    db::{
        CommitOutcome, Database, Error, StatementBatch,
        schema::{boards, events, settings, webhook_cursors, webhook_endpoints},
    },
    model::{BoardId, BoardTerminology, Epoch, Name, Setting, Slug, Timestamp},
};

/// How far the log of a board was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The history that the position belongs to.
    pub epoch: Epoch,
    /// The number of the last event that was delivered.
    pub position: i64,
    /// How often the next event could not be delivered.
    pub attempts: i32,
    pub first_failure_at: Option<Timestamp>,
    pub next_attempt_at: Option<Timestamp>,
    pub last_error: Option<String>,
    /// The deadline of the board after the event at the position, until the endpoint was told that it has passed.
    pub deadline: Option<Timestamp>,
}

impl Cursor {
    /// A position without failures and without a deadline.
    pub fn at(epoch: Epoch, position: i64) -> Cursor {
        Cursor {
            epoch,
            position,
            attempts: 0,
            first_failure_at: None,
            next_attempt_at: None,
            last_error: None,
            deadline: None,
        }
    }
}

/// The columns of a [`Cursor`].
type CursorRow = (
    i64,
    i64,
    i32,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<String>,
    Option<Timestamp>,
);

impl From<CursorRow> for Cursor {
    fn from(row: CursorRow) -> Cursor {
        let (epoch, position, attempts, first_failure_at, next_attempt_at, last_error, deadline) =
            row;
        Cursor {
            epoch: Epoch(epoch),
            position,
            attempts,
            first_failure_at,
            next_attempt_at,
            last_error,
            deadline,
        }
    }
}

/// What a webhook says about a board, and how far its log was delivered.
pub struct BoardState {
    pub slug: Slug,
    pub name: Name,
    /// The board's own words.
    pub terminology: Option<BoardTerminology>,
    /// When the board closes by itself.
    pub deadline: Option<Timestamp>,
    pub version: i64,
    pub epoch: Epoch,
    /// None for a board that the endpoint does not know yet.
    pub cursor: Option<Cursor>,
}

/// The state of a board; none if it does not exist.
pub async fn board_state(
    database: &Database,
    board: BoardId,
    endpoint: &str,
) -> Result<Option<BoardState>, Error> {
    let cursor = webhook_cursors::board_id
        .eq(boards::id)
        .and(webhook_cursors::endpoint.eq(endpoint.to_owned()));
    let query = boards::table
        .left_join(webhook_cursors::table.on(cursor))
        .filter(boards::id.eq(board.0))
        .filter(boards::deleted_at.is_null())
        .filter(boards::slug.not_like(STAGED))
        .select((
            (boards::slug, boards::name, boards::version, boards::epoch),
            (
                webhook_cursors::epoch,
                webhook_cursors::position,
                webhook_cursors::attempts,
                webhook_cursors::first_failure_at,
                webhook_cursors::next_attempt_at,
                webhook_cursors::last_error,
                webhook_cursors::deadline,
            )
                .nullable(),
        ));
    let mut conn = database.read().await?;
    type Row = ((String, String, i64, i64), Option<CursorRow>);
    let Some(((slug, name, version, epoch), cursor)) = conn.get::<Row, _>(query).await? else {
        return Ok(None);
    };
    let rows = settings::table
        .filter(settings::board_id.eq(board.0))
        .filter(settings::setting.eq_any(["name", "terminology", "deadline"]));
    let mut state = BoardState {
        slug: Slug::parse(&slug)
            .ok_or_else(|| Error::Unusable("a board has an invalid slug".to_owned()))?,
        name: Name::from_stored(name),
        terminology: None,
        deadline: None,
        version,
        epoch: Epoch(epoch),
        cursor: cursor.map(Cursor::from),
    };
    for row in conn.load::<SettingRow, _>(rows).await? {
        match Setting::try_from(row)? {
            Setting::Name(name) => state.name = name,
            Setting::Terminology(words) => state.terminology = Some(words),
            Setting::Deadline(deadline) => state.deadline = Some(deadline.at),
            _ => {}
        }
    }
    Ok(Some(state))
}

/// Some boards with events to deliver to an endpoint, or of which the history was replaced.
pub async fn due_boards(
    database: &Database,
    endpoint: &str,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<BoardId>, Error> {
    let cursor = webhook_cursors::board_id.eq(boards::id);
    let is_behind = boards::version
        .ne(webhook_cursors::position)
        .or(boards::epoch.ne(webhook_cursors::epoch));
    let is_due = webhook_cursors::next_attempt_at
        .is_null()
        .or(webhook_cursors::next_attempt_at.le(at));
    let query = boards::table
        .inner_join(webhook_cursors::table.on(cursor))
        .filter(webhook_cursors::endpoint.eq(endpoint.to_owned()))
        .filter(boards::deleted_at.is_null())
        .filter(is_behind)
        .filter(is_due)
        .limit(limit)
        .select(boards::id);
    let ids = database.read().await?.load::<i64, _>(query).await?;
    Ok(ids.into_iter().map(BoardId).collect())
}

/// Adds the cursors of boards that the endpoint does not know yet.
pub async fn add_missing_cursors(database: &Database, endpoint: &str) -> Result<(), Error> {
    let known = webhook_cursors::table
        .filter(webhook_cursors::board_id.eq(boards::id))
        .filter(webhook_cursors::endpoint.eq(endpoint.to_owned()));
    let missing = boards::table
        .filter(not(exists(known)))
        .filter(boards::deleted_at.is_null())
        .filter(boards::slug.not_like(STAGED))
        .limit(1)
        .select(boards::id);
    let missing = database.read().await?.get::<i64, _>(missing).await?;
    if missing.is_none() {
        return Ok(());
    }
    // A new board starts at its first event. An imported one has its cursors from the import.
    let insert = sql_query(format!(
        "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position) \
         SELECT id, $1, epoch, 0 FROM boards \
         WHERE boards.deleted_at IS NULL AND boards.slug NOT LIKE '{STAGED}' \
         AND NOT EXISTS (SELECT 1 FROM webhook_cursors AS known \
         WHERE known.board_id = boards.id AND known.endpoint = $1)"
    ));
    let mut conn = database.write().await?;
    match conn
        .execute(insert.bind::<Text, _>(endpoint.to_owned()))
        .await
    {
        // Another process was first.
        Err(Error::UniqueViolation(_)) => conn.rollback().await,
        Err(error) => Err(error),
        Ok(_) => conn.commit().await,
    }
}

/// Stores cursors and renews the lease of the process that delivers; returns false, and stores nothing, if the lease is lost.
/// A `delivered_at` is stored too. A cursor of a former epoch is not stored: the stored one has followed the log.
pub async fn save_cursors(
    database: &Database,
    (endpoint, process): (&str, &str),
    cursors: Vec<(BoardId, Cursor)>,
    delivered_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<bool, Error> {
    let mut batch = StatementBatch::default();
    for (board, cursor) in cursors {
        let row = webhook_cursors::table
            .find((board.0, endpoint.to_owned()))
            .filter(webhook_cursors::epoch.eq(cursor.epoch.0));
        batch.add(diesel::update(row).set((
            webhook_cursors::epoch.eq(cursor.epoch.0),
            webhook_cursors::position.eq(cursor.position),
            webhook_cursors::attempts.eq(cursor.attempts),
            webhook_cursors::first_failure_at.eq(cursor.first_failure_at),
            webhook_cursors::next_attempt_at.eq(cursor.next_attempt_at),
            webhook_cursors::last_error.eq(cursor.last_error),
            webhook_cursors::deadline.eq(cursor.deadline),
        )));
    }
    if let Some(at) = delivered_at {
        let row = webhook_endpoints::table.find(endpoint.to_owned());
        batch.add(diesel::update(row).set(webhook_endpoints::delivered_at.eq(Some(at))));
    }
    let own = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq(endpoint.to_owned()))
        .filter(webhook_endpoints::leased_by.eq(process.to_owned()))
        .filter(webhook_endpoints::disabled_at.is_null());
    let renew = diesel::update(own).set((
        webhook_endpoints::lease.eq(webhook_endpoints::lease + 1),
        webhook_endpoints::renewed_at.eq(Some(at)),
    ));
    match database.transact(renew, batch).await? {
        CommitOutcome::Committed => Ok(true),
        CommitOutcome::GuardFailed => Ok(false),
        CommitOutcome::Unknown(error) => Err(error),
    }
}

/// Makes all boards due that wait because of a failure.
pub async fn retry_now(database: &Database, endpoint: &str) -> Result<(), Error> {
    let waiting = webhook_cursors::table
        .filter(webhook_cursors::endpoint.eq(endpoint.to_owned()))
        .filter(webhook_cursors::next_attempt_at.is_not_null());
    let mut conn = database.write().await?;
    let update =
        diesel::update(waiting).set(webhook_cursors::next_attempt_at.eq(None::<Timestamp>));
    conn.execute(update).await?;
    conn.commit().await
}

/// The events after the first number, up to and including the last, that made the board agreed.
pub async fn agreed_events(
    database: &Database,
    board: BoardId,
    (after, last): (i64, i64),
) -> Result<HashSet<i64>, Error> {
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(last))
        .filter(events::makes_agreed.eq(true))
        .select(events::number);
    let numbers = database.read().await?.load::<i64, _>(query).await?;
    Ok(numbers.into_iter().collect())
}
