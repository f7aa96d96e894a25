//! A wish out of the fuzzer's bytes; what it is about is found on the board when its turn comes.

use arbitrary::{Arbitrary, Result, Unstructured};
use savt::model::{Amount, Deed, Event, FeatureId, ItemId, Kind, Name, PersonalLink, Reason, Wish};

use super::table::{Table, browser};
use crate::{as_many, typed::Typed};

const BROWSERS: [&str; 4] = ["a", "b", "c", "d"];
/// The most turns of one evening: more tell nothing new, and take longer.
const EVENING: usize = 40;
/// Numbers that no thing has, or no number may be.
const ODD: [i64; 6] = [0, -1, i64::MIN, i64::MAX, i64::MAX - 1, 1 << 32];

#[derive(Debug)]
pub struct Turns(pub Vec<Turn>);

#[derive(Arbitrary, Debug)]
pub struct Turn {
    who: u8,
    /// On another board, whose events are foreign to this one.
    pub elsewhere: bool,
    pub want: Want,
}

#[derive(Arbitrary, Debug)]
pub enum Want {
    Call(Typed),
    Claim(Typed),
    /// A personal link, to be used later.
    Link,
    ComeAs(u8),
    ComeAsTyped(Typed),
    Create(Option<Typed>, Typed),
    EditItem(Pick, Typed, Typed),
    Merge(Pick, Pick),
    Split(Pick),
    DeleteItem(Pick),
    Suggest(Pick, Typed, u8),
    SuggestAgain(Pick, Pick, u8),
    EditFeature(Pick, Typed, u8),
    Move(Pick, Pick),
    DeleteFeature(Pick),
    Veto(Pick),
    VetoBecause(Pick, Typed),
    TakeBack(Pick),
    Undo(u8),
    UndoLate(u8),
    UndoAsOneself(u8),
    UndoForeign(u8),
}

/// Mostly a living thing, now and then any that was or never was.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Pick(u8);

impl<'a> Arbitrary<'a> for Turns {
    fn arbitrary(from: &mut Unstructured<'a>) -> Result<Turns> {
        as_many(from, EVENING).map(Turns)
    }
}

impl Turn {
    pub fn who(&self) -> &'static str {
        BROWSERS[usize::from(self.who) % BROWSERS.len()]
    }

    /// The wish on this board; none if it cannot even be wished.
    pub(super) fn wish(&self, table: &Table, links: &mut Vec<PersonalLink>) -> Option<Wish> {
        let event = |event: &Event| Box::new(event.clone());
        Some(Wish::Do(match &self.want {
            Want::Call(name) => return Some(Wish::Call(called(name)?)),
            Want::Claim(name) => return Some(Wish::Claim(called(name)?)),
            Want::Link => {
                links.extend(PersonalLink::of(
                    &table.board,
                    &browser(self.who()),
                    table.now(),
                ));
                return None;
            }
            Want::ComeAs(link) => return pick(links, *link).cloned().map(Wish::ComeAs),
            Want::ComeAsTyped(link) => return PersonalLink::parse(&link.text()).map(Wish::ComeAs),
            Want::Create(name, of_kind) => Deed::CreateItem {
                name: name.as_ref().and_then(called),
                kind: kind(of_kind)?,
                fallback: Name::stored("Pizza".to_owned()),
            },
            Want::EditItem(item, name, of_kind) => Deed::EditItem {
                item: item.item(table),
                name: called(name)?,
                kind: kind(of_kind)?,
            },
            Want::Merge(item, into) => Deed::Merge {
                item: item.item(table),
                into: into.item(table),
            },
            Want::Split(item) => Deed::Split(item.item(table)),
            Want::DeleteItem(item) => Deed::DeleteItem(item.item(table)),
            Want::Suggest(item, name, much) => Deed::Suggest {
                name: called(name)?,
                amount: amount(*much),
                item: item.owner(table),
            },
            Want::SuggestAgain(item, like, much) => Deed::Suggest {
                name: table.board.feature(like.feature(table))?.name.clone(),
                amount: amount(*much),
                item: item.owner(table),
            },
            Want::EditFeature(feature, name, much) => Deed::EditFeature {
                feature: feature.feature(table),
                name: called(name)?,
                amount: amount(*much),
            },
            Want::Move(feature, to) => Deed::Move {
                feature: feature.feature(table),
                to: to.owner(table),
            },
            Want::DeleteFeature(feature) => Deed::DeleteFeature(feature.feature(table)),
            Want::Veto(feature) => Deed::Veto(feature.feature(table)),
            Want::VetoBecause(feature, why) => Deed::VetoBecause {
                feature: feature.feature(table),
                reason: Reason::parse(&why.text()).ok()?,
            },
            Want::TakeBack(feature) => Deed::TakeBack(feature.feature(table)),
            Want::Undo(number) => Deed::Undo(event(pick(&table.events, *number)?)),
            Want::UndoLate(back) => {
                let late = table.events.iter().rev().nth(usize::from(back % 4))?;
                Deed::Undo(event(late))
            }
            Want::UndoAsOneself(number) => {
                Deed::UndoAsOneself(event(pick(&table.events, *number)?))
            }
            Want::UndoForeign(_) => return None,
        }))
    }
}

impl Pick {
    fn item(self, table: &Table) -> ItemId {
        let living: Vec<i64> = table.board.items().map(|item| item.id.0).collect();
        ItemId(self.number(&living, table.board.last().item))
    }

    /// An item, or nothing for what is free.
    fn owner(self, table: &Table) -> Option<ItemId> {
        (!self.0.is_multiple_of(4)).then(|| self.item(table))
    }

    fn feature(self, table: &Table) -> FeatureId {
        let rows = table.rows().features;
        let living = rows.iter().filter(|feature| feature.lives());
        let living: Vec<i64> = living.map(|feature| feature.id.0).collect();
        FeatureId(self.number(&living, table.board.last().feature))
    }

    fn number(self, living: &[i64], last: i64) -> i64 {
        match self.0 {
            0..208 if !living.is_empty() => living[usize::from(self.0 / 4) % living.len()],
            208..232 => ODD[usize::from(self.0) % ODD.len()],
            number => i64::from(number) % (last + 2),
        }
    }
}

/// One of several, if there are any.
pub(super) fn pick<T>(all: &[T], number: u8) -> Option<&T> {
    all.get(usize::from(number) % all.len().max(1))
}

fn called(typed: &Typed) -> Option<Name> {
    Name::parse(&typed.text()).ok()
}

fn kind(typed: &Typed) -> Option<Option<Kind>> {
    Kind::parse(&typed.text()).ok()
}

fn amount(number: u8) -> Amount {
    Amount::new(i64::from(number % 3) + 1).unwrap_or_default()
}
