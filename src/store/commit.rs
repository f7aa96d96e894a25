//! Writes changes to the tables and the log, each batch in one transaction.

use std::{collections::HashSet, sync::Arc};

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::log;
use super::position::{Position, load_position};
use super::requests;
use super::rows::{
    BrowserRow, ConsentRow, EventRow, FeatureRow, ItemRow, ParticipantRow, SettingRow, VetoRow,
};
use crate::{
    db::{
        CommitOutcome, Database, Error, StatementBatch, Transaction,
        schema::{
            boards, browsers, consents, events, features, items, participants, settings, vetoes,
        },
    },
    model::{Board, BoardId, Change, Edit, Event, RecordedRequest, Timestamp},
};

/// Why a commit failed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another process committed first, so the board has a newer version, or a request with the same key is known. Nothing was written.
    #[error("another process committed first")]
    Conflict,
    /// The board does not exist any more. Nothing was written.
    #[error("the board was deleted")]
    BoardDeleted,
    /// The database failed before the commit: nothing was written.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The database did not confirm the commit: either everything was written, or nothing.
    #[error("the database did not confirm a commit: {0}")]
    Unconfirmed(Error),
}

/// Commits the events that lead from `version` to `board`, in one transaction: the new version, every changed row, and the
/// events themselves, with the requests that made them. Committed changes are on disk.
///
/// # Errors
/// [`CommitError::Conflict`] if the board is not at `version`, or in another epoch, or if one of the requests is known: acquire a
/// [`BoardLock`] and decide again.
pub async fn commit(
    database: &Database,
    version: i64,
    board: &Board,
    events: &[Event],
    recorded: &[RecordedRequest],
) -> Result<(), CommitError> {
    assert_numbered(version, board, events);
    let unchanged = boards::id
        .eq(board.id.0)
        .and(boards::version.eq(version))
        .and(boards::epoch.eq(board.epoch.0));
    let update = diesel::update(boards::table.filter(unchanged)).set(VersionUpdate::new(board));
    let mut statements = statements(board.id.0, events)?;
    requests::add_rows(&mut statements, board.id, recorded);
    let committed = database.transact(update, statements).await;
    match committed.map_err(|error| refused(error, recorded))? {
        CommitOutcome::Committed => Ok(()),
        CommitOutcome::GuardFailed => Err(CommitError::Conflict),
        CommitOutcome::Unknown(error) => Err(CommitError::Unconfirmed(error)),
    }
}

/// The exclusive right to commit to a board, acquired before the commands are decided. The database grants it in order of
/// arrival, so that a slower process does not starve.
pub struct BoardLock {
    conn: Transaction,
    board: BoardId,
    /// The current version of the board.
    pub version: i64,
}

