//! The limits of a board: `decide` rejects what would make it grow beyond one. A board that is larger already, because a limit was
//! lowered or an earlier version had none, accepts everything that does not make it grow.

use std::io;

use serde::Serialize;

use crate::model::{
    board::Board,
    change::Change,
    decision::Decision,
    limits::{Limit, Limits},
    rejection::Rejection,
};

/// An upper bound of the JSON of one edit of a participant, browser, feature, veto or consent: a row before and after, each with
/// a name of at most 100 and a reason of at most 200 characters.
const MAX_EDIT_BYTES: usize = 4_096;
/// The same for an item, which has a note of at most 500 characters.
const MAX_ITEM_EDIT_BYTES: usize = 8_192;
/// The same for a setting: a purpose of at most 1,000 characters, or an outcome.
const MAX_SETTING_EDIT_BYTES: usize = 16_384;

/// Rejects a decision that makes a board grow beyond a limit, or has an event that is too large.
pub(in crate::model) fn check(
    limits: &Limits,
    before: &Board,
    decision: &Decision,
) -> Result<(), Rejection> {
    let (counts_before, counts) = (counts(before), counts(&decision.board));
    for ((limit, before), (_, after)) in counts_before.into_iter().zip(counts) {
        if after > before && after > limits.max(limit) {
            return Err(exceeded(limits, limit));
        }
    }
    let mut changes = decision.events.iter().map(|event| &event.change);
    match changes.any(|change| is_larger_than(change, limits.event_bytes)) {
        true => Err(exceeded(limits, Limit::EventBytes)),
        false => Ok(()),
    }
}

fn exceeded(limits: &Limits, limit: Limit) -> Rejection {
    let max = limits.max(limit);
    Rejection::LimitExceeded { limit, max }
}

/// What a board has of everything that is limited. Counts that the person can reduce come first, so that they are reported first.
fn counts(board: &Board) -> [(Limit, usize); 7] {
    let stats = board.stats();
    let kept = board.kept_rows();
    [
        (Limit::Participants, stats.people),
        (Limit::Items, stats.items),
        (Limit::Features, stats.features),
        (Limit::KeptItems, kept.items),
        (Limit::KeptFeatures, kept.features),
        (Limit::Vetoes, kept.vetoes),
        (Limit::Browsers, kept.browsers),
    ]
}

/// Whether the JSON of a change has more than `max` bytes. Usually known from the number of edits; otherwise the JSON is counted
/// without being stored.
fn is_larger_than(change: &Change, max: usize) -> bool {
    if upper_bound(change) <= max {
        return false;
    }
    let mut budget = ByteBudget { left: max };
    serde_json::to_writer(&mut budget, change).is_err()
}

/// The size of a value as JSON.
pub(super) fn json_bytes(value: &impl Serialize) -> usize {
    let mut budget = ByteBudget { left: usize::MAX };
    match serde_json::to_writer(&mut budget, value) {
        Ok(()) => usize::MAX - budget.left,
        Err(_) => usize::MAX,
    }
}

/// An upper bound of the JSON of a change, from the number of its edits.
fn upper_bound(change: &Change) -> usize {
    let rows = change.participants.len()
        + change.browsers.len()
        + change.features.len()
        + change.vetoes.len()
        + change.consents.len();
    rows.saturating_mul(MAX_EDIT_BYTES)
        .saturating_add(change.items.len().saturating_mul(MAX_ITEM_EDIT_BYTES))
        .saturating_add(change.settings.len().saturating_mul(MAX_SETTING_EDIT_BYTES))
}

/// A writer that discards what it is given, and fails once it is more than a number of bytes.
struct ByteBudget {
    left: usize,
}

