//! The log of a board without the changes: what a history shows. What is loaded does not depend on how much the events changed.

use diesel::{
    dsl::{case_when, max},
    prelude::*,
};

use super::{
    log::octet_length,
    rows::{EventRow, action_from_json},
};
use crate::{
    db::{Conn, Database, Error, schema::events},
    model::{Actor, BoardId, Event, EventSummary, Name, ParticipantId, Timestamp},
};

/// Actions up to this length are loaded together: more than any action has that lists at most `Action::MAX_NAMES` names. Events of
/// earlier versions may have longer ones, which are loaded one by one.
pub(super) const SHORT_ACTION_BYTES: i32 = 8_192;

/// More than the change has of an event that concerns one veto or one identity.
const SHORT_CHANGE_BYTES: i32 = 8_192;

/// An event of the log, as a history shows it.
pub struct LogEntry {
    pub event: EventSummary,
    /// The number of the last event that undid it, if any.
    pub undone_by: Option<i64>,
    /// The whole event if it concerns one veto or one identity: who may undo it depends on the rows.
    pub whole: Option<Event>,
}

/// One event; none if the board has no event with this number.
pub async fn entry(
    database: &Database,
    board: BoardId,
    number: i64,
) -> Result<Option<LogEntry>, Error> {
    let entries = summaries_before(database, board, number.saturating_add(1), 1).await?;
    let mut entries = entries.into_iter();
    Ok(entries.next().filter(|entry| entry.event.number == number))
}

/// What up to `limit` events before a number did, newest first.
pub async fn summaries_before(
    database: &Database,
    board: BoardId,
    number: i64,
    limit: i64,
) -> Result<Vec<LogEntry>, Error> {
    let mut conn = database.read().await?;
    let is_short = octet_length(events::action).le(SHORT_ACTION_BYTES);
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.lt(number))
        .order(events::number.desc())
        .limit(limit)
        .select((
            (
                events::number,
                events::at,
                events::actor_id,
                events::actor_name,
            ),
            case_when(is_short, events::action),
        ));
    let rows = conn.load::<SummaryRow, _>(query).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(LogEntry {
            event: to_summary(&mut conn, board, row).await?,
            undone_by: None,
            whole: None,
        });
    }
    let numbers: Vec<i64> = entries.iter().map(|entry| entry.event.number).collect();
    let undos = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::undoes.eq_any(numbers))
        .group_by(events::undoes)
        .select((events::undoes, max(events::number)));
    let undos = conn.load::<(Option<i64>, Option<i64>), _>(undos).await?;
    for entry in &mut entries {
        let mut undos = undos.iter();
        let undo = undos.find(|(undoes, _)| *undoes == Some(entry.event.number));
        entry.undone_by = undo.and_then(|(_, undo)| *undo);
    }
    load_whole_events(&mut conn, board, &mut entries).await?;
    Ok(entries)
}

/// Loads the events of which the change says who may undo them. Each is short: larger ones are left out.
async fn load_whole_events(
    conn: &mut Conn,
    board: BoardId,
    entries: &mut [LogEntry],
) -> Result<(), Error> {
    let personal = entries.iter().map(|entry| &entry.event);
    let personal = personal
        .filter(|event| event.action.concerns_one_veto() || event.action.concerns_identity());
    let numbers: Vec<i64> = personal.map(|event| event.number).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let query = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.eq_any(numbers))
        .filter(octet_length(events::change).le(SHORT_CHANGE_BYTES));
    for row in conn.load::<EventRow, _>(query).await? {
        let event = Event::try_from(row)?;
        let mut entries = entries.iter_mut();
        if let Some(entry) = entries.find(|entry| entry.event.number == event.number) {
            entry.whole = Some(event);
        }
    }
    Ok(())
}

/// Number, time, and the id and name of the actor; the action, if it is short.
pub(super) type SummaryRow = ((i64, Timestamp, i64, String), Option<String>);

/// The summary of a row, with its action, which is loaded if it is long.
pub(super) async fn to_summary(
    conn: &mut Conn,
    board: BoardId,
    row: SummaryRow,
) -> Result<EventSummary, Error> {
    let ((number, at, actor, name), action) = row;
    let action = match action {
        Some(action) => action,
        None => load_action(conn, board, number).await?,
    };
    Ok(EventSummary {
        number,
        at,
        actor: Actor {
            id: ParticipantId(actor),
            name: Name::from_stored(name),
        },
        action: action_from_json(&action)?.abbreviated(),
    })
}

async fn load_action(conn: &mut Conn, board: BoardId, number: i64) -> Result<String, Error> {
    let query = events::table.find((board.0, number)).select(events::action);
    let missing = || Error::Unusable("the event does not exist".to_owned());
    conn.get::<String, _>(query).await?.ok_or_else(missing)
}
