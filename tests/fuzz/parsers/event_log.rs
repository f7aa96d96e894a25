//! An event log with arbitrary contents, as in a database that another program has changed: `savt check` reports the findings
//! and does not panic.

use arbitrary::Arbitrary;
use savt::model::{
    Action, Actor, Amount, Board, BoardId, Browser, BrowserId, Change, Consent, ConsentState, Edit,
    Event, Feature, FeatureId, IntegrityFinding, Item, ItemId, Name, Participant, ParticipantId,
    Replay, Slug, Timestamp, Veto,
};

/// A stored event; one without edits represents an event that cannot be decoded.
#[derive(Arbitrary, Debug)]
pub struct Entry {
    number: Number,
    undoes: Option<Number>,
    edits: Vec<EditInput>,
}

/// Mostly one of a few, so that events refer to the same rows.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Small(u8),
    Any(i64),
}

#[derive(Arbitrary, Debug)]
struct EditInput {
    kind: u8,
    id: Number,
    before: Option<Row>,
    after: Option<Row>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Row {
    reference: Option<Number>,
    name: u8,
    amount: u8,
    is_live: bool,
}

pub(super) fn replay(entries: Vec<Entry>) {
    let empty = Board::new(BoardId(1), Slug::main(), name_of(0));
    let mut replay = Replay::new(empty.clone());
    let report = |finding: IntegrityFinding| assert!(!finding.to_string().is_empty());
    let mut last = 0;
    for entry in entries {
        // Events are loaded in ascending order.
        let number = entry.number.get();
        if number <= last {
            continue;
        }
        last = number;
        if entry.edits.is_empty() {
            replay.skip(number, report);
            continue;
        }
        let event = Event {
            number,
            at: Timestamp::default(),
            actor: Actor {
                id: ParticipantId(1),
                name: name_of(1),
            },
            action: Action::Joined,
            change: change(&entry.edits),
            undoes: entry.undoes.map(Number::get),
            makes_agreed: false,
        };
        replay.apply(&event, report);
    }
    replay.finish(&empty, report);
}

fn change(edits: &[EditInput]) -> Change {
    let mut change = Change::default();
    for edited in edits {
        let id = edited.id.get();
        match edited.kind % 6 {
            0 => change.participants.push(edited.edit(|row| Participant {
                id: ParticipantId(id),
                name: name_of(row.name),
                joined: Timestamp::default(),
            })),
            1 => change.browsers.push(edited.edit(|row| Browser {
                id: BrowserId::from_hash(id.to_string()),
                participant: ParticipantId(row.referenced_id()),
            })),
            2 => change.items.push(edited.edit(|row| Item {
                id: ItemId(id),
                name: name_of(row.name),
                kind: None,
                author: ParticipantId(row.referenced_id()),
                created: Timestamp::default(),
                deleted: row.deleted(),
                note: None,
                added_by_event: 0,
            })),
            3 => change.features.push(edited.edit(|row| Feature {
                id: FeatureId(id),
                item: row.reference.map(|item| ItemId(item.get())),
                name: name_of(row.name),
                amount: Amount::new(i64::from(row.amount)).unwrap_or_default(),
                author: ParticipantId(1),
                created: Timestamp::default(),
                deleted: row.deleted(),
                remainder: false,
                added_by_event: 0,
            })),
            4 => change.consents.push(edited.edit(|row| Consent {
                participant: ParticipantId(id),
                state: ConsentState::Fine {
                    as_of: row.referenced_id(),
                },
            })),
            _ => change.vetoes.push(edited.edit(|row| Veto {
                feature: FeatureId(id),
                participant: ParticipantId(row.referenced_id()),
                at: Timestamp::default(),
                reason: None,
                given_to: None,
            })),
        }
    }
    change
}

impl EditInput {
    fn edit<R>(&self, row: impl Fn(Row) -> R) -> Edit<R> {
        Edit {
            before: self.before.map(&row),
            after: self.after.map(&row),
        }
    }
}

impl Row {
    fn referenced_id(self) -> i64 {
        self.reference.map_or(1, Number::get)
    }

    fn deleted(self) -> Option<Timestamp> {
        (!self.is_live).then(Timestamp::default)
    }
}

impl Number {
    fn get(self) -> i64 {
        match self {
            Number::Small(number) => i64::from(number % 8),
            Number::Any(number) => number,
        }
    }
}

fn name_of(index: u8) -> Name {
    Name::from_stored(["a", "A", "b", "c"][usize::from(index % 4)].to_owned())
}