impl BoardLock {
    /// Waits for the lock; none if the board does not exist, or was deleted.
    pub async fn acquire(database: &Database, board: BoardId) -> Result<Option<BoardLock>, Error> {
        let mut conn = database.write().await?;
        // On PostgreSQL, an update without effect locks the row. On SQLite, a writing transaction locks the database.
        let existing = boards::table
            .find(board.0)
            .filter(boards::deleted_at.is_null());
        let lock = diesel::update(existing)
            .set(boards::version.eq(boards::version))
            .returning(boards::version);
        match conn.get::<i64, _>(lock).await? {
            Some(version) => Ok(Some(BoardLock {
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

    /// How far the history of the board is, compared at its event number `known`.
    pub async fn position(&mut self, known: i64) -> Result<Option<Position>, Error> {
        load_position(&mut self.conn, self.board, known).await
    }

    /// All events after a version, in order; none if they have more than `max_bytes` together.
    pub async fn events_since(
        &mut self,
        version: i64,
        max_bytes: usize,
    ) -> Result<Option<Vec<Event>>, Error> {
        let span = version..=i64::MAX;
        log::load_events_between(&mut self.conn, self.board, span, max_bytes).await
    }

    /// Which of these keys are those of requests since `since`. Older ones are deleted, so that the keys can be used again.
    pub async fn known_requests(
        &mut self,
        keys: &[Arc<str>],
        since: Timestamp,
    ) -> Result<HashSet<String>, Error> {
        requests::delete_old(&mut self.conn, self.board, keys, since).await?;
        requests::load_known(&mut self.conn, self.board, keys, since).await
    }

    /// Commits the events that lead from this version to `board`, with the requests that made them, and releases the lock.
    pub async fn commit(
        mut self,
        board: &Board,
        events: &[Event],
        recorded: &[RecordedRequest],
    ) -> Result<(), CommitError> {
        assert_numbered(self.version, board, events);
        let update =
            diesel::update(boards::table.find(self.board.0)).set(VersionUpdate::new(board));
        let mut statements = statements(self.board.0, events)?;
        requests::add_rows(&mut statements, self.board, recorded);
        let written = self.conn.run(update, statements).await;
        if !written.map_err(|error| refused(error, recorded))? {
            self.conn.rollback().await?;
            return Err(CommitError::Conflict);
        }
        self.conn.commit().await.map_err(|error| match error {
            Error::TransactionFailed => CommitError::Failed(error),
            error => CommitError::Unconfirmed(error),
        })
    }

    /// Releases the lock without writing anything.
    pub async fn release(self) -> Result<(), Error> {
        self.conn.rollback().await
    }
}

/// Why the statements of a commit failed. Events have unique numbers, so that only the key of a request can be there already.
fn refused(error: Error, recorded: &[RecordedRequest]) -> CommitError {
    match error {
        Error::UniqueViolation(_) if !recorded.is_empty() => CommitError::Conflict,
        error => CommitError::Failed(error),
    }
}

fn assert_numbered(version: i64, board: &Board, events: &[Event]) {
    debug_assert!(
        Event::are_gapless_after(version, events),
        "event numbers have no gaps"
    );
    debug_assert_eq!(
        board.version(),
        version + events.len() as i64,
        "the version of a board is the number of its last event"
    );
}

/// The columns of a board that change with every commit.
#[derive(AsChangeset)]
#[diesel(table_name = boards, treat_none_as_null = true)]
pub(super) struct VersionUpdate {
    version: i64,
    last_participant: i64,
    last_item: i64,
    last_feature: i64,
    renewal: Option<i64>,
    renewal_by: Option<i64>,
    renewal_before: Option<i64>,
    renewal_before_by: Option<i64>,
}

impl VersionUpdate {
    pub(super) fn new(board: &Board) -> VersionUpdate {
        let last = board.counters();
        let renewals = board.renewals();
        VersionUpdate {
            version: board.version(),
            last_participant: last.participant,
            last_item: last.item,
            last_feature: last.feature,
            renewal: renewals.last.map(|renewal| renewal.event),
            renewal_by: renewals.last.map(|renewal| renewal.by.0),
            renewal_before: renewals.before.map(|renewal| renewal.event),
            renewal_before_by: renewals.before.map(|renewal| renewal.by.0),
        }
    }
}

/// Adds upserts to a batch: `upsert!(batch, table(key, …), column, …; rows)`.
macro_rules! upsert {
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

/// The statements that store these events: every changed row as it is after the last event, and the events themselves. A row is
/// written before the rows that refer to it, and deleted after them.
pub(super) fn statements(board: i64, events: &[Event]) -> Result<StatementBatch, Error> {
    let mut batch = StatementBatch::default();
    add_rows(&mut batch, board, events.iter().map(|event| &event.change))?;
    add_events(&mut batch, board, events)?;
    Ok(batch)
}

/// The statements that store these events in the log.
pub(super) fn add_events(
    batch: &mut StatementBatch,
    board: i64,
    events: &[Event],
) -> Result<(), Error> {
    let rows = events
        .iter()
        .map(|event| EventRow::from_model(board, event));
    batch.add_rows(
        rows.collect::<Result<Vec<_>, _>>()?,
        |row| diesel::insert_into(events::table).values(row),
        |rows| diesel::insert_into(events::table).values(rows),
    );
    Ok(())
}

/// The statements that store the rows as they are after the last of these changes.
pub(super) fn add_rows<'c>(
    batch: &mut StatementBatch,
    board: i64,
    changes: impl IntoIterator<Item = &'c Change>,
) -> Result<(), Error> {
    let Change {
        participants,
        browsers,
        items,
        features,
        vetoes,
        consents,
        settings,
    } = Change::net(changes);
    upsert!(batch, participants(board_id, id), name, joined_at;
        stored(&participants, |row| ParticipantRow::from_model(board, row)));
    upsert!(batch, browsers(board_id, token), participant_id;
        stored(&browsers, |row| BrowserRow::from_model(board, row)));
    upsert!(batch, items(board_id, id), name, kind, author_id, created_at, deleted_at, note, added_by_event;
        stored(&items, |row| ItemRow::from_model(board, row)));
    upsert!(batch, features(board_id, id), item_id, name, amount, author_id, created_at, deleted_at, remainder, added_by_event;
        stored(&features, |row| FeatureRow::from_model(board, row)));
    upsert!(batch, vetoes(board_id, feature_id, participant_id), created_at, reason, given_to;
        stored(&vetoes, |row| VetoRow::from_model(board, row)));
    upsert!(batch, consents(board_id, participant_id), as_of;
        stored(&consents, |row| ConsentRow::from_model(board, row)));
    let rows = stored(&settings, |row| SettingRow::from_model(board, row));
    upsert!(batch, settings(board_id, setting), value;
        rows.into_iter().collect::<Result<Vec<_>, _>>()?);
    for setting in removed(&settings) {
        let row = SettingRow::from_model(board, setting)?;
        batch.add(diesel::delete(settings::table.find(row.into_key())));
    }
    for consent in removed(&consents) {
        let key = (board, consent.participant.0);
        batch.add(diesel::delete(consents::table.find(key)));
    }
    for veto in removed(&vetoes) {
        let key = (board, veto.feature.0, veto.participant.0);
        batch.add(diesel::delete(vetoes::table.find(key)));
    }
    for feature in removed(&features) {
        batch.add(diesel::delete(features::table.find((board, feature.id.0))));
    }
    for item in removed(&items) {
        batch.add(diesel::delete(items::table.find((board, item.id.0))));
    }
    for browser in removed(&browsers) {
        let key = (board, browser.id.as_str().to_owned());
        batch.add(diesel::delete(browsers::table.find(key)));
    }
    for participant in removed(&participants) {
        let key = (board, participant.id.0);
        batch.add(diesel::delete(participants::table.find(key)));
    }
    Ok(())
}

/// The rows that exist after the edits, converted to rows of a table.
fn stored<R, Row>(edits: &[Edit<R>], from_model: impl Fn(&R) -> Row) -> Vec<Row> {
    let rows = edits.iter().filter_map(|edit| edit.after.as_ref());
    rows.map(from_model).collect()
}

/// The rows that no longer exist after the edits.
fn removed<R>(edits: &[Edit<R>]) -> impl Iterator<Item = &R> {
    edits
        .iter()
        .filter(|edit| edit.after.is_none())
        .filter_map(|edit| edit.before.as_ref())
}
