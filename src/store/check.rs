//! Checks that the database is consistent: the log of each board, replayed from an empty board, gives the rows in the tables.

use std::fmt;

use diesel::prelude::*;

use super::{
    boards::{BoardRow, load_rows},
    log::octet_length,
    rows::{EventRow, unreadable},
    staging::STAGED,
};
use crate::{
    db::{
        Conn, Database, Error, columns,
        schema::{boards, events},
    },
    model::{BoardId, Event, IntegrityFinding, Replay, Slug},
};

/// How many boards or events are loaded at once.
const PAGE_SIZE: i64 = 500;
/// How many bytes of events are loaded at once. A single event may be larger.
const PAGE_BYTES: i64 = 8 * 1_024 * 1_024;
/// How many findings are reported per board. The first ones show the cause.
const MAX_REPORTED: usize = 100;

/// An inconsistency.
pub enum Finding {
    /// Found by the database itself.
    Database(String),
    /// Found on a board, given by its id: its slug is a secret of its participants.
    Board(BoardId, String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Database(message) => write!(f, "database: {message}"),
            Finding::Board(board, message) => write!(f, "board {board}: {message}"),
        }
    }
}

/// How much was summary, and how much was wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckSummary {
    pub boards: u64,
    pub events: u64,
    pub findings: u64,
}

/// Checks all boards in one consistent read and reports each inconsistency. Changes nothing. Keeps only one board and a page
/// of its log in memory.
///
/// # Errors
/// If the database is unavailable or lacks the tables.
pub async fn check(
    database: &Database,
    mut report: impl FnMut(Finding),
) -> Result<CheckSummary, Error> {
    let mut summary = CheckSummary::default();
    match check_all(database, &mut summary, &mut report).await {
        // A corrupt file is a finding, not a failure of the check.
        Err(error) if error.is_corrupt() => {
            summary.findings += 1;
            report(Finding::Database(error.to_string()));
        }
        result => result?,
    }
    Ok(summary)
}

async fn check_all(
    database: &Database,
    summary: &mut CheckSummary,
    mut report: impl FnMut(Finding),
) -> Result<(), Error> {
    let mut conn = database.snapshot().await?;
    for fault in conn.integrity_errors().await? {
        summary.findings += 1;
        report(Finding::Database(fault));
    }
    let mut last = i64::MIN;
    let mut has_more = true;
    while has_more {
        let query = boards::table
            .filter(boards::id.gt(last))
            .filter(boards::slug.not_like(STAGED))
            .filter(boards::deleted_at.is_null())
            .order(boards::id)
            .limit(PAGE_SIZE)
            .select(columns::<BoardRow>());
        let page = conn.load::<BoardRow, _>(query).await?;
        has_more = page.len() as i64 == PAGE_SIZE;
        for row in page {
            last = row.id;
            let mut findings = BoardFindings::new(BoardId(row.id), &mut report);
            summary.events += check_board(&mut conn, row, &mut findings).await?;
            summary.findings += findings.finish();
            summary.boards += 1;
        }
    }
    conn.rollback().await
}

/// Checks one board; returns the number of its events.
async fn check_board(
    conn: &mut Conn,
    row: BoardRow,
    findings: &mut BoardFindings<impl FnMut(Finding)>,
) -> Result<u64, Error> {
    let (id, version, counters) = (row.id, row.version, row.counters());
    let renewals = row.renewals();
    let slug = Slug::parse(&row.slug).unwrap_or_else(|| {
        findings.add("the slug cannot be part of a URL");
        Slug::main()
    });
    let empty = row.into_empty_board(slug);
    let stored = match load_rows(conn, id).await {
        Ok(rows) => Some(empty.clone().with_rows(version, counters, renewals, rows)),
        Err(error) if error.is_unreadable() => {
            findings.add(error);
            None
        }
        Err(error) => return Err(error),
    };
    let mut replay = Replay::new(empty);
    let (mut count, mut after) = (0, i64::MIN);
    loop {
        let page = load_page(conn, id, after).await?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = *last;
        count += page.len() as u64;
        for (number, event) in page {
            let report = |finding: IntegrityFinding| findings.add(finding);
            match event {
                Ok(event) => replay.apply(&event, report),
                Err(error) => {
                    replay.skip(number, report);
                    findings.add(format!("event {number}: {error}"));
                }
            }
        }
    }
    if let Some(stored) = stored {
        replay.finish(&stored, |finding| findings.add(finding));
    }
    Ok(count)
}

/// The number of an event, and the event or why it cannot be read.
pub(super) type NumberedEvent = (i64, Result<Event, Error>);

/// The next events of a board, in order.
pub(super) async fn load_page(
    conn: &mut Conn,
    board: i64,
    after: i64,
) -> Result<Vec<NumberedEvent>, Error> {
    let query = events::table
        .filter(events::board_id.eq(board))
        .filter(events::number.gt(after))
        .order(events::number);
    let bytes = octet_length(events::action) + octet_length(events::change);
    let sizes = query.limit(PAGE_SIZE).select((events::number, bytes));
    let sizes = conn.load::<(i64, i32), _>(sizes).await?;
    let query = query.filter(events::number.le(page_end(&sizes)));
    let rows = conn.load::<EventRow, _>(query).await;
    match rows.map_err(unreadable("an event")) {
        Ok(rows) => {
            let events = rows.into_iter();
            Ok(events
                .map(|row| (row.number(), Event::try_from(row).map_err(Error::from)))
                .collect())
        }
        // One unreadable row fails the whole page: load the events one by one.
        Err(error) if error.is_unreadable() => {
            let numbers = conn.load::<i64, _>(query.select(events::number)).await?;
            let mut events = Vec::with_capacity(numbers.len());
            for number in numbers {
                events.push((number, load_event(conn, board, number).await));
            }
            Ok(events)
        }
        Err(error) => Err(error),
    }
}

/// The number of the last event of a page, from the numbers and sizes of the next events.
pub(super) fn page_end(sizes: &[(i64, i32)]) -> i64 {
    let mut bytes = 0;
    let fitting = sizes.iter().take_while(|(_, size)| {
        let is_first = bytes == 0;
        bytes += i64::from(*size);
        is_first || bytes <= PAGE_BYTES
    });
    fitting.last().map_or(i64::MIN, |(number, _)| *number)
}

async fn load_event(conn: &mut Conn, board: i64, number: i64) -> Result<Event, Error> {
    let query = events::table
        .filter(events::board_id.eq(board))
        .filter(events::number.eq(number));
    let rows = conn.load::<EventRow, _>(query).await;
    let row = rows.map_err(unreadable("an event"))?.pop();
    let missing = || Error::Unusable("the event does not exist".to_owned());
    Ok(Event::try_from(row.ok_or_else(missing)?)?)
}

/// Counts and reports the findings of one board.
struct BoardFindings<Report> {
    board: BoardId,
    count: usize,
    report: Report,
}

impl<Report: FnMut(Finding)> BoardFindings<Report> {
    fn new(board: BoardId, report: Report) -> BoardFindings<Report> {
        BoardFindings {
            board,
            count: 0,
            report,
        }
    }

    fn add(&mut self, message: impl fmt::Display) {
        self.count += 1;
        if self.count <= MAX_REPORTED {
            (self.report)(Finding::Board(self.board, message.to_string()));
        }
    }

    /// Reports how many findings were left out; returns how many there were in all.
    fn finish(mut self) -> u64 {
        let left_out = self.count.saturating_sub(MAX_REPORTED);
        if left_out > 0 {
            let more = format!("and {left_out} more findings");
            (self.report)(Finding::Board(self.board, more));
        }
        self.count as u64
    }
}
