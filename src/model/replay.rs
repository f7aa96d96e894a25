//! Replays a log from an empty board and reports where it contradicts itself or the stored rows.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    board::{Board, Row},
    change::{Change, Edit},
    consent::Consent,
    event::Event,
    feature::Feature,
    integrity_finding::IntegrityFinding,
    item::Item,
    participant::{Browser, Participant},
    setting::Setting,
    veto::Veto,
};

/// A board to which a log is applied event by event.
pub struct Replay {
    board: Board,
    /// The number of the last event in the log so far.
    last: i64,
}

impl Replay {
    /// Starts with an empty board.
    pub fn new(empty: Board) -> Replay {
        Replay {
            board: empty,
            last: 0,
        }
    }

    /// Checks and applies the next event in the log.
    pub fn apply(&mut self, event: &Event, mut report: impl FnMut(IntegrityFinding)) {
        let makes_agreed = self.follow(event, &mut report);
        if event.number >= 1 && event.makes_agreed != makes_agreed {
            report(IntegrityFinding::AgreementMismatch {
                event: event.number,
            });
        }
    }

    /// The same for an event whose rows were rewritten: whether it makes the board agreed may have changed with them, and is set.
    pub fn apply_rewritten(&mut self, event: &mut Event, report: impl FnMut(IntegrityFinding)) {
        event.makes_agreed = self.follow(event, report);
    }

    /// Checks and applies the next event; returns whether it makes the board agreed.
    fn follow(&mut self, event: &Event, mut report: impl FnMut(IntegrityFinding)) -> bool {
        self.skip(event.number, &mut report);
        if event.number < 1 {
            return false;
        }
        if let Some(undoes) = event
            .undoes
            .filter(|undoes| !(1..event.number).contains(undoes))
        {
            report(IntegrityFinding::InvalidUndo {
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
            consents,
            settings,
        } = &event.change;
        self.check_before(event.number, participants, &mut report);
        self.check_before(event.number, browsers, &mut report);
        self.check_before(event.number, items, &mut report);
        self.check_before(event.number, features, &mut report);
        self.check_before(event.number, vetoes, &mut report);
        self.check_before(event.number, consents, &mut report);
        self.check_before(event.number, settings, &mut report);
        let was_agreed = self.board.was_agreed();
        self.board.apply(event);
        !was_agreed && self.board.was_agreed()
    }

    /// Skips an event that is in the log but cannot be decoded.
    pub fn skip(&mut self, number: i64, mut report: impl FnMut(IntegrityFinding)) {
        if number < 1 {
            return report(IntegrityFinding::InvalidNumber { event: number });
        }
        if number != self.last + 1 {
            report(IntegrityFinding::MissingEvents {
                first: self.last + 1,
                last: number - 1,
            });
        }
        self.last = number;
    }

    /// The board after the log so far.
    pub fn into_board(self) -> Board {
        self.board
    }

    /// Compares the replayed board with the stored one.
    pub fn finish(self, stored_board: &Board, mut report: impl FnMut(IntegrityFinding)) {
        if stored_board.version() != self.last {
            report(IntegrityFinding::VersionMismatch {
                stored: stored_board.version(),
                logged: self.last,
            });
        }
        let (in_table, in_log) = (stored_board.counters(), self.board.counters());
        for (kind, stored, logged) in [
            ("participants", in_table.participant, in_log.participant),
            ("items", in_table.item, in_log.item),
            ("features", in_table.feature, in_log.feature),
        ] {
            if stored != logged {
                report(IntegrityFinding::CounterMismatch {
                    kind,
                    stored,
                    logged,
                });
            }
        }
        let (stored, logged) = (stored_board.rows(), self.board.rows());
        compare_rows(&stored.participants, &logged.participants, &mut report);
        compare_rows(&stored.browsers, &logged.browsers, &mut report);
        compare_rows(&stored.items, &logged.items, &mut report);
        compare_rows(&stored.features, &logged.features, &mut report);
        compare_rows(&stored.vetoes, &logged.vetoes, &mut report);
        compare_rows(&stored.consents, &logged.consents, &mut report);
        compare_rows(&stored.settings, &logged.settings, &mut report);
        // A board that has no event since an earlier version has no renewals in its table, and no consent that they could outdate.
        for consent in &stored.consents {
            let participant = consent.participant;
            if stored_board.standing(participant) != self.board.standing(participant) {
                report(IntegrityFinding::StandingMismatch {
                    participant: participant.0,
                });
            }
        }
    }

    /// Checks that the rows before an event are those that the previous events produced.
    fn check_before<R: LoggedRow>(
        &self,
        event: i64,
        edits: &[Edit<R>],
        report: &mut impl FnMut(IntegrityFinding),
    ) {
        for edit in edits {
            let Some(key) = edit.key() else { continue };
            let replayed = R::find(&self.board, &key);
            if replayed != edit.before {
                let difference = match (&edit.before, &replayed) {
                    (Some(before), Some(replayed)) => {
                        describe_difference(before, "before the event", replayed, "in the replay")
                    }
                    (Some(_), None) => "present before the event, absent in the replay".to_owned(),
                    _ => "absent before the event, present in the replay".to_owned(),
                };
                report(IntegrityFinding::BeforeMismatch {
                    event,
                    row: edit
                        .latest()
                        .or(replayed.as_ref())
                        .map_or_else(String::new, R::describe),
                    difference,
                });
            }
        }
    }
}

/// Walks through both lists, which are in key order.
fn compare_rows<R: LoggedRow>(
    stored: &[R],
    logged: &[R],
    report: &mut impl FnMut(IntegrityFinding),
) {
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
        let difference = match (stored, logged) {
            (Some(stored), Some(logged)) if stored == logged => continue,
            (Some(stored), Some(logged)) => {
                describe_difference(stored, "in the table", logged, "according to the log")
            }
            (Some(_), None) => "in the table, but not according to the log".to_owned(),
            _ => "according to the log, but not in the table".to_owned(),
        };
        report(IntegrityFinding::RowMismatch {
            row: stored.or(logged).map_or_else(String::new, R::describe),
            difference,
        });
    }
}

/// The columns in which two rows with the same key differ.
fn describe_difference<R: LoggedRow>(
    one: &R,
    where_one: &str,
    other: &R,
    where_other: &str,
) -> String {
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

/// A row that can be described to an operator by its table and key, on one line.
trait LoggedRow: Row + Serialize {
    fn describe(&self) -> String;
}

impl LoggedRow for Participant {
    fn describe(&self) -> String {
        format!("participants {}", self.id)
    }
}

impl LoggedRow for Browser {
    fn describe(&self) -> String {
        format!("browsers {}", self.id.as_str())
    }
}

impl LoggedRow for Item {
    fn describe(&self) -> String {
        format!("items {}", self.id)
    }
}

impl LoggedRow for Feature {
    fn describe(&self) -> String {
        format!("features {}", self.id)
    }
}

impl LoggedRow for Consent {
    fn describe(&self) -> String {
        format!("consents of participant {}", self.participant)
    }
}

impl LoggedRow for Setting {
    fn describe(&self) -> String {
        format!("settings {:?}", self.key())
    }
}

impl LoggedRow for Veto {
    fn describe(&self) -> String {
        format!(
            "vetoes of feature {} by participant {}",
            self.feature, self.participant
        )
    }
}
