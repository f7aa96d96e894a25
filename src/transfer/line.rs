//! One line of a file, in the one form in which it is written.

use serde::{Deserialize, Serialize};

use super::header::BoardHeader;
use crate::model::{Action, Actor, Change, Event, Name, ParticipantId, Timestamp};

/// A line of a file.
pub(super) enum Line {
    /// The first one of a board.
    Header(BoardHeader),
    Event(Box<Event>),
    /// The last one of a board: the SHA-256 of its other lines.
    Checksum(String),
    /// The last one of the file: how many boards it has.
    End(u64),
}

/// Why a line cannot be read.
pub(super) struct InvalidLine {
    /// The position in the line, from 0.
    pub(super) at: usize,
    pub(super) reason: String,
}

/// The beginnings of the lines. They tell what a line is before it is parsed.
const HEADER: &[u8] = b"{\"savt\":";
const EVENT: &[u8] = b"{\"number\":";
const CHECKSUM: &[u8] = b"{\"sha256\":";
const END: &[u8] = b"{\"boards\":";

/// An event as it is written. The names of the fields must not change.
#[derive(Serialize)]
struct EventLine<'e> {
    number: i64,
    at: Timestamp,
    actor: ActorMember<&'e Name>,
    action: &'e Action,
    change: &'e Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<i64>,
    #[serde(skip_serializing_if = "is_false")]
    agreed: bool,
}

/// The same, to read it.
#[derive(Deserialize)]
struct ReadEventLine {
    number: i64,
    at: Timestamp,
    actor: ActorMember<Name>,
    action: Action,
    change: Change,
    #[serde(default)]
    undoes: Option<i64>,
    #[serde(default)]
    agreed: bool,
}

#[derive(Serialize, Deserialize)]
struct ActorMember<N> {
    id: ParticipantId,
    name: N,
}

#[derive(Serialize, Deserialize)]
struct ChecksumLine {
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    boards: u64,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Line {
    /// Parses a line without its line break.
    pub(super) fn parse(text: &[u8]) -> Result<Line, InvalidLine> {
        let line = if text.starts_with(EVENT) {
            Line::Event(Box::new(parsed::<ReadEventLine>(text)?.into()))
        } else if text.starts_with(HEADER) {
            let header = BoardHeader::parse(text);
            Line::Header(header.map_err(|reason| InvalidLine { at: 0, reason })?)
        } else if text.starts_with(CHECKSUM) {
            Line::Checksum(parsed::<ChecksumLine>(text)?.sha256)
        } else if text.starts_with(END) {
            Line::End(parsed::<EndLine>(text)?.boards)
        } else {
            let reason = "this is not a line of a file that savt export wrote".to_owned();
            return Err(InvalidLine { at: 0, reason });
        };
        // The same text comes out of every database, and nothing is dropped that this version does not know.
        let written = line.to_json().unwrap_or_default();
        match difference(text, &written) {
            None => Ok(line),
            Some(at) => Err(InvalidLine {
                at,
                reason: "from here on, the line is not as this version of savt would write it"
                    .to_owned(),
            }),
        }
    }

    fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        match self {
            Line::Header(header) => header.to_json(),
            Line::Event(event) => event_json(event),
            Line::Checksum(sha256) => checksum_json(sha256.clone()),
            Line::End(boards) => end_json(*boards),
        }
    }
}

pub(super) fn event_json(event: &Event) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&EventLine {
        number: event.number,
        at: event.at,
        actor: ActorMember {
            id: event.actor.id,
            name: &event.actor.name,
        },
        action: &event.action,
        change: &event.change,
        undoes: event.undoes,
        agreed: event.makes_agreed,
    })
}

pub(super) fn checksum_json(sha256: String) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&ChecksumLine { sha256 })
}

pub(super) fn end_json(boards: u64) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&EndLine { boards })
}

impl From<ReadEventLine> for Event {
    fn from(line: ReadEventLine) -> Event {
        Event {
            number: line.number,
            at: line.at,
            actor: Actor {
                id: line.actor.id,
                name: line.actor.name,
            },
            action: line.action,
            change: line.change,
            undoes: line.undoes,
            makes_agreed: line.agreed,
        }
    }
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, InvalidLine> {
    serde_json::from_slice(text).map_err(|error| InvalidLine {
        at: error.column().saturating_sub(1),
        reason: reason(&error.to_string()),
    })
}

/// A message without the position in the line, which is told in another way.
fn reason(message: &str) -> String {
    let (reason, _) = message.rsplit_once(" at line ").unwrap_or((message, ""));
    reason.to_owned()
}

/// The first position at which two texts differ.
fn difference(one: &[u8], other: &[u8]) -> Option<usize> {
    if one == other {
        return None;
    }
    let mut pairs = one.iter().zip(other);
    let differing = pairs.position(|(one, other)| one != other);
    Some(differing.unwrap_or(one.len().min(other.len())))
}
