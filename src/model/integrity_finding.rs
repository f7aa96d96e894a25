//! The inconsistencies that replaying a log can find, and their descriptions for operators.

use std::fmt;

/// An inconsistency in a stored board, which means that rows or events were lost or changed outside SAVT.
#[derive(Clone, Debug, PartialEq)]
pub enum IntegrityFinding {
    /// The log lacks the events with these numbers.
    MissingEvents { first: i64, last: i64 },
    /// An event with a number below 1.
    InvalidNumber { event: i64 },
    /// An event that claims to undo an event that is not before it.
    InvalidUndo { event: i64, undoes: i64 },
    /// The row before an event differs from what the previous events produced.
    BeforeMismatch {
        event: i64,
        row: String,
        difference: String,
    },
    /// The event says that it made the board agreed although it did not, or the other way round.
    AgreementMismatch { event: i64 },
    /// The stored consent of this participant is outdated and the replayed one is not, or the other way round.
    StandingMismatch { participant: i64 },
    /// A stored row differs from the replayed one.
    RowMismatch { row: String, difference: String },
    /// The stored version is not the number of the last event.
    VersionMismatch { stored: i64, logged: i64 },
    /// The stored last id of this kind of row differs from the replayed one.
    CounterMismatch {
        kind: &'static str,
        stored: i64,
        logged: i64,
    },
}

impl fmt::Display for IntegrityFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntegrityFinding::MissingEvents { first, last } if first == last => {
                write!(f, "event {first} is missing")
            }
            IntegrityFinding::MissingEvents { first, last } => {
                write!(f, "events {first} to {last} are missing")
            }
            IntegrityFinding::InvalidNumber { event } => {
                write!(
                    f,
                    "event {event} has an invalid number: events are numbered from 1"
                )
            }
            IntegrityFinding::InvalidUndo { event, undoes } => {
                write!(
                    f,
                    "event {event} undoes event {undoes}, which does not precede it"
                )
            }
            IntegrityFinding::BeforeMismatch {
                event,
                row,
                difference,
            } => {
                write!(
                    f,
                    "event {event}, {row}: the row before it does not match the previous events: {difference}"
                )
            }
            IntegrityFinding::AgreementMismatch { event } => write!(
                f,
                "event {event} is wrong about whether it made the board agreed"
            ),
            IntegrityFinding::StandingMismatch { participant } => write!(
                f,
                "the table and the log differ in whether the consent of participant {participant} is outdated"
            ),
            IntegrityFinding::RowMismatch { row, difference } => write!(f, "{row}: {difference}"),
            IntegrityFinding::VersionMismatch { stored, logged } => {
                write!(
                    f,
                    "the board is at version {stored}, but its last event is {logged}"
                )
            }
            IntegrityFinding::CounterMismatch {
                kind,
                stored,
                logged,
            } => write!(
                f,
                "the last id of {kind} is {stored} in the table, {logged} according to the log"
            ),
        }
    }
}
