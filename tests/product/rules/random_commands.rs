//! Random commands from several browsers over few names, so that they collide, and undos of arbitrary events.

use chrono::TimeDelta;
use proptest::prelude::*;
use savt::model::{
    Amount, BoardAction, BoardContent, Command, FeatureContent, FeatureId, FieldEdit, ItemContent,
    ItemId, Outcome, OutcomeText, ParticipantId, ReasonPolicy, SettingsEdit,
};

use super::board_fixture::{BoardFixture, amount, kind, name, note, purpose, reason};

const ITEMS: [&str; 5] = ["Funghi", "FUNGHI", "Napoli", "Pizza-2", "User-2"];
const FEATURES: [&str; 4] = ["Basil", "BASIL", "Mum's", "Mum’s"];
const PEOPLE: [&str; 5] = ["Ann", "\u{410}NN", "Bob", "User-3", "Cem"];
const KINDS: [&str; 3] = ["", "vegan", "hot"];
const REASONS: [&str; 3] = ["", "too salty", "I am allergic to it"];
const NOTES: [&str; 3] = ["", "at eight", "Via Roma 7\nhttps://example.org"];
const BROWSERS: [&str; 4] = ["a", "b", "c", "d"];

/// A random command, whose target is picked on the board when it is executed.
#[derive(Clone, Debug)]
pub(super) struct RandomCommand {
    pub(super) who: &'static str,
    operation: Operation,
    /// Selectors of two targets, of a number, and of a text.
    picks: [u8; 2],
    number: u8,
    text: u8,
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    Rename,
    Claim,
    CreateItem,
    CreateUnnamed,
    CreateLong,
    CreateSeveral,
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
    VetoWithReason,
    WithdrawVeto,
    EditNote,
    EditSettings,
    Consent,
    ConsentOfOldPage,
    WithdrawConsent,
    SetAside,
    BringBack,
    Close,
    SetDeadline,
    Reopen,
    Fill,
    UndoRecent,
    UndoAny,
}

pub(super) fn random_command() -> impl Strategy<Value = RandomCommand> {
    let operation = prop_oneof![
        1 => Just(Operation::Rename),
        1 => Just(Operation::Claim),
        5 => Just(Operation::CreateItem),
        1 => Just(Operation::CreateUnnamed),
        1 => Just(Operation::CreateLong),
        1 => Just(Operation::CreateSeveral),
        2 => Just(Operation::EditItem),
        2 => Just(Operation::EditKind),
        3 => Just(Operation::Merge),
        3 => Just(Operation::Split),
        3 => Just(Operation::DeleteItem),
        12 => Just(Operation::Suggest),
        2 => Just(Operation::EditFeature),
        6 => Just(Operation::Move),
        2 => Just(Operation::DeleteFeature),
        6 => Just(Operation::Veto),
        6 => Just(Operation::VetoWithReason),
        2 => Just(Operation::WithdrawVeto),
        1 => Just(Operation::EditNote),
        1 => Just(Operation::EditSettings),
        4 => Just(Operation::Consent),
        1 => Just(Operation::ConsentOfOldPage),
        1 => Just(Operation::WithdrawConsent),
        1 => Just(Operation::SetAside),
        1 => Just(Operation::BringBack),
        1 => Just(Operation::Close),
        1 => Just(Operation::SetDeadline),
        7 => Just(Operation::Reopen),
        1 => Just(Operation::Fill),
        6 => Just(Operation::UndoRecent),
        3 => Just(Operation::UndoAny),
    ];
    let who = prop::sample::select(&BROWSERS[..]);
    (who, operation, any::<[u8; 2]>(), any::<u8>(), any::<u8>()).prop_map(
        |(who, operation, picks, number, text)| RandomCommand {
            who,
            operation,
            picks,
            number,
            text,
        },
    )
}

pub(super) fn command_sequence() -> impl Strategy<Value = Vec<RandomCommand>> {
    prop::collection::vec(random_command(), 0..60)
}

