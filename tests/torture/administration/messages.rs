//! Compares what the receiver got with the logs.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use chrono::DateTime;
use savt::model::{Action, Event};
use serde_json::Value;

use crate::harness::{
    receiver::{Received, Receiver},
    signature::is_verified,
};

/// The longest time until everything is delivered: another process waits 20 seconds for one that was killed, and a message that
/// was refused twice waits for half a minute.
const TIMEOUT: Duration = Duration::from_secs(180);

/// An address, and what may be sent about it.
pub struct Followed {
    pub slug: String,
    /// With which events the boards that were there can have begun.
    pub beginnings: BTreeSet<i64>,
    /// The board that is there now.
    pub board: Option<FollowedBoard>,
    /// Names that may have been sent before they were forgotten.
    pub names: BTreeSet<String>,
}

pub struct FollowedBoard {
    pub id: i64,
    /// Which may be the first event that is sent.
    pub beginnings: BTreeSet<i64>,
    pub log: Vec<Event>,
}

impl FollowedBoard {
    /// The first event that is sent: the one that was, if it may be.
    fn beginning(&self, sent: &[Message]) -> i64 {
        let first = sent.first().map(|message| message.number);
        let first = first.filter(|first| self.beginnings.contains(first));
        first.or(self.beginnings.last().copied()).unwrap_or(1)
    }

    fn expected(&self, sent: &[Message]) -> Vec<i64> {
        (self.beginning(sent)..=self.log.len() as i64).collect()
    }
}

/// A message about an event, or about what the event decided.
struct Message {
    number: i64,
    /// `agreed`, `closed`, or nothing.
    decision: String,
    slug: String,
    event: Value,
}

/// Waits until everything is delivered, and compares it. Returns how many messages there were, and how many without repetitions.
pub async fn compare(
    receiver: &Receiver,
    followed: &[Followed],
    errors: &mut Vec<String>,
) -> (u64, u64) {
    let begin = Instant::now();
    let boards = || {
        followed
            .iter()
            .filter_map(|followed| followed.board.as_ref())
    };
    while begin.elapsed() < TIMEOUT {
        let messages = by_board(&receiver.received());
        let is_missing = |board: &&FollowedBoard| {
            let sent = messages.get(&board.id).map_or(&[][..], Vec::as_slice);
            let last = board.expected(sent).last().copied();
            sent.last().map(|message| message.number) < last
        };
        if boards().find(is_missing).is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let received = receiver.received();
    let unsigned = received.iter().filter(|message| !is_verified(message));
    errors.extend(unsigned.map(|message| format!("a message without its signature: {message:?}")));
    let messages = by_board(&received);
    for board in boards() {
        let none = Vec::new();
        let sent = messages.get(&board.id).unwrap_or(&none);
        let numbers = events(sent);
        let expected = board.expected(sent);
        if numbers != expected {
            errors.push(format!(
                "board {}: the receiver's list differs from the log: {}",
                board.id,
                difference(&numbers, &expected)
            ));
        }
    }
    for (id, sent) in &messages {
        let about = followed
            .iter()
            .find(|followed| sent.iter().all(|message| message.slug == followed.slug));
        let Some(about) = about else {
            errors.push(format!("messages about a board that never was: {id}"));
            continue;
        };
        errors.extend(about.errors(*id, sent));
    }
    let different = messages.values().map(|messages| messages.len() as u64);
    (received.len() as u64, different.sum())
}

impl Followed {
    fn errors(&self, id: i64, sent: &[Message]) -> Vec<String> {
        let mut errors = Vec::new();
        let place = format!("board {id} at {}", self.slug);
        let numbers = events(sent);
        if !numbers.is_sorted_by(|one, next| next - one == 1) {
            errors.push(format!("{place}: not in order: {numbers:?}"));
        }
        let beginning = numbers.first().copied().unwrap_or_default();
        if !self.beginnings.contains(&beginning) {
            let expected = &self.beginnings;
            errors.push(format!(
                "{place}: begins with {beginning}, not {expected:?}"
            ));
        }
        let board = self.board.as_ref().filter(|board| board.id == id);
        let Some(board) = board else {
            return errors;
        };
        for message in sent {
            let event = usize::try_from(message.number - 1).unwrap_or(usize::MAX);
            let Some(event) = board.log.get(event) else {
                errors.push(format!("{place}: no event {}", message.number));
                continue;
            };
            if !self.is_about(message, event) {
                errors.push(format!("{place}: {} is not {event:?}", message.event));
            }
        }
        let closed: BTreeSet<i64> = sent
            .iter()
            .filter(|message| message.decision == "closed")
            .map(|message| message.number)
            .collect();
        let expected = board.log.iter().filter(|event| {
            event.number >= board.beginning(sent) && matches!(event.action, Action::Closed { .. })
        });
        let expected: BTreeSet<i64> = expected.map(|event| event.number).collect();
        if closed != expected {
            errors.push(format!("{place}: closed by {expected:?}, sent {closed:?}"));
        }
        errors
    }

    fn is_about(&self, message: &Message, event: &Event) -> bool {
        let actor = &message.event["actor"];
        let name = actor["name"].as_str().unwrap_or_default();
        let at = message.event["at"].as_str().unwrap_or_default();
        let at = DateTime::parse_from_rfc3339(at).map(|at| at.naive_utc());
        actor["id"] == event.actor.id.0
            && at.is_ok_and(|at| at == event.at)
            && (name == event.actor.name.as_str() || self.names.contains(name))
    }
}

/// The numbers of events, each as it first came.
fn events(sent: &[Message]) -> Vec<i64> {
    let events = sent.iter().filter(|message| message.decision.is_empty());
    events.map(|message| message.number).collect()
}

/// All messages without repetitions. After somebody was forgotten, a message that is repeated has another epoch in its id.
fn by_board(received: &[Received]) -> BTreeMap<i64, Vec<Message>> {
    let mut known = BTreeSet::new();
    let mut boards: BTreeMap<i64, Vec<Message>> = BTreeMap::new();
    for message in received {
        let mut parts = message.id().split('-');
        let board = parts.next().and_then(|part| part.parse().ok());
        let number = parts.nth(1).and_then(|part| part.parse().ok());
        let (board, number) = (board.unwrap_or_default(), number.unwrap_or_default());
        let decision = parts.next().unwrap_or_default().to_owned();
        if known.insert((board, number, decision.clone())) {
            let mut json = message.json();
            let slug = json["data"]["board"]["slug"].as_str();
            boards.entry(board).or_default().push(Message {
                number,
                decision,
                slug: slug.unwrap_or_default().to_owned(),
                event: json["data"]["event"].take(),
            });
        }
    }
    boards
}

/// Where two lists differ, with what is around.
fn difference(found: &[i64], expected: &[i64]) -> String {
    let at = found
        .iter()
        .zip(expected)
        .position(|(one, other)| one != other);
    let at = at.unwrap_or(found.len().min(expected.len()));
    let around = |list: &[i64]| {
        let from = at.saturating_sub(2).min(list.len());
        format!(
            "{:?} of {}",
            &list[from..list.len().min(at + 3)],
            list.len()
        )
    };
    format!("{} instead of {}", around(found), around(expected))
}
