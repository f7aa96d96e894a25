//! Following a log from an empty board, and telling wherever it contradicts itself or the rows that are stored.

use std::{cmp::Ordering, fmt};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Board, Browser, Change, Edit, Event, Feature, Item, Participant, Veto,
    change::{Row, key},
};

/// Something about a stored board that cannot be if all was written by SAVT and nothing was lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Flaw {
    /// Events that are not in the log, by the first and the last number.
    Missing { first: i64, last: i64 },
    /// An event before the first: numbers begin with 1.
    BeforeFirst { event: i64 },
    /// An event that takes back none before it.
    UndoesNothing { event: i64, undoes: i64 },
    /// A row was not to an event what the events before it had made of it.
    FoundOtherwise {
        event: i64,
        row: String,
        how: String,
    },
    /// A row is not in its table what the log says.
    Differs { row: String, how: String },
    /// The board says it is at another version than its last event is.
    Version { stored: i64, logged: i64 },
    /// The last number given to a row of this sort is another one by the log.
    Counter {
        sort: &'static str,
        stored: i64,
        logged: i64,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Missing { first, last } if first == last => write!(f, "event {first} is missing"),
            Flaw::Missing { first, last } => write!(f, "events {first} to {last} are missing"),
            Flaw::BeforeFirst { event } => {
                write!(
                    f,
                    "event {event} stands before event 1, the first there can be"
                )
            }
            Flaw::UndoesNothing { event, undoes } => {
                write!(
                    f,
                    "event {event} takes back event {undoes}, which is not before it"
                )
            }
            Flaw::FoundOtherwise { event, row, how } => {
                write!(
                    f,
                    "event {event}, {row}: the events before it left another row than it found: {how}"
                )
            }
            Flaw::Differs { row, how } => write!(f, "{row}: {how}"),
            Flaw::Version { stored, logged } => {
                write!(
                    f,
                    "the board is at version {stored}, its last event is {logged}"
                )
            }
            Flaw::Counter {
                sort,
                stored,
                logged,
            } => write!(
                f,
                "the last number of {sort} is {stored}, by the log {logged}"
            ),
        }
    }
}

/// A board on which a log is replayed.
pub struct Replay {
    board: Board,
    /// The number of the last event there was.
    last: i64,
}

impl Replay {
    /// Begins with a board nothing has happened on.
    pub fn from(empty: Board) -> Replay {
        Replay {
            board: empty,
            last: 0,
        }
    }

    /// Follows the next event there is.
    pub fn follow(&mut self, event: &Event, mut tell: impl FnMut(Flaw)) {
        self.pass(event.number, &mut tell);
        if event.number < 1 {
            return;
        }
        if let Some(undoes) = event
            .undoes
            .filter(|undoes| !(1..event.number).contains(undoes))
        {
            tell(Flaw::UndoesNothing {
                event: event.number,
                undoes,
            });
        }
        let Change {
            participants,
            browsers,
            items,
            features,
            vetoes,
        } = &event.change;
        self.compare(event.number, participants, &mut tell);
        self.compare(event.number, browsers, &mut tell);
        self.compare(event.number, items, &mut tell);
        self.compare(event.number, features, &mut tell);
        self.compare(event.number, vetoes, &mut tell);
        self.board.apply(event);
    }

    /// Goes past an event that is there but cannot be followed.
    pub fn pass(&mut self, number: i64, mut tell: impl FnMut(Flaw)) {
        if number < 1 {
            return tell(Flaw::BeforeFirst { event: number });
        }
        if number != self.last + 1 {
            tell(Flaw::Missing {
                first: self.last + 1,
                last: number - 1,
            });
        }
        self.last = number;
    }

