//! A change into its tables and the log, whole or not at all.

use diesel::prelude::*;

use super::log;
use super::rows::{BrowserRow, EventRow, FeatureRow, ItemRow, ParticipantRow, VetoRow};
use crate::{
    db::{
        Conn, Database, Error, Transaction,
        schema::{boards, browsers, events, features, items, participants, vetoes},
    },
    model::{Board, BoardId, Browser, Change, Edit, Event, Feature, Item, Participant, Veto},
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
    let mut conn = database.write().await?;
    let here = boards::id.eq(board.id.0).and(boards::version.eq(version));
    let advance = diesel::update(boards::table.filter(here)).set(Advance::to(board));
    if conn.execute(advance).await? == 0 {
        conn.rollback().await?;
        return Err(CommitError::Conflict);
    }
    write(&mut conn, board.id.0, events).await?;
    end(conn).await
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
        self.conn.execute(advance).await?;
        write(&mut self.conn, self.board.0, events).await?;
        end(self.conn).await
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

async fn end(conn: Transaction) -> Result<(), CommitError> {
    conn.commit().await.map_err(|error| match error {
        Error::Failed => CommitError::Refused(error),
        error => CommitError::Unanswered(error),
    })
}

/// Owners are written before what belongs to them, and removed after it.
async fn write(conn: &mut Conn, board: i64, events: &[Event]) -> Result<(), Error> {
    let change = Change::net(events.iter().map(|event| &event.change));
    for edit in &change.participants {
        participant(conn, board, edit).await?;
    }
    for edit in &change.browsers {
        browser(conn, board, edit).await?;
    }
    for edit in &change.items {
        item(conn, board, edit).await?;
    }
    for edit in &change.features {
        feature(conn, board, edit).await?;
    }
    for edit in &change.vetoes {
        veto(conn, board, edit).await?;
    }
    remove(conn, board, &change).await?;
    for event in events {
        let row = EventRow::of(board, event)?;
        conn.execute(diesel::insert_into(events::table).values(row))
            .await?;
    }
    Ok(())
}

async fn participant(conn: &mut Conn, board: i64, edit: &Edit<Participant>) -> Result<(), Error> {
    let Some(after) = &edit.after else {
        return Ok(());
    };
    let row = ParticipantRow::of(board, after);
    match edit.before {
        None => {
            let insert = diesel::insert_into(participants::table).values(row);
            conn.execute(insert).await?
        }
        Some(_) => {
            let update = diesel::update(participants::table.find((board, after.id.0))).set(row);
            conn.execute(update).await?
        }
    };
    Ok(())
}

async fn browser(conn: &mut Conn, board: i64, edit: &Edit<Browser>) -> Result<(), Error> {
    let Some(after) = &edit.after else {
        return Ok(());
    };
    let row = BrowserRow::of(board, after);
    match edit.before {
        None => {
            let insert = diesel::insert_into(browsers::table).values(row);
            conn.execute(insert).await?
        }
        Some(_) => {
            let key = (board, after.token.as_str().to_owned());
            let update = diesel::update(browsers::table.find(key)).set(row);
            conn.execute(update).await?
        }
    };
    Ok(())
}

async fn item(conn: &mut Conn, board: i64, edit: &Edit<Item>) -> Result<(), Error> {
    let Some(after) = &edit.after else {
        return Ok(());
    };
    let row = ItemRow::of(board, after);
    match edit.before {
        None => {
            let insert = diesel::insert_into(items::table).values(row);
            conn.execute(insert).await?
        }
        Some(_) => {
            let update = diesel::update(items::table.find((board, after.id.0))).set(row);
            conn.execute(update).await?
        }
    };
    Ok(())
}

async fn feature(conn: &mut Conn, board: i64, edit: &Edit<Feature>) -> Result<(), Error> {
    let Some(after) = &edit.after else {
        return Ok(());
    };
    let row = FeatureRow::of(board, after);
    match edit.before {
        None => {
            let insert = diesel::insert_into(features::table).values(row);
            conn.execute(insert).await?
        }
        Some(_) => {
            let update = diesel::update(features::table.find((board, after.id.0))).set(row);
            conn.execute(update).await?
        }
    };
    Ok(())
}

/// A veto is given or taken back, never altered: in a batch where both happened, only its time differs.
async fn veto(conn: &mut Conn, board: i64, edit: &Edit<Veto>) -> Result<(), Error> {
    let Some(after) = &edit.after else {
        return Ok(());
    };
    let row = VetoRow::of(board, after);
    match edit.before {
        None => {
            let insert = diesel::insert_into(vetoes::table).values(row);
            conn.execute(insert).await?
        }
        Some(_) => {
            let key = (board, after.feature.0, after.participant.0);
            let again = vetoes::created_at.eq(after.at);
            let update = diesel::update(vetoes::table.find(key)).set(again);
            conn.execute(update).await?
        }
    };
    Ok(())
}

async fn remove(conn: &mut Conn, board: i64, change: &Change) -> Result<(), Error> {
    for veto in gone(&change.vetoes) {
        let key = (board, veto.feature.0, veto.participant.0);
        conn.execute(diesel::delete(vetoes::table.find(key)))
            .await?;
    }
    for feature in gone(&change.features) {
        let key = (board, feature.id.0);
        conn.execute(diesel::delete(features::table.find(key)))
            .await?;
    }
    for item in gone(&change.items) {
        let key = (board, item.id.0);
        conn.execute(diesel::delete(items::table.find(key))).await?;
    }
    for browser in gone(&change.browsers) {
        let key = (board, browser.token.as_str().to_owned());
        conn.execute(diesel::delete(browsers::table.find(key)))
            .await?;
    }
    for participant in gone(&change.participants) {
        let key = (board, participant.id.0);
        conn.execute(diesel::delete(participants::table.find(key)))
            .await?;
    }
    Ok(())
}

/// The rows that are there no more.
fn gone<R>(edits: &[Edit<R>]) -> impl Iterator<Item = &R> {
    edits
        .iter()
        .filter(|edit| edit.after.is_none())
        .filter_map(|edit| edit.before.as_ref())
}
