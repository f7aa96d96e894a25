//! A log that says of rows what it likes, as a database might hold it that somebody else has written to: `savt check` tells what
//! is wrong with it, whatever that is.

use arbitrary::Arbitrary;
use savt::model::{
    Action, Actor, Amount, Board, BoardId, Browser, Change, Edit, Event, Feature, FeatureId, Flaw,
    Item, ItemId, Moment, Name, Participant, ParticipantId, Replay, Slug, Token, Veto,
};

/// An event as it stands there; without edits, one that cannot be read.
#[derive(Arbitrary, Debug)]
pub struct Entry {
    number: Number,
    undoes: Option<Number>,
    edits: Vec<Edited>,
}

/// Mostly one of few, so that they meet.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Small(u8),
    Any(i64),
}

#[derive(Arbitrary, Debug)]
struct Edited {
    sort: u8,
    id: Number,
    before: Option<Row>,
    after: Option<Row>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Row {
    of: Option<Number>,
    name: u8,
    amount: u8,
    lives: bool,
}

pub(super) fn replay(entries: Vec<Entry>) {
    let empty = Board::new(BoardId(1), Slug::main(), called(0));
    let mut replay = Replay::from(empty.clone());
    let tell = |flaw: Flaw| assert!(!flaw.to_string().is_empty());
    let mut last = 0;
    for entry in entries {
        // They are asked for by number.
        let number = entry.number.get();
        if number <= last {
            continue;
        }
        last = number;
        if entry.edits.is_empty() {
            replay.pass(number, tell);
            continue;
        }
        let event = Event {
            number,
            at: Moment::default(),
            actor: Actor {
                id: ParticipantId(1),
                name: called(1),
            },
            action: Action::Joined,
            change: change(&entry.edits),
            undoes: entry.undoes.map(Number::get),
        };
        replay.follow(&event, tell);
    }
    replay.end(&empty, tell);
}

fn change(edits: &[Edited]) -> Change {
    let mut change = Change::default();
    for edited in edits {
        let (id, sort) = (edited.id.get(), edited.sort % 5);
        match sort {
            0 => change.participants.push(edited.edit(|row| Participant {
                id: ParticipantId(id),
                name: called(row.name),
                joined: Moment::default(),
            })),
            1 => change.browsers.push(edited.edit(|row| Browser {
                token: Token::hashed(id.to_string()),
                participant: ParticipantId(row.other()),
            })),
            2 => change.items.push(edited.edit(|row| Item {
                id: ItemId(id),
                name: called(row.name),
                kind: None,
                author: ParticipantId(row.other()),
                created: Moment::default(),
                deleted: row.deleted(),
            })),
            3 => change.features.push(edited.edit(|row| Feature {
                id: FeatureId(id),
                item: row.of.map(|of| ItemId(of.get())),
                name: called(row.name),
                amount: Amount::new(i64::from(row.amount)).unwrap_or_default(),
                author: ParticipantId(1),
                created: Moment::default(),
                deleted: row.deleted(),
            })),
            _ => change.vetoes.push(edited.edit(|row| Veto {
                feature: FeatureId(id),
                participant: ParticipantId(row.other()),
                at: Moment::default(),
                reason: None,
            })),
        }
    }
    change
}

impl Edited {
    fn edit<R>(&self, row: impl Fn(Row) -> R) -> Edit<R> {
        Edit {
            before: self.before.map(&row),
            after: self.after.map(&row),
        }
    }
}

impl Row {
    fn other(self) -> i64 {
        self.of.map_or(1, Number::get)
    }

    fn deleted(self) -> Option<Moment> {
        (!self.lives).then(Moment::default)
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

fn called(name: u8) -> Name {
    Name::stored(["a", "A", "b", "c"][usize::from(name % 4)].to_owned())
}
