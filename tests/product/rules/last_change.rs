//! "Undo my last change" and "redo" behave as in an editor: two stacks for each participant, found in the log.

use proptest::prelude::*;
use savt::model::{Direction, Event, EventSummary, Found, ItemId, LastChange, ParticipantId};

use super::board_fixture::BoardFixture;

const PEOPLE: [&str; 2] = ["Ann", "Bob"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Change,
    Undo,
    Redo,
    /// Somebody else undoes the last change that is in effect, or restores it.
    UndoneByOther,
}

/// What an editor would remember for one person.
#[derive(Default)]
struct Editor {
    /// The numbers of the changes in effect, and of those that can be redone.
    done: Vec<i64>,
    undone: Vec<i64>,
}

/// The event that a participant means, by the log alone.
fn find(fixture: &BoardFixture, person: usize, direction: Direction) -> Option<i64> {
    let mut search = LastChange::new(ParticipantId(person as i64 + 1), direction);
    let found = |event: &Event| search.visit(&EventSummary::from(event));
    match fixture.events.iter().rev().find_map(found) {
        Some(Found::Event(number)) => Some(number),
        Some(Found::Nothing) | None => None,
    }
}

/// The change that an undo undid, or that a redo of it restored.
fn origin(fixture: &BoardFixture, mut number: i64) -> i64 {
    while let Some(undone) = fixture.event(number).undoes {
        number = undone;
    }
    number
}

fn check_against_editor(steps: Vec<(usize, Step)>) {
    let mut fixture = BoardFixture::with_participants(PEOPLE);
    let mut editors = PEOPLE.map(|_| Editor::default());
    for (n, person) in PEOPLE.iter().enumerate() {
        fixture.add_item(person, person);
        editors[n].done.push(fixture.version());
    }
    for (n, (person, step)) in steps.into_iter().enumerate() {
        let who = PEOPLE[person];
        let editor = &mut editors[person];
        let item = ItemId(person as i64 + 1);
        match step {
            Step::Change if editor.done.is_empty() => continue,
            Step::Change => {
                let name = format!("{who} {n}");
                fixture.edit_item(who, item, &name, "").unwrap();
                editor.done.push(fixture.version());
                editor.undone.clear();
            }
            Step::Undo => {
                let expected = editor.done.pop();
                let found = find(&fixture, person, Direction::Undo);
                assert_eq!(found, expected);
                if let Some(number) = found {
                    fixture.undo(who, number).unwrap();
                    editor.undone.push(number);
                }
            }
            Step::Redo => {
                let expected = editor.undone.pop();
                let found = find(&fixture, person, Direction::Redo);
                assert_eq!(found.map(|undo| origin(&fixture, undo)), expected);
                if let Some(undo) = found {
                    fixture.undo(who, undo).unwrap();
                    editor.done.extend(expected);
                }
            }
            Step::UndoneByOther => {
                let other = PEOPLE[1 - person];
                let Some(number) = editor.done.pop() else {
                    continue;
                };
                // The undo belongs to the other person, who could redo it at once: restore it to keep both editors simple.
                fixture.undo(other, number).unwrap();
                let undo = fixture.version();
                let found = find(&fixture, person, Direction::Undo);
                assert_eq!(found, editor.done.last().copied());
                fixture.undo(other, undo).unwrap();
                editor.done.push(number);
            }
        }
    }
}

proptest! {
    #[test]
    fn undo_and_redo_of_own_changes_follow_an_editor(
        steps in prop::collection::vec(
            (0..PEOPLE.len(), prop_oneof![
                4 => Just(Step::Change),
                4 => Just(Step::Undo),
                3 => Just(Step::Redo),
                1 => Just(Step::UndoneByOther),
            ]),
            0..60,
        )
    ) {
        check_against_editor(steps);
    }
}

#[test]
fn joining_and_becoming_somebody_are_not_changes_to_undo() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    assert_eq!(find(&fixture, 0, Direction::Undo), None);
    fixture.claim("a phone", "Ann").unwrap();
    assert_eq!(find(&fixture, 0, Direction::Undo), None);
    fixture.rename("Ann", "Anna").unwrap();
    assert_eq!(find(&fixture, 0, Direction::Undo), Some(4));
    assert_eq!(find(&fixture, 1, Direction::Undo), None);
}

#[test]
fn what_somebody_else_undid_by_hand_can_be_redone_by_them_only() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.add_item("Ann", "Funghi");
    fixture.undo_last("Bob").unwrap();
    assert_eq!(find(&fixture, 0, Direction::Undo), None);
    assert_eq!(find(&fixture, 0, Direction::Redo), None);
    assert_eq!(find(&fixture, 1, Direction::Undo), None);
    assert_eq!(find(&fixture, 1, Direction::Redo), Some(4));
}
