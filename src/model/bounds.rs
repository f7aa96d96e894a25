//! What an event and the rows of a board may hold. The rules make nothing else, but a log from another place can contain anything.

use chrono::{Datelike, Timelike};
use serde_json::Value;

use super::{
    change::{Change, Edit},
    consent::{Consent, ConsentState},
    event::Event,
    feature::Feature,
    id::{ParticipantId, Timestamp},
    item::Item,
    name::{Kind, Name, Reason, Word},
    participant::{Browser, Participant},
    setting::{Closing, Deadline, Outcome, Setting},
    text::{Note, OutcomeText, Purpose},
    veto::Veto,
};

/// Ids and event numbers stay below, so that the next one can be counted.
const MAX_NUMBER: i64 = (1 << 53) - 1;

/// More than the hash of a browser's token has.
const MAX_BROWSER: usize = 100;

/// More than any text of an action has.
const MAX_ACTION_TEXT: usize = 1_000;

/// What no rule of SAVT would have stored.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutOfBounds(String);

type Checked = Result<(), OutOfBounds>;

impl Event {
    /// Checks each value by itself. Whether the event continues a board is for the replay to tell.
    ///
    /// # Errors
    /// Names the first value that is out of bounds.
    pub fn check_values(&self) -> Checked {
        number("the number of the event", self.number)?;
        time("the time of the event", self.at)?;
        actor("the actor", self.actor.id)?;
        text("the actor's name", self.actor.name.as_str(), Name::MAX)?;
        let action = serde_json::to_value(&self.action).unwrap_or_default();
        action_texts(&action)?;
        let Change {
            participants,
            browsers,
            items,
            features,
            vetoes,
            consents,
            settings,
        } = &self.change;
        let event = self.number;
        each(participants, check_participant)?;
        each(browsers, check_browser)?;
        each(items, |row| check_item(row, event))?;
        each(features, |row| check_feature(row, event))?;
        each(vetoes, check_veto)?;
        each(consents, |row| check_consent(row, event))?;
        each(settings, check_setting)
    }
}

fn each<R>(edits: &[Edit<R>], check: impl Fn(&R) -> Checked) -> Checked {
    for edit in edits {
        let rows = [&edit.before, &edit.after];
        require(rows.iter().any(|row| row.is_some()), || {
            "a changed row is neither before nor after the event".to_owned()
        })?;
        for row in rows.into_iter().flatten() {
            check(row)?;
        }
    }
    Ok(())
}

fn check_participant(row: &Participant) -> Checked {
    number("a participant's id", row.id.0)?;
    text("a participant's name", row.name.as_str(), Name::MAX)?;
    time("when a participant joined", row.joined)
}

fn check_browser(row: &Browser) -> Checked {
    number("a browser's participant", row.participant.0)?;
    text("a browser", row.id.as_str(), MAX_BROWSER)
}

fn check_item(row: &Item, event: i64) -> Checked {
    number("an item's id", row.id.0)?;
    text("an item's name", row.name.as_str(), Name::MAX)?;
    if let Some(kind) = &row.kind {
        text("an item's kind", kind.as_str(), Kind::MAX)?;
    }
    if let Some(note) = &row.note {
        lines("an item's note", note.as_str(), Note::MAX)?;
    }
    number("an item's author", row.author.0)?;
    time("when an item was added", row.created)?;
    row.deleted
        .map_or(Ok(()), |at| time("when an item was deleted", at))?;
    earlier("the event that added an item", row.added_by_event, event)
}

fn check_feature(row: &Feature, event: i64) -> Checked {
    number("a feature's id", row.id.0)?;
    text("a feature's name", row.name.as_str(), Name::MAX)?;
    number("a feature's author", row.author.0)?;
    row.item
        .map_or(Ok(()), |item| number("a feature's item", item.0))?;
    time("when a feature was added", row.created)?;
    row.deleted
        .map_or(Ok(()), |at| time("when a feature was deleted", at))?;
    earlier("the event that added a feature", row.added_by_event, event)
}

fn check_veto(row: &Veto) -> Checked {
    number("the feature of a veto", row.feature.0)?;
    number("the participant of a veto", row.participant.0)?;
    if let Some(reason) = &row.reason {
        text("the reason for a veto", reason.as_str(), Reason::MAX)?;
    }
    if let Some(name) = &row.given_to {
        text("what a veto was given to", name.as_str(), Name::MAX)?;
    }
    time("when a veto was given", row.at)
}

