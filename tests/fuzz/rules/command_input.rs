//! Commands built from the fuzzer's bytes. The ids are selected from the board when the command is executed.

use arbitrary::{Arbitrary, Result, Unstructured};
use chrono::TimeDelta;
use savt::model::{
    Amount, BoardAction, BoardContent, Command, Event, FeatureContent, FeatureId, FieldEdit,
    ItemContent, ItemId, Kind, Name, Outcome, ParticipantId, PersonalLink, Reason, ReasonPolicy,
    SettingsEdit, Text, parse_names,
};

use super::board_fixture::{BoardFixture, browser};
use crate::{list_up_to, text_input::TextInput};

const BROWSERS: [&str; 4] = ["a", "b", "c", "d"];
/// Commands per input. More take longer and find nothing new.
const MAX_COMMANDS: usize = 40;
/// Ids that no row has.
const ODD_IDS: [i64; 6] = [0, -1, i64::MIN, i64::MAX, i64::MAX - 1, 1 << 32];

#[derive(Debug)]
pub struct CommandSequence(pub Vec<CommandInput>);

#[derive(Arbitrary, Debug)]
pub struct CommandInput {
    browser: u8,
    /// For the other board, whose events are foreign to this one.
    pub on_other_board: bool,
    pub kind: CommandKind,
}

#[derive(Arbitrary, Debug)]
pub enum CommandKind {
    Rename(TextInput),
    Claim(TextInput),
    /// Creates a personal link for later commands.
    CreatePersonalLink,
    UsePersonalLink(u8),
    UseTypedLink(TextInput),
    Create(Option<TextInput>, TextInput),
    EditItem(Pick, TextInput, TextInput),
    Merge(Pick, Pick),
    Split(Pick),
    DeleteItem(Pick),
    Suggest(Pick, TextInput, u8),
    SuggestDuplicate(Pick, Pick, u8),
    EditFeature(Pick, TextInput, u8),
    Move(Pick, Pick),
    DeleteFeature(Pick),
    Veto(Pick),
    VetoWithReason(Pick, TextInput),
    WithdrawVeto(Pick),
    Undo(u8),
    UndoRecent(u8),
    UndoOwnIdentity(u8),
    UndoForeign(u8),
    CreateSeveral(TextInput, TextInput),
    EditNote(Pick, TextInput),
    EditSettings(TextInput, TextInput, bool),
    Consent(Option<u8>),
    WithdrawConsent,
    SetAside(u8),
    BringBack(u8),
    Close(Pick, TextInput),
    SetDeadline(u8),
    Reopen,
    /// The second press of a double press.
    PressAgain(Option<TextInput>, TextInput),
    /// An item with two features, and one without an item.
    Fill(Option<TextInput>, TextInput, [TextInput; 2], u8),
}

/// Selects an id: mostly of an existing row, sometimes of a deleted or missing one.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Pick(u8);

impl<'a> Arbitrary<'a> for CommandSequence {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<CommandSequence> {
        list_up_to(input, MAX_COMMANDS).map(CommandSequence)
    }
}

