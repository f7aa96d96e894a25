//! Whether what is stored holds together: the log of each board, replayed from empty, gives the rows in the tables.

use std::fmt;

use diesel::prelude::*;

use super::{
    boards::{Head, rows},
    rows::{EventRow, unreadable},
};
use crate::{
    db::{
        Conn, Database, Error, columns,
        schema::{boards, events},
    },
    model::{BoardId, Event, Flaw, Replay, Slug},
};

/// How many boards or events are held at once.
const PAGE: i64 = 500;
/// How many findings of one board are told; where there are more, the first say what happened.
const TOLD: usize = 100;

/// One thing that is wrong.
pub enum Finding {
    /// The database says it of itself.
    Database(String),
    /// By the board's number: its address is a secret of those who take part.
    Board(BoardId, String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Database(what) => write!(f, "database: {what}"),
            Finding::Board(board, what) => write!(f, "board {board}: {what}"),
        }
    }
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked {
    pub boards: u64,
    pub events: u64,
    pub findings: u64,
}

/// Checks every board as they all are at one moment, and tells each thing that is wrong. Changes nothing, and holds one
/// board and a page of its log in memory at a time.
///
/// # Errors
/// The database does not answer, or has not the tables.
pub async fn check(database: &Database, mut tell: impl FnMut(Finding)) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    match check_all(database, &mut checked, &mut tell).await {
        // That is an answer too.
        Err(error) if error.is_torn() => {
            checked.findings += 1;
            tell(Finding::Database(error.to_string()));
        }
        ended => ended?,
    }
    Ok(checked)
}

async fn check_all(
    database: &Database,
    checked: &mut Checked,
    mut tell: impl FnMut(Finding),
) -> Result<(), Error> {
    let mut conn = database.snapshot().await?;
    for fault in conn.faults().await? {
        checked.findings += 1;
        tell(Finding::Database(fault));
    }
    let mut last = i64::MIN;
    let mut more = true;
    while more {
        let page = boards::table
            .filter(boards::id.gt(last))
            .order(boards::id)
            .limit(PAGE)
            .select(columns::<Head>());
        let page = conn.load::<Head, _>(page).await?;
        more = page.len() as i64 == PAGE;
        for head in page {
            last = head.id;
            let mut board = Findings::of(BoardId(head.id), &mut tell);
            checked.events += check_board(&mut conn, head, &mut board).await?;
            checked.findings += board.end();
            checked.boards += 1;
        }
    }
    conn.rollback().await
}

/// Checks one board; gives the number of its events.
async fn check_board(
    conn: &mut Conn,
    head: Head,
    findings: &mut Findings<impl FnMut(Finding)>,
) -> Result<u64, Error> {
    let (id, version, last) = (head.id, head.version, head.counters());
    let slug = Slug::parse(&head.slug).unwrap_or_else(|| {
        findings.add("its slug cannot be part of an address");
        Slug::main()
    });
    let empty = head.empty(slug);
    let stored = match rows(conn, id).await {
        Ok(rows) => Some(empty.clone().restored(version, last, rows)),
        Err(error) if error.is_unreadable() => {
            findings.add(error);
            None
        }
        Err(error) => return Err(error),
    };
    let mut replay = Replay::from(empty);
    let (mut count, mut after) = (0, i64::MIN);
    loop {
        let page = page(conn, id, after).await?;
        let Some((last, _)) = page.last() else {
            break;
        };
        after = *last;
        count += page.len() as u64;
        for (number, event) in page {
            let tell = |flaw: Flaw| findings.add(flaw);
            match event {
                Ok(event) => replay.follow(&event, tell),
                Err(error) => {
                    replay.pass(number, tell);
                    findings.add(format!("event {number}: {error}"));
                }
            }
        }
    }
    if let Some(stored) = stored {
        replay.end(&stored, |flaw| findings.add(flaw));
    }
    Ok(count)
}

/// An event by its number, or why it cannot be read.
type Numbered = (i64, Result<Event, Error>);

/// The next events of a board, in order.
async fn page(conn: &mut Conn, board: i64, after: i64) -> Result<Vec<Numbered>, Error> {
    let page = events::table
        .filter(events::board_id.eq(board))
        .filter(events::number.gt(after))
        .order(events::number)
        .limit(PAGE);
    let rows = conn.load::<EventRow, _>(page).await;
    match rows.map_err(unreadable("an event")) {
        Ok(rows) => {
            let events = rows.into_iter();
            Ok(events
                .map(|row| (row.number(), Event::try_from(row).map_err(Error::from)))
                .collect())
        }
        // One of them spoils the page: each by itself then.
        Err(error) if error.is_unreadable() => {
            let numbers = conn.load::<i64, _>(page.select(events::number)).await?;
            let mut events = Vec::with_capacity(numbers.len());
            for number in numbers {
                events.push((number, event(conn, board, number).await));
            }
            Ok(events)
        }
        Err(error) => Err(error),
    }
}

async fn event(conn: &mut Conn, board: i64, number: i64) -> Result<Event, Error> {
    let found = events::table
        .filter(events::board_id.eq(board))
        .filter(events::number.eq(number));
    let rows = conn.load::<EventRow, _>(found).await;
    let row = rows.map_err(unreadable("an event"))?.pop();
    let gone = || Error::Unusable("it is there no more".to_owned());
    Ok(Event::try_from(row.ok_or_else(gone)?)?)
}

/// What is found on one board.
struct Findings<Tell> {
    board: BoardId,
    number: usize,
    tell: Tell,
}

impl<Tell: FnMut(Finding)> Findings<Tell> {
    fn of(board: BoardId, tell: Tell) -> Findings<Tell> {
        Findings {
            board,
            number: 0,
            tell,
        }
    }

    fn add(&mut self, what: impl fmt::Display) {
        self.number += 1;
        if self.number <= TOLD {
            (self.tell)(Finding::Board(self.board, what.to_string()));
        }
    }

    /// How many there were; tells how many of them were not told.
    fn end(mut self) -> u64 {
        let untold = self.number.saturating_sub(TOLD);
        if untold > 0 {
            let more = format!("and {untold} more findings");
            (self.tell)(Finding::Board(self.board, more));
        }
        self.number as u64
    }
}