fn check_consent(row: &Consent, event: i64) -> Checked {
    number("the participant of a consent", row.participant.0)?;
    match row.state {
        ConsentState::Fine { as_of } => earlier("the event of a consent", as_of, event),
        ConsentState::NotTakingPart => Ok(()),
    }
}

fn check_setting(row: &Setting) -> Checked {
    match row {
        Setting::Name(name) => text("the name of the board", name.as_str(), Name::MAX),
        Setting::Purpose(purpose) => lines("the purpose", purpose.as_str(), Purpose::MAX),
        Setting::Terminology(words) => {
            let words = [&words.item, &words.items, &words.feature, &words.features];
            words
                .into_iter()
                .try_for_each(|word| text("a word of the board", word.as_str(), Word::MAX))
        }
        Setting::Reasons(_) => Ok(()),
        Setting::Deadline(Deadline { at, by, name }) => {
            time("the deadline", *at)?;
            number("who set the deadline", by.0)?;
            text("the name of who set the deadline", name.as_str(), Name::MAX)
        }
        Setting::Closing(Closing {
            at,
            by,
            name,
            outcome,
        }) => {
            time("when the board was closed", *at)?;
            actor("who closed the board", *by)?;
            text("the name of who closed the board", name.as_str(), Name::MAX)?;
            check_outcome(outcome)
        }
    }
}

fn check_outcome(outcome: &Outcome) -> Checked {
    if let Some(sentence) = &outcome.text {
        lines("the outcome", sentence.as_str(), OutcomeText::MAX)?;
    }
    require(outcome.chosen.len() <= Outcome::MAX_CHOSEN, || {
        format!("more than {} items are chosen", Outcome::MAX_CHOSEN)
    })?;
    // The board looks for an item by binary search.
    require(outcome.chosen.is_sorted_by(|one, next| one < next), || {
        "the chosen items are not in order".to_owned()
    })
}

/// Checks all texts of an action: they are only shown.
fn action_texts(value: &Value) -> Checked {
    match value {
        Value::String(found) => lines("a text of the action", found, MAX_ACTION_TEXT),
        Value::Array(values) => values.iter().try_for_each(action_texts),
        Value::Object(members) => members.values().try_for_each(action_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn text(what: &str, text: &str, max: usize) -> Checked {
    check_text(what, text, max, |_| false)
}

/// A text that may have line breaks.
fn lines(what: &str, text: &str, max: usize) -> Checked {
    check_text(what, text, max, |c| c == '\n')
}

fn check_text(what: &str, text: &str, max: usize, is_allowed: fn(char) -> bool) -> Checked {
    let fault = if text.is_empty() {
        "is empty".to_owned()
    } else if text.chars().any(|c| c.is_control() && !is_allowed(c)) {
        "has control characters".to_owned()
    } else if text.chars().nth(max).is_some() {
        format!("has more than {max} characters")
    } else {
        return Ok(());
    };
    Err(OutOfBounds(format!("{what} {fault}")))
}

fn number(what: &str, number: i64) -> Checked {
    require((1..=MAX_NUMBER).contains(&number), || {
        format!("{what} is {number}, which is out of range")
    })
}

/// A participant, or the operator, who is none and has the id 0.
fn actor(what: &str, id: ParticipantId) -> Checked {
    match id.0 {
        0 => Ok(()),
        id => number(what, id),
    }
}

/// The number of an event that is not after this one, or 0.
fn earlier(what: &str, number: i64, event: i64) -> Checked {
    require((0..=event).contains(&number), || {
        format!("{what} is {number}, which is not before it")
    })
}

fn time(what: &str, at: Timestamp) -> Checked {
    require(is_storable(at), || {
        format!("{what} is {at}, which no database can store")
    })
}

/// Whether both databases store a time as it is.
pub fn is_storable(at: Timestamp) -> bool {
    let nanoseconds = at.nanosecond();
    (1970..=9999).contains(&at.year())
        && nanoseconds < 1_000_000_000
        && nanoseconds.is_multiple_of(1_000)
}

pub(super) fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    match holds {
        true => Ok(()),
        false => Err(OutOfBounds(otherwise())),
    }
}