impl CommandInput {
    pub fn browser(&self) -> &'static str {
        BROWSERS[usize::from(self.browser) % BROWSERS.len()]
    }

    /// The command for this board; none if the input is not a valid command.
    pub(super) fn command(
        &self,
        fixture: &BoardFixture,
        links: &mut Vec<PersonalLink>,
    ) -> Option<Command> {
        let event = |event: &Event| Box::new(event.clone());
        Some(Command::Act(match &self.kind {
            CommandKind::Rename(name) => return Some(Command::Rename(parse_name(name)?)),
            CommandKind::Claim(name) => return Some(Command::Claim(parse_name(name)?)),
            CommandKind::CreatePersonalLink => {
                links.extend(PersonalLink::issue(
                    &fixture.board,
                    &browser(self.browser()),
                    fixture.now(),
                ));
                return None;
            }
            CommandKind::UsePersonalLink(link) => {
                return pick(links, *link).cloned().map(Command::UsePersonalLink);
            }
            CommandKind::UseTypedLink(link) => {
                return PersonalLink::parse(&link.text()).map(Command::UsePersonalLink);
            }
            CommandKind::Create(name, kind) => BoardAction::CreateItem {
                name: name.as_ref().and_then(parse_name),
                kind: parse_kind(kind)?,
                fallback: Name::from_stored("Pizza".to_owned()),
            },
            CommandKind::EditItem(item, name, kind) => BoardAction::EditItem {
                item: item.item(fixture),
                name: parse_name(name).map(FieldEdit::replacing),
                kind: parse_kind(kind).map(FieldEdit::replacing),
                note: None,
            },
            CommandKind::Merge(item, into) => BoardAction::Merge {
                item: item.item(fixture),
                into: into.item(fixture),
            },
            CommandKind::Split(item) => BoardAction::Split(item.item(fixture)),
            CommandKind::DeleteItem(item) => BoardAction::DeleteItem(item.item(fixture)),
            CommandKind::Suggest(item, name, amount) => BoardAction::Suggest {
                name: parse_name(name)?,
                amount: small_amount(*amount),
                item: item.owner(fixture),
            },
            CommandKind::SuggestDuplicate(item, like, amount) => BoardAction::Suggest {
                name: fixture.board.feature(like.feature(fixture))?.name.clone(),
                amount: small_amount(*amount),
                item: item.owner(fixture),
            },
            CommandKind::EditFeature(feature, name, amount) => BoardAction::EditFeature {
                feature: feature.feature(fixture),
                name: parse_name(name).map(FieldEdit::replacing),
                amount: Some(FieldEdit {
                    to: small_amount(*amount),
                    was: (*amount > 127).then(Amount::default),
                }),
            },
            CommandKind::Move(feature, to) => BoardAction::Move {
                feature: feature.feature(fixture),
                to: to.owner(fixture),
            },
            CommandKind::DeleteFeature(feature) => {
                BoardAction::DeleteFeature(feature.feature(fixture))
            }
            CommandKind::Veto(feature) => BoardAction::Veto(feature.feature(fixture)),
            CommandKind::VetoWithReason(feature, reason) => BoardAction::VetoWithReason {
                feature: feature.feature(fixture),
                reason: Reason::parse(&reason.text()).ok()?,
            },
            CommandKind::WithdrawVeto(feature) => {
                BoardAction::WithdrawVeto(feature.feature(fixture))
            }
            CommandKind::EditNote(item, note) => BoardAction::EditItem {
                item: item.item(fixture),
                name: None,
                kind: None,
                note: Some(FieldEdit::replacing(Text::parse(&note.text()).ok()?)),
            },
            CommandKind::EditSettings(name, purpose, required) => {
                BoardAction::EditSettings(Box::new(SettingsEdit {
                    name: parse_name(name).map(FieldEdit::replacing),
                    purpose: Some(FieldEdit::replacing(Text::parse(&purpose.text()).ok()?)),
                    terminology: None,
                    reasons: required.then(|| FieldEdit::replacing(ReasonPolicy::Required)),
                }))
            }
            CommandKind::Consent(seen) => BoardAction::Consent {
                seen: seen.map(i64::from),
            },
            CommandKind::WithdrawConsent => BoardAction::WithdrawConsent,
            CommandKind::SetAside(id) => BoardAction::SetAside(participant(*id)),
            CommandKind::BringBack(id) => BoardAction::BringBack(participant(*id)),
            CommandKind::Close(item, text) => BoardAction::Close(Outcome {
                text: Text::parse(&text.text()).ok()?,
                chosen: vec![item.item(fixture)],
            }),
            CommandKind::SetDeadline(seconds) => BoardAction::SetDeadline(Some(
                fixture.now() + TimeDelta::seconds(i64::from(*seconds % 8)),
            )),
            CommandKind::Reopen => BoardAction::Reopen,
            CommandKind::Undo(index) => BoardAction::Undo(event(pick(&fixture.events, *index)?)),
            CommandKind::UndoRecent(back) => {
                let recent = fixture.events.iter().rev().nth(usize::from(back % 4))?;
                BoardAction::Undo(event(recent))
            }
            CommandKind::UndoOwnIdentity(index) => {
                BoardAction::UndoOwnIdentity(event(pick(&fixture.events, *index)?))
            }
            CommandKind::UndoForeign(_) => return None,
            CommandKind::CreateSeveral(names, kind) => BoardAction::CreateItems {
                names: parse_names(&names.text()).ok()?,
                kind: parse_kind(kind)?,
            },
            CommandKind::PressAgain(name, kind) => {
                return Some(Command::Press {
                    name: None,
                    action: BoardAction::CreateItem {
                        name: name.as_ref().and_then(parse_name),
                        kind: parse_kind(kind)?,
                        fallback: Name::from_stored("Pizza".to_owned()),
                    },
                });
            }
            CommandKind::Fill(who, item, [one, other], amount) => {
                let feature = |text| {
                    Some(FeatureContent {
                        name: parse_name(text)?,
                        amount: small_amount(*amount),
                    })
                };
                let content = BoardContent {
                    from: parse_name(other),
                    purpose: Text::parse(&one.text()).ok()?,
                    terminology: None,
                    items: vec![ItemContent {
                        name: parse_name(item)?,
                        kind: parse_kind(other)?,
                        note: Text::parse(&other.text()).ok()?,
                        features: vec![feature(one)?, feature(other)?],
                    }],
                    features: vec![feature(one)?],
                };
                return Some(Command::Fill {
                    name: who.as_ref().and_then(parse_name),
                    content: Box::new(content),
                });
            }
        }))
    }
}

impl Pick {
    fn item(self, fixture: &BoardFixture) -> ItemId {
        let live: Vec<i64> = fixture.board.items().map(|item| item.id.0).collect();
        ItemId(self.id(&live, fixture.board.counters().item))
    }

    /// An item, or none for a feature without an item.
    fn owner(self, fixture: &BoardFixture) -> Option<ItemId> {
        (!self.0.is_multiple_of(4)).then(|| self.item(fixture))
    }

    fn feature(self, fixture: &BoardFixture) -> FeatureId {
        let rows = fixture.rows().features;
        let live = rows.iter().filter(|feature| feature.is_live());
        let live: Vec<i64> = live.map(|feature| feature.id.0).collect();
        FeatureId(self.id(&live, fixture.board.counters().feature))
    }

    fn id(self, live: &[i64], last: i64) -> i64 {
        match self.0 {
            0..208 if !live.is_empty() => live[usize::from(self.0 / 4) % live.len()],
            208..232 => ODD_IDS[usize::from(self.0) % ODD_IDS.len()],
            number => i64::from(number) % (last + 2),
        }
    }
}

/// Selects one of the options, if there are any.
pub(super) fn pick<T>(options: &[T], index: u8) -> Option<&T> {
    options.get(usize::from(index) % options.len().max(1))
}

fn participant(id: u8) -> ParticipantId {
    ParticipantId(i64::from(id % 6))
}

fn parse_name(text: &TextInput) -> Option<Name> {
    Name::parse(&text.text()).ok()
}

fn parse_kind(text: &TextInput) -> Option<Option<Kind>> {
    Kind::parse(&text.text()).ok()
}

fn small_amount(number: u8) -> Amount {
    Amount::new(i64::from(number % 3) + 1).unwrap_or_default()
}
