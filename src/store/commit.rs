//! A change into its tables and the log, whole or not at all.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::log;
use super::rows::{BrowserRow, EventRow, FeatureRow, ItemRow, ParticipantRow, VetoRow};
use crate::{
    db::{
        Batch, Database, Error, Kept, Transaction,
        schema::{boards, browsers, events, features, items, participants, vetoes},
    },
    model::{Board, BoardId, Change, Edit, Event},
};

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The board is not at this version any more: another process was first. Nothing was written.
    #[error("another process was first")]
    Conflict,
    /// The database failed before the commit: nothing was written.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The database failed to answer the commit itself: it may have kept everything, or nothing.
    #[error("no answer to a commit: {0}")]
    Unanswered(Error),
}

/// Keeps events that lead from a version of a board to `board`, in one transaction: the board's version, every row
/// the events touched as it is now, and the events themselves. Afterwards they survive a power cut.
///
/// # Errors
/// [`CommitError::Conflict`] if the board is not at that version; [`Turn`] is the way on from there.
pub async fn commit(
    database: &Database,
    version: i64,
    board: &Board,
    events: &[Event],
) -> Result<(), CommitError> {
    let here = boards::id.eq(board.id.0).and(boards::version.eq(version));
    let advance = diesel::update(boards::table.filter(here)).set(Advance::to(board));
    match database
        .transact(advance, writes(board.id.0, events)?)
        .await?
    {
        Kept::Yes => Ok(()),
        Kept::No => Err(CommitError::Conflict),
        Kept::Unanswered(error) => Err(CommitError::Unanswered(error)),
    }
}

/// The right to write the next events of a board, taken before the rules are run: nobody can be first any more. Who waits
/// for it is served in the order of asking, so that no process is outrun for ever by a quicker one.
pub struct Turn {
    conn: Transaction,
    board: BoardId,
    /// What the board is at.
    pub version: i64,
}

impl Turn {
    /// Waits for the turn; none if there is no such board.
    pub async fn take(database: &Database, board: BoardId) -> Result<Option<Turn>, Error> {
        let mut conn = database.write().await?;
        // Writing the version as it is locks the row on PostgreSQL; on SQLite the transaction is alone anyway.
        let lock = diesel::update(boards::table.find(board.0))
            .set(boards::version.eq(boards::version))
            .returning(boards::version);
        match conn.get::<i64, _>(lock).await? {
            Some(version) => Ok(Some(Turn {
                conn,
                board,
                version,
            })),
            None => {
                conn.rollback().await?;
                Ok(None)
            }
        }
    }

    /// Every event after a version, in order.
    pub async fn missed(&mut self, version: i64) -> Result<Vec<Event>, Error> {
        log::after(&mut self.conn, self.board, version).await
    }

    /// Keeps events that lead from this version to `board`.
    pub async fn keep(mut self, board: &Board, events: &[Event]) -> Result<(), CommitError> {
        let advance = diesel::update(boards::table.find(self.board.0)).set(Advance::to(board));
        if !self
            .conn
            .run(advance, writes(self.board.0, events)?)
            .await?
        {
            self.conn.rollback().await?;
            return Err(CommitError::Conflict);
        }
        self.conn.commit().await.map_err(|error| match error {
            Error::Failed => CommitError::Refused(error),
            error => CommitError::Unanswered(error),
        })
    }

    /// Gives the turn to the next one; nothing is written.
    pub async fn pass(self) -> Result<(), Error> {
        self.conn.rollback().await
    }
}

/// The columns of a board that every event moves on.
#[derive(AsChangeset)]
#[diesel(table_name = boards)]
struct Advance {
    version: i64,
    last_participant: i64,
    last_item: i64,
    last_feature: i64,
}

impl Advance {
    fn to(board: &Board) -> Advance {
        let last = board.last();
        Advance {
            version: board.version(),
            last_participant: last.participant,
            last_item: last.item,
            last_feature: last.feature,
        }
    }
}

/// Adds rows to a batch, of which the database may have earlier ones: `put!(batch, table(key, …), column, …; rows)`.
macro_rules! put {
    ($batch:ident, $table:ident($($key:ident),+), $($column:ident),+; $rows:expr) => {
        $batch.add_rows(
            $rows,
            |row| {
                diesel::insert_into($table::table)
                    .values(row)
                    .on_conflict(($($table::$key),+))
                    .do_update()
                    .set(($($table::$column.eq(excluded($table::$column))),+,))
            },
            |rows| {
                diesel::insert_into($table::table)
                    .values(rows)
                    .on_conflict(($($table::$key),+))
                    .do_update()
                    .set(($($table::$column.eq(excluded($table::$column))),+,))
            },
        )
    };
}
/// What keeps these events: every row they touched as it is after the last, and the events themselves. Owners are written before
/// what belongs to them, and removed after it.
fn writes(board: i64, events: &[Event]) -> Result<Batch, Error> {
    let Change {
        participants,
        browsers,
        items,
        features,
        vetoes,
    } = Change::net(events.iter().map(|event| &event.change));
    let mut batch = Batch::default();
    put!(batch, participants(board_id, id), name, joined_at;
        there(&participants, |row| ParticipantRow::of(board, row)));
    put!(batch, browsers(board_id, token), participant_id;
        there(&browsers, |row| BrowserRow::of(board, row)));
    put!(batch, items(board_id, id), name, kind, author_id, created_at, deleted_at;
        there(&items, |row| ItemRow::of(board, row)));
    put!(batch, features(board_id, id), item_id, name, amount, author_id, created_at, deleted_at;
        there(&features, |row| FeatureRow::of(board, row)));
    put!(batch, vetoes(board_id, feature_id, participant_id), created_at, reason;
        there(&vetoes, |row| VetoRow::of(board, row)));
    for veto in gone(&vetoes) {
        let key = (board, veto.feature.0, veto.participant.0);
        batch.add(diesel::delete(vetoes::table.find(key)));
    }
    for feature in gone(&features) {
        batch.add(diesel::delete(features::table.find((board, feature.id.0))));
    }
    for item in gone(&items) {
        batch.add(diesel::delete(items::table.find((board, item.id.0))));
    }
    for browser in gone(&browsers) {
        let key = (board, browser.token.as_str().to_owned());
        batch.add(diesel::delete(browsers::table.find(key)));
    }
    for participant in gone(&participants) {
        let key = (board, participant.id.0);
        batch.add(diesel::delete(participants::table.find(key)));
    }
    let rows = events.iter().map(|event| EventRow::of(board, event));
    batch.add_rows(
        rows.collect::<Result<Vec<_>, _>>()?,
        |row| diesel::insert_into(events::table).values(row),
        |rows| diesel::insert_into(events::table).values(rows),
    );
    Ok(batch)
}

/// The rows that are there, as they are stored.
fn there<R, Stored>(edits: &[Edit<R>], stored: impl Fn(&R) -> Stored) -> Vec<Stored> {
    let rows = edits.iter().filter_map(|edit| edit.after.as_ref());
    rows.map(stored).collect()
}

/// The rows that are there no more.
fn gone<R>(edits: &[Edit<R>]) -> impl Iterator<Item = &R> {
    edits
        .iter()
        .filter(|edit| edit.after.is_none())
        .filter_map(|edit| edit.before.as_ref())
}
