//! The log of a board from a number on, without the rows that the events changed: what programs follow. Pages have a bounded size.

use diesel::{dsl::case_when, prelude::*};

use super::{
    log::octet_length,
    summaries::{SHORT_ACTION_BYTES, SummaryRow, to_summary},
};
use crate::{
    db::{
        Database, Error,
        schema::{boards, events},
    },
    model::{BoardId, Epoch, EventSummary},
};

/// How large a page is at most. It has at least one event, if there is one.
#[derive(Clone, Copy, Debug)]
pub struct LogPageSize {
    pub events: usize,
    /// Of the actions as they are stored.
    pub bytes: usize,
}

/// Some events of the log, in order.
pub struct LogPage {
    pub events: Vec<EventSummary>,
    /// Whether the log has more of them.
    pub has_more: bool,
    /// The epoch of the board when they were read; none without events.
    pub epoch: Option<Epoch>,
}

/// The first events after a number.
pub async fn log_page(
    database: &Database,
    board: BoardId,
    after: i64,
    size: LogPageSize,
) -> Result<LogPage, Error> {
    let mut conn = database.read().await?;
    let limit = i64::try_from(size.events).unwrap_or(i64::MAX);
    let sizes = events::table
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(after))
        .order(events::number.asc())
        .limit(limit.saturating_add(1))
        .select((events::number, octet_length(events::action)));
    let sizes = conn.load::<(i64, i32), _>(sizes).await?;
    let fitting = fitting(sizes.iter().map(|(_, bytes)| *bytes), size);
    let Some((last, _)) = fitting.checked_sub(1).and_then(|last| sizes.get(last)) else {
        return Ok(LogPage {
            events: Vec::new(),
            has_more: false,
            epoch: None,
        });
    };
    let is_short = octet_length(events::action).le(SHORT_ACTION_BYTES);
    // The epoch in the same query: these are events of that epoch.
    let query = events::table
        .inner_join(boards::table.on(boards::id.eq(events::board_id)))
        .filter(events::board_id.eq(board.0))
        .filter(events::number.gt(after))
        .filter(events::number.le(*last))
        .order(events::number.asc())
        .select((
            (
                (
                    events::number,
                    events::at,
                    events::actor_id,
                    events::actor_name,
                ),
                case_when(is_short, events::action),
            ),
            boards::epoch,
        ));
    let rows = conn.load::<(SummaryRow, i64), _>(query).await?;
    let epoch = rows.last().map(|(_, epoch)| Epoch(*epoch));
    let mut loaded = Vec::with_capacity(rows.len());
    for (row, _) in rows {
        loaded.push(to_summary(&mut conn, board, row).await?);
    }
    Ok(LogPage {
        events: loaded,
        has_more: fitting < sizes.len(),
        epoch,
    })
}

/// How many of these actions a page has. A long action counts as a short one, which it becomes when it is loaded.
fn fitting(sizes: impl Iterator<Item = i32>, max: LogPageSize) -> usize {
    let mut total = 0;
    let fits = |bytes: i32| {
        let bytes = usize::try_from(bytes.min(SHORT_ACTION_BYTES)).unwrap_or(0);
        total += bytes;
        total <= max.bytes
    };
    let fitting = sizes.take(max.events).map(fits).enumerate();
    let fitting = fitting.take_while(|(index, fits)| *fits || *index == 0);
    fitting.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_limited_in_events_and_bytes_but_never_empty() {
        let max = LogPageSize {
            events: 3,
            bytes: 20_000,
        };
        for (sizes, expected) in [
            (&[][..], 0),
            (&[100], 1),
            (&[100, 100, 100, 100], 3),
            (&[8_000, 8_000, 8_000], 2),
            (&[1_000_000, 1_000_000, 1_000_000], 2),
        ] {
            assert_eq!(fitting(sizes.iter().copied(), max), expected, "{sizes:?}");
        }
        let tiny = LogPageSize {
            events: 3,
            bytes: 10,
        };
        assert_eq!(fitting([1_000, 5].into_iter(), tiny), 1);
    }
}
