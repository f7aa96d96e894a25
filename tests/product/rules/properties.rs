//! Rules 5 to 9 as properties of random command sequences.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use savt::model::{Action, Rejection};

use super::{
    board_fixture::BoardFixture,
    invariant_checker::InvariantChecker,
    random_commands::{RandomCommand, command_sequence},
};

proptest! {
    #[test]
    fn invariants_hold_after_any_command_sequence(sequence in command_sequence()) {
        let mut fixture = BoardFixture::empty();
        let mut checker = InvariantChecker::default();
        for random in sequence {
            let Some(command) = random.command(&fixture) else { continue };
            let before = fixture.board.clone();
            let result = fixture.execute(random.who, command.clone());
            checker.check(&before, &fixture, &command, &result);
        }
        checker.finish(&fixture);
    }
}

/// Guards the property above against random commands that miss some cases.
#[test]
fn random_commands_reach_every_kind_of_event_and_rejection() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..900 {
        let sequence = command_sequence()
            .new_tree(&mut runner)
            .expect("a command sequence")
            .current();
        execute_all(sequence, &mut reached);
    }
    let expected = "Joined Renamed Claimed HandedOver CreatedItem CreatedItems EditedItem Merged Split DeletedItem Suggested Added \
        EditedFeature Moved DeletedFeature Vetoed GaveReason WithdrewVeto Undid Redid EditedBoard Consented \
        WithdrewConsent SetAside BroughtBack Closed SetDeadline Reopened Filled Closed DeadlinePassed ReasonRequired NotOwnConsent \
        NoteChanged SettingChanged ConsentChanged \
        Unknown Gone ItemNameTaken FeatureNameTaken ParticipantNameTaken EditConflict IntoItself NothingToSplit ChangedSince NotOwnVeto \
        AlreadyUndone Deleted Restored KindChanged AmountChanged VetoChanged BrowserChanged DependedOn NameTaken \
        OwnerGone HasParticipated taken lost stays left over Full reason reason_removed";
    let missing: Vec<&str> = expected
        .split_whitespace()
        .filter(|what| !reached.contains(*what))
        .collect();
    assert_eq!(missing, [""; 0], "never reached");
}

fn execute_all(sequence: Vec<RandomCommand>, reached: &mut BTreeSet<String>) {
    let mut fixture = BoardFixture::empty();
    for random in sequence {
        let Some(command) = random.command(&fixture) else {
            continue;
        };
        match fixture.execute(random.who, command) {
            Ok(decision) => {
                reached.extend(decision.note.as_ref().map(variant));
                for event in decision.events {
                    reached.insert(variant(&event.action));
                    reached.extend(special_case(&event.action).map(str::to_owned));
                }
            }
            Err(rejection) => {
                reached.insert(variant(&rejection));
                if let Rejection::ChangedSince(conflict) = rejection {
                    reached.insert(variant(&conflict));
                }
            }
        }
    }
}

/// The name of a value's enum variant.
fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

fn special_case(action: &Action) -> Option<&'static str> {
    match action {
        Action::DeletedItem { lost, .. } if !lost.is_empty() => Some("lost"),
        Action::CreatedItems { taken, .. } if !taken.is_empty() => Some("taken"),
        Action::Merged { stays: true, .. } => Some("stays"),
        Action::Moved { left: Some(_), .. } => Some("left"),
        Action::Added { over: Some(_), .. } => Some("over"),
        Action::Vetoed {
            reason: Some(_), ..
        } => Some("reason"),
        Action::GaveReason { reason: None, .. } => Some("reason_removed"),
        _ => None,
    }
}