impl RandomCommand {
    /// The command for this board; `None` if the board has no possible target.
    pub(super) fn command(&self, fixture: &BoardFixture) -> Option<Command> {
        let [one, other] = self.picks;
        let pick_name = |names: &[&str]| name(names[usize::from(self.text) % names.len()]);
        let amount = amount(i64::from(self.number % 3) + 1);
        let kind = || kind(KINDS[usize::from(self.number) % KINDS.len()]);
        let pick = |texts: &[&'static str]| texts[usize::from(self.text) % texts.len()];
        let owner = |pick: u8| (!pick.is_multiple_of(4)).then(|| item(fixture, pick));
        let create = |name| BoardAction::CreateItem {
            name,
            kind: kind(),
            fallback: super::board_fixture::name("Pizza"),
        };
        Some(Command::Act(match self.operation {
            Operation::Rename => return Some(Command::Rename(pick_name(&PEOPLE))),
            Operation::Claim => return Some(Command::Claim(pick_name(&PEOPLE))),
            Operation::CreateItem => create(Some(pick_name(&ITEMS))),
            Operation::CreateUnnamed => create(None),
            Operation::CreateLong => create(Some(name(&"long".repeat(25)))),
            Operation::CreateSeveral => BoardAction::CreateItems {
                names: vec![pick_name(&ITEMS), name("Sicilia"), pick_name(&ITEMS)],
                kind: kind(),
            },
            Operation::EditItem => BoardAction::EditItem {
                item: item(fixture, one),
                name: Some(FieldEdit {
                    to: pick_name(&ITEMS),
                    was: (other % 4 == 0).then(|| name(ITEMS[0])),
                }),
                kind: other
                    .is_multiple_of(2)
                    .then(|| FieldEdit::replacing(kind())),
                note: None,
            },
            Operation::EditNote => BoardAction::EditItem {
                item: item(fixture, one),
                name: None,
                kind: None,
                note: Some(FieldEdit::replacing(note(pick(&NOTES)))),
            },
            Operation::EditKind => BoardAction::EditItem {
                item: item(fixture, one),
                name: None,
                kind: Some(FieldEdit::replacing(kind())),
                note: None,
            },
            Operation::Merge => BoardAction::Merge {
                item: item(fixture, one),
                into: item(fixture, other),
            },
            Operation::Split => BoardAction::Split(item(fixture, one)),
            Operation::DeleteItem => BoardAction::DeleteItem(item(fixture, one)),
            Operation::Suggest => BoardAction::Suggest {
                name: pick_name(&FEATURES),
                amount,
                item: owner(one),
            },
            Operation::EditFeature => BoardAction::EditFeature {
                feature: feature(fixture, one),
                name: Some(FieldEdit::replacing(pick_name(&FEATURES))),
                amount: other.is_multiple_of(2).then_some(FieldEdit {
                    to: amount,
                    was: (other % 4 == 0).then(Amount::default),
                }),
            },
            Operation::Move => BoardAction::Move {
                feature: feature(fixture, one),
                to: owner(other),
            },
            Operation::DeleteFeature => BoardAction::DeleteFeature(feature(fixture, one)),
            Operation::Veto => BoardAction::Veto(feature(fixture, one)),
            Operation::VetoWithReason => BoardAction::VetoWithReason {
                feature: feature(fixture, one),
                reason: reason(REASONS[usize::from(self.text) % REASONS.len()]),
            },
            Operation::WithdrawVeto => BoardAction::WithdrawVeto(feature(fixture, one)),
            Operation::EditSettings => BoardAction::EditSettings(Box::new(SettingsEdit {
                name: other
                    .is_multiple_of(2)
                    .then(|| FieldEdit::replacing(pick_name(&ITEMS))),
                purpose: Some(FieldEdit::replacing(purpose(pick(&NOTES)))),
                terminology: None,
                reasons: other.is_multiple_of(3).then_some(FieldEdit {
                    to: ReasonPolicy::Required,
                    was: None,
                }),
            })),
            Operation::Consent => BoardAction::Consent { seen: None },
            Operation::ConsentOfOldPage => BoardAction::Consent {
                seen: Some(fixture.board.version() - i64::from(self.number % 8)),
            },
            Operation::WithdrawConsent => BoardAction::WithdrawConsent,
            Operation::SetAside => BoardAction::SetAside(participant(fixture, one)),
            Operation::BringBack => BoardAction::BringBack(participant(fixture, one)),
            Operation::Close => BoardAction::Close(Outcome {
                text: OutcomeText::parse(pick(&NOTES)).unwrap(),
                chosen: other
                    .is_multiple_of(2)
                    .then(|| item(fixture, one))
                    .into_iter()
                    .collect(),
            }),
            Operation::SetDeadline => BoardAction::SetDeadline(
                (!other.is_multiple_of(4))
                    .then(|| fixture.now() + TimeDelta::seconds(i64::from(self.number % 8))),
            ),
            Operation::Reopen => BoardAction::Reopen,
            Operation::Fill => {
                let feature = |text: &str| FeatureContent {
                    name: name(text),
                    amount,
                };
                let content = BoardContent {
                    from: one.is_multiple_of(2).then(|| name("Friday")),
                    purpose: purpose(pick(&NOTES)),
                    terminology: None,
                    items: vec![ItemContent {
                        name: pick_name(&ITEMS),
                        kind: kind(),
                        note: note(pick(&NOTES)),
                        // Some have the same name.
                        features: FEATURES.map(feature).into(),
                    }],
                    features: vec![feature(FEATURES[usize::from(other) % FEATURES.len()])],
                };
                return Some(Command::Fill {
                    name: one.is_multiple_of(3).then(|| pick_name(&PEOPLE)),
                    content: Box::new(content),
                });
            }
            Operation::UndoRecent => undo(fixture, usize::from(self.number % 4))?,
            Operation::UndoAny => undo(fixture, usize::from(self.number))?,
        }))
    }
}

/// Mostly a live item, sometimes a deleted or nonexistent one.
fn item(fixture: &BoardFixture, pick: u8) -> ItemId {
    let live: Vec<ItemId> = fixture.board.items().map(|item| item.id).collect();
    pick_live(&live, pick).unwrap_or(ItemId(any_id(pick, fixture.board.counters().item)))
}

fn participant(fixture: &BoardFixture, pick: u8) -> ParticipantId {
    ParticipantId(any_id(pick, fixture.board.counters().participant))
}

fn feature(fixture: &BoardFixture, pick: u8) -> FeatureId {
    let rows = fixture.rows().features;
    let live = rows.iter().filter(|feature| feature.is_live());
    let live: Vec<FeatureId> = live.map(|feature| feature.id).collect();
    pick_live(&live, pick).unwrap_or(FeatureId(any_id(pick, fixture.board.counters().feature)))
}

fn pick_live<T: Copy>(live: &[T], pick: u8) -> Option<T> {
    let use_live = pick % 16 != 15 && !live.is_empty();
    use_live.then(|| live[usize::from(pick / 4) % live.len()])
}

fn any_id(pick: u8, last: i64) -> i64 {
    i64::from(pick) % (last + 2)
}

/// Undo of the event that is `back` before the last.
fn undo(fixture: &BoardFixture, back: usize) -> Option<BoardAction> {
    let count = fixture.events.len();
    let event = fixture
        .events
        .get(count.checked_sub(1 + back % count.max(1))?)?;
    Some(BoardAction::Undo(Box::new(event.clone())))
}
