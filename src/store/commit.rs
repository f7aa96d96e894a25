//! A change into its tables and the log, whole or not at all.

use diesel::prelude::*;

use super::rows::{BrowserRow, EventRow, FeatureRow, ItemRow, ParticipantRow, VetoRow};
use crate::{
    db::{
        Conn, Database, Error,
        schema::{boards, browsers, events, features, items, participants, vetoes},
    },
    model::{Board, Browser, Change, Edit, Event, Feature, Item, Participant, Veto},
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
pub async fn commit(
    database: &Database,
    version: i64,
    board: &Board,
    events: &[Event],
) -> Result<(), CommitError> {
    let mut conn = database.write().await?;
    let last = board.last();
    let turn = diesel::update(boards::table.find(board.id.0))
        .filter(boards::version.eq(version))
        .set((
            boards::version.eq(board.version()),
            boards::last_participant.eq(last.participant),
            boards::last_item.eq(last.item),
            boards::last_feature.eq(last.feature),
        ));
    if conn.execute(turn).await? == 0 {
        conn.rollback().await?;
        return Err(CommitError::Conflict);
    }
    write(&mut conn, board.id.0, events).await?;
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