    /// Compares where the log led to with the board as it is stored.
    pub fn end(self, stored: &Board, mut tell: impl FnMut(Flaw)) {
        if stored.version() != self.last {
            tell(Flaw::Version {
                stored: stored.version(),
                logged: self.last,
            });
        }
        let (kept, logged) = (stored.last(), self.board.last());
        for (sort, stored, logged) in [
            ("participants", kept.participant, logged.participant),
            ("items", kept.item, logged.item),
            ("features", kept.feature, logged.feature),
        ] {
            if stored != logged {
                tell(Flaw::Counter {
                    sort,
                    stored,
                    logged,
                });
            }
        }
        let (stored, logged) = (stored.rows(), self.board.rows());
        differences(&stored.participants, &logged.participants, &mut tell);
        differences(&stored.browsers, &logged.browsers, &mut tell);
        differences(&stored.items, &logged.items, &mut tell);
        differences(&stored.features, &logged.features, &mut tell);
        differences(&stored.vetoes, &logged.vetoes, &mut tell);
    }

    fn compare<R: Told>(&self, event: i64, edits: &[Edit<R>], tell: &mut impl FnMut(Flaw)) {
        for edit in edits {
            let Some(key) = key(edit) else { continue };
            let left = R::find(&self.board, &key);
            if left != edit.before {
                let how = match (&edit.before, &left) {
                    (Some(found), Some(left)) => contrast(found, "found", left, "left"),
                    (Some(_), None) => "found one, left none".to_owned(),
                    _ => "found none, left one".to_owned(),
                };
                tell(Flaw::FoundOtherwise {
                    event,
                    row: edit
                        .latest()
                        .or(left.as_ref())
                        .map_or_else(String::new, R::called),
                    how,
                });
            }
        }
    }
}

/// Walks along both, which are in the order of their keys.
fn differences<R: Told>(stored: &[R], logged: &[R], tell: &mut impl FnMut(Flaw)) {
    let (mut stored, mut logged) = (stored.iter().peekable(), logged.iter().peekable());
    loop {
        let order = match (stored.peek(), logged.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(stored), Some(logged)) => stored.key().cmp(&logged.key()),
        };
        let (stored, logged) = (
            order.is_le().then(|| stored.next()).flatten(),
            order.is_ge().then(|| logged.next()).flatten(),
        );
        let how = match (stored, logged) {
            (Some(stored), Some(logged)) if stored == logged => continue,
            (Some(stored), Some(logged)) => contrast(stored, "in the table", logged, "by the log"),
            (Some(_), None) => "in the table, but not by the log".to_owned(),
            _ => "by the log, but not in the table".to_owned(),
        };
        tell(Flaw::Differs {
            row: stored.or(logged).map_or_else(String::new, R::called),
            how,
        });
    }
}

/// Where two rows of the same key differ.
fn contrast<R: Told>(one: &R, where_one: &str, other: &R, where_other: &str) -> String {
    let (one, other) = (columns(one), columns(other));
    let differing = one.iter().filter_map(|(column, value)| {
        let other = other.get(column).unwrap_or(&Value::Null);
        (value != other).then(|| format!("{column} is {value} {where_one}, {other} {where_other}"))
    });
    differing.collect::<Vec<_>>().join("; ")
}

fn columns(row: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(columns)) => columns,
        _ => Map::new(),
    }
}

/// A row that can be told to a keeper: by its table and its key, on one line.
trait Told: Row + Serialize {
    fn called(&self) -> String;
}

impl Told for Participant {
    fn called(&self) -> String {
        format!("participants {}", self.id)
    }
}

impl Told for Browser {
    fn called(&self) -> String {
        format!("browsers {}", self.token.as_str())
    }
}

impl Told for Item {
    fn called(&self) -> String {
        format!("items {}", self.id)
    }
}

impl Told for Feature {
    fn called(&self) -> String {
        format!("features {}", self.id)
    }
}

impl Told for Veto {
    fn called(&self) -> String {
        format!(
            "vetoes of feature {} by participant {}",
            self.feature, self.participant
        )
    }
}