impl io::Write for ByteBudget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left.checked_sub(bytes.len());
        self.left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Amount, Closing, Edit, Feature, FeatureId, Item, ItemId, Kind, Name, Note, Outcome,
        OutcomeText, ParticipantId, Purpose, Reason, Setting, Timestamp, Veto,
    };

    fn suggestion(number: i64) -> Edit<Feature> {
        Edit {
            before: None,
            after: Some(Feature {
                id: FeatureId(number),
                item: None,
                name: Name::from_stored(format!("Ham {number}")),
                amount: Amount::ONE,
                author: ParticipantId(1),
                created: Timestamp::default(),
                deleted: None,
                remainder: false,
                added_by_event: number,
            }),
        }
    }

    #[test]
    fn the_size_of_a_change_is_that_of_its_json() {
        for edits in [1, 7, 100] {
            let change = Change {
                features: (0..edits).map(suggestion).collect(),
                ..Change::default()
            };
            let bytes = serde_json::to_string(&change).unwrap().len();
            assert!(!is_larger_than(&change, bytes), "{edits}");
            assert!(is_larger_than(&change, bytes - 1), "{edits}");
        }
    }

    /// The longest row: the shortcut by the number of edits must not accept what the count would reject.
    #[test]
    fn no_edit_is_larger_than_its_bound() {
        let veto = Veto {
            feature: FeatureId(i64::MAX),
            participant: ParticipantId(i64::MAX),
            at: Timestamp::MAX,
            reason: Some(Reason::from_stored("🍕".repeat(Reason::MAX))),
            given_to: Some(Name::from_stored("🍕".repeat(Name::MAX))),
        };
        let edit = Edit {
            before: Some(veto.clone()),
            after: Some(veto),
        };
        assert!(serde_json::to_string(&edit).unwrap().len() <= MAX_EDIT_BYTES);
        let name = Name::from_stored("🍕".repeat(Name::MAX));
        let mut edit = suggestion(i64::MAX);
        edit.after = edit.after.map(|feature| Feature {
            name,
            deleted: Some(Timestamp::MAX),
            ..feature
        });
        edit.before = edit.after.clone();
        assert!(serde_json::to_string(&edit).unwrap().len() <= MAX_EDIT_BYTES);
        let item = Item {
            id: ItemId(i64::MAX),
            name: Name::from_stored("🍕".repeat(Name::MAX)),
            kind: Some(Kind::from_stored("🍕".repeat(Kind::MAX))),
            author: ParticipantId(i64::MAX),
            created: Timestamp::MAX,
            deleted: Some(Timestamp::MAX),
            note: Some(Note::from_stored("🍕".repeat(Note::MAX))),
            added_by_event: i64::MAX,
        };
        let bytes = |row| {
            serde_json::to_string(&Edit {
                before: Some(&row),
                after: Some(&row),
            })
        };
        assert!(bytes(serde_json::to_value(item).unwrap()).unwrap().len() <= MAX_ITEM_EDIT_BYTES);
        let closing = Setting::Closing(Closing {
            at: Timestamp::MAX,
            by: ParticipantId(i64::MAX),
            name: Name::from_stored("🍕".repeat(Name::MAX)),
            outcome: Outcome {
                text: Some(OutcomeText::from_stored("🍕".repeat(OutcomeText::MAX))),
                chosen: vec![ItemId(i64::MAX); Outcome::MAX_CHOSEN],
            },
        });
        let purpose = Setting::Purpose(Purpose::from_stored("🍕".repeat(Purpose::MAX)));
        for setting in [closing, purpose] {
            let bytes = bytes(serde_json::to_value(setting).unwrap()).unwrap();
            assert!(bytes.len() <= MAX_SETTING_EDIT_BYTES, "{bytes}");
        }
    }

    #[test]
    fn an_undo_has_the_size_of_its_event() {
        let deleted = |edit: Edit<Feature>| Edit {
            before: edit.after.clone(),
            after: edit.after.map(|feature| Feature {
                deleted: Some(Timestamp::default()),
                ..feature
            }),
        };
        let change = Change {
            features: (0..9)
                .map(suggestion)
                .chain((9..20).map(suggestion).map(deleted))
                .collect(),
            ..Change::default()
        };
        let bytes = |change| serde_json::to_string(change).unwrap().len();
        assert_eq!(bytes(&change), bytes(&change.inverse()));
    }
}
