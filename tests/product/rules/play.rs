//! Random players: wishes by several browsers over few names, so that they meet, and undos of anything.

use proptest::prelude::*;
use savt::model::{Deed, FeatureId, ItemId, Wish};

use super::table::{Table, amount, kind, name, reason};

const ITEMS: [&str; 5] = ["Funghi", "FUNGHI", "Napoli", "Pizza-2", "User-2"];
const FEATURES: [&str; 4] = ["Basil", "BASIL", "Olives", "Ham"];
const PEOPLE: [&str; 5] = ["Ann", "ANN", "Bob", "User-3", "Cem"];
const KINDS: [&str; 3] = ["", "vegan", "hot"];
const REASONS: [&str; 3] = ["", "too salty", "I am allergic to it"];
const BROWSERS: [&str; 4] = ["a", "b", "c", "d"];

/// A move of one player; what it is about is found on the board when its turn comes.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) who: &'static str,
    what: What,
    /// Two picks of things, and a number for whatever else there is to choose.
    picks: [u8; 2],
    number: u8,
    text: u8,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Call,
    Claim,
    CreateItem,
    CreateUnnamed,
    CreateLong,
    EditItem,
    EditKind,
    Merge,
    Split,
    DeleteItem,
    Suggest,
    EditFeature,
    Move,
    DeleteFeature,
    Veto,
    VetoBecause,
    TakeBack,
    UndoLate,
    UndoAny,
}

pub(super) fn turn() -> impl Strategy<Value = Turn> {
    let what = prop_oneof![
        1 => Just(What::Call),
        1 => Just(What::Claim),
        5 => Just(What::CreateItem),
        1 => Just(What::CreateUnnamed),
        1 => Just(What::CreateLong),
        2 => Just(What::EditItem),
        2 => Just(What::EditKind),
        3 => Just(What::Merge),
        3 => Just(What::Split),
        3 => Just(What::DeleteItem),
        12 => Just(What::Suggest),
        2 => Just(What::EditFeature),
        6 => Just(What::Move),
        2 => Just(What::DeleteFeature),
        6 => Just(What::Veto),
        6 => Just(What::VetoBecause),
        2 => Just(What::TakeBack),
        6 => Just(What::UndoLate),
        3 => Just(What::UndoAny),
    ];
    let who = prop::sample::select(&BROWSERS[..]);
    (who, what, any::<[u8; 2]>(), any::<u8>(), any::<u8>()).prop_map(
        |(who, what, picks, number, text)| Turn {
            who,
            what,
            picks,
            number,
            text,
        },
    )
}

pub(super) fn evening() -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec(turn(), 0..60)
}

impl Turn {
    /// The wish on this board; none if there is nothing to wish it of, not even in vain.
    pub(super) fn wish(&self, table: &Table) -> Option<Wish> {
        let [one, other] = self.picks;
        let called = |names: &[&str]| name(names[usize::from(self.text) % names.len()]);
        let amount = amount(i64::from(self.number % 3) + 1);
        let kind = || kind(KINDS[usize::from(self.number) % KINDS.len()]);
        let owner = |pick: u8| (!pick.is_multiple_of(4)).then(|| item(table, pick));
        let create = |name| Deed::CreateItem {
            name,
            kind: kind(),
            fallback: super::table::name("Pizza"),
        };
        Some(Wish::Do(match self.what {
            What::Call => return Some(Wish::Call(called(&PEOPLE))),
            What::Claim => return Some(Wish::Claim(called(&PEOPLE))),
            What::CreateItem => create(Some(called(&ITEMS))),
            What::CreateUnnamed => create(None),
            What::CreateLong => create(Some(name(&"long".repeat(25)))),
            What::EditItem => Deed::EditItem {
                item: item(table, one),
                name: called(&ITEMS),
                kind: kind(),
            },
            What::EditKind => {
                let item = item(table, one);
                let name = table.board.item_name(Some(item))?;
                let kind = kind();
                Deed::EditItem { item, name, kind }
            }
            What::Merge => Deed::Merge {
                item: item(table, one),
                into: item(table, other),
            },
            What::Split => Deed::Split(item(table, one)),
            What::DeleteItem => Deed::DeleteItem(item(table, one)),
            What::Suggest => Deed::Suggest {
                name: called(&FEATURES),
                amount,
                item: owner(one),
            },
            What::EditFeature => Deed::EditFeature {
                feature: feature(table, one),
                name: called(&FEATURES),
                amount,
            },
            What::Move => Deed::Move {
                feature: feature(table, one),
                to: owner(other),
            },
            What::DeleteFeature => Deed::DeleteFeature(feature(table, one)),
            What::Veto => Deed::Veto(feature(table, one)),
            What::VetoBecause => Deed::VetoBecause {
                feature: feature(table, one),
                reason: reason(REASONS[usize::from(self.text) % REASONS.len()]),
            },
            What::TakeBack => Deed::TakeBack(feature(table, one)),
            What::UndoLate => undo(table, usize::from(self.number % 4))?,
            What::UndoAny => undo(table, usize::from(self.number))?,
        }))
    }
}

/// Mostly a living item, now and then any that was or never was.
fn item(table: &Table, pick: u8) -> ItemId {
    let living: Vec<ItemId> = table.board.items().map(|item| item.id).collect();
    picked(&living, pick).unwrap_or(ItemId(any_id(pick, table.board.last().item)))
}

fn feature(table: &Table, pick: u8) -> FeatureId {
    let rows = table.rows().features;
    let living = rows.iter().filter(|feature| feature.lives());
    let living: Vec<FeatureId> = living.map(|feature| feature.id).collect();
    picked(&living, pick).unwrap_or(FeatureId(any_id(pick, table.board.last().feature)))
}

fn picked<T: Copy>(living: &[T], pick: u8) -> Option<T> {
    let most = pick % 16 != 15 && !living.is_empty();
    most.then(|| living[usize::from(pick / 4) % living.len()])
}

fn any_id(pick: u8, last: i64) -> i64 {
    i64::from(pick) % (last + 2)
}

/// An event so many before the last.
fn undo(table: &Table, back: usize) -> Option<Deed> {
    let count = table.events.len();
    let event = table
        .events
        .get(count.checked_sub(1 + back % count.max(1))?)?;
    Some(Deed::Undo(Box::new(event.clone())))
}
