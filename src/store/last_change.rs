//! The last change of a participant in the log, which is read backwards, a bounded piece at a time.

use diesel::{dsl::case_when, prelude::*};

use super::{
    log::octet_length,
    summaries::{SHORT_ACTION_BYTES, SummaryRow, to_summary},
};
use crate::{
    db::{
        Database, Error,
        schema::{boards, browsers, events},
    },
    model::{BoardId, BrowserId, Direction, Found, LastChange, ParticipantId},
};

/// How many events of the log one query looks through, and how many of them it loads at most.
const SPAN: i64 = 2_000;
const LOADED: i64 = 100;

/// The number of the event that the participant of a browser means by their last change or their last undo; none if there is
/// none. Reads the participant from the database too: another process may have added it.
pub async fn last_change(
    database: &Database,
    board: BoardId,
    browser: &BrowserId,
    direction: Direction,
) -> Result<Option<i64>, Error> {
    let mut conn = database.read().await?;
    let version = boards::table.find(board.0).select(boards::version);
    let browser = browsers::table
        .find((board.0, browser.as_str().to_owned()))
        .select(browsers::participant_id);
    let version = conn.get::<i64, _>(version).await?;
    let participant = conn.get::<i64, _>(browser).await?;
    let (Some(version), Some(participant)) = (version, participant) else {
        return Ok(None);
    };
    let mut search = LastChange::new(ParticipantId(participant), direction);
    let mut before = version + 1;
    while before > 1 {
        let first = (before - SPAN).max(1);
        let is_short = octet_length(events::action).le(SHORT_ACTION_BYTES);
        let concerns = events::actor_id
            .eq(participant)
            .or(events::undoes.is_not_null());
        let query = events::table
            .filter(events::board_id.eq(board.0))
            .filter(events::number.ge(first))
            .filter(events::number.lt(before))
            .filter(concerns)
            .order(events::number.desc())
            .limit(LOADED)
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
        before = match rows.last() {
            Some(((last, ..), _)) if rows.len() as i64 == LOADED => *last,
            _ => first,
        };
        for row in rows {
            let event = to_summary(&mut conn, board, row).await?;
            match search.visit(&event) {
                Some(Found::Event(number)) => return Ok(Some(number)),
                Some(Found::Nothing) => return Ok(None),
                None => {}
            }
        }
    }
    Ok(None)
}
