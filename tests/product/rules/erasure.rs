//! Rule 18: after a participant was taken out of any log, the log has neither the name nor the reasons, and replays to the same board
//! without them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use savt::model::{
    Action, Board, BoardAction, Command, Erasure, Event, FeatureId, Name, Participant,
    ParticipantId, Rejection, Renewals, Replay, UndoConflict,
};

use super::{
    board_fixture::{BoardFixture, ExecuteResult, browser, empty, name, reason},
    random_commands::command_sequence,
};

/// The log without the participant, and what it is called then. The log is checked.
fn erase(fixture: &BoardFixture, participant: ParticipantId) -> (Vec<Event>, Board, Name) {
    let mut erasure = Erasure::new(&fixture.board, participant).expect("a participant");
    for event in fixture.events.iter().rev() {
        erasure.add_handed_over(&fixture.board, event);
    }
    let mut replay = Replay::new(empty());
    let mut erased = Vec::new();
    for event in &fixture.events {
        let mut event = event.clone();
        erasure.erase(&mut event);
        replay.apply_rewritten(&mut event, |finding| panic!("{finding}"));
        erased.push(event);
    }
    let mut rows = fixture.board.rows();
    for row in &mut rows.participants {
        if row.id == participant {
            row.name = erasure.name().clone();
        }
    }
    rows.browsers.retain(|row| row.participant != participant);
    for row in &mut rows.vetoes {
        if row.participant == participant {
            row.reason = None;
        }
    }
    for setting in &mut rows.settings {
        erasure.erase_from_setting(setting);
    }
    let board = &fixture.board;
    let expected = empty().with_rows(board.version(), board.counters(), Renewals::default(), rows);
    // The renewals follow from the log.
    let mut replayed = empty();
    for event in &erased {
        replayed.apply(event);
    }
    assert_eq!(replayed.rows(), expected.rows());
    let mut check = Replay::new(empty());
    for event in &erased {
        check.apply(event, |finding| panic!("{finding}"));
    }
    (erased, replayed, erasure.name().clone())
}

/// The names that a participant had in a log.
fn names_of(events: &[Event], participant: ParticipantId) -> BTreeSet<String> {
    let edits = events.iter().flat_map(|event| &event.change.participants);
    let rows = edits.flat_map(|edit| [&edit.before, &edit.after]).flatten();
    let own = rows.filter(|row| row.id == participant);
    own.map(|row| row.name.to_string()).collect()
}

/// Whether an undo was refused because nothing remains of the event.
fn is_erased(result: &ExecuteResult) -> bool {
    matches!(result, Err(Rejection::ChangedSince(UndoConflict::Erased)))
}

/// Everything that is stored of an event besides numbers and times.
fn text_of(event: &Event) -> String {
    format!(
        "{} {} {}",
        event.actor.name,
        serde_json::to_string(&event.action).expect("JSON"),
        serde_json::to_string(&event.change).expect("JSON")
    )
}

proptest! {
    #[test]
    fn nothing_remains_of_an_erased_participant(sequence in command_sequence(), pick: u8) {
        let mut fixture = BoardFixture::empty();
        for random in sequence {
            if let Some(command) = random.command(&fixture) {
                let _ = fixture.execute(random.who, command);
            }
        }
        let people: Vec<Participant> = fixture.board.participants().cloned().collect();
        if people.is_empty() {
            return Ok(());
        }
        let participant = people[usize::from(pick) % people.len()].id;
        let (erased, board, new_name) = erase(&fixture, participant);
        prop_assert_eq!(names_of(&erased, participant), BTreeSet::from([new_name.to_string()]));
        let others: BTreeSet<String> = (1..=fixture.board.counters().participant)
            .map(ParticipantId)
            .filter(|id| *id != participant)
            .flat_map(|id| names_of(&fixture.events, id))
            .collect();
        for name in names_of(&fixture.events, participant).difference(&others) {
            let is_default = Participant::is_default_name(&Name::from_stored(name.clone()));
            for event in erased.iter().filter(|_| !is_default) {
                prop_assert!(!text_of(event).contains(name.as_str()), "{name}: {event:?}");
            }
        }
        for event in &erased {
            let vetoes = event.change.vetoes.iter();
            for row in vetoes.flat_map(|edit| [&edit.before, &edit.after]).flatten() {
                prop_assert!(row.participant != participant || row.reason.is_none(), "{event:?}");
            }
        }
        // The history goes on.
        (fixture.board, fixture.events) = (board, erased);
        for event in fixture.events.clone().into_iter().rev() {
            let is_empty = event.change.is_empty();
            let result = fixture.execute("somebody else", BoardAction::Undo(Box::new(event)));
            // A closed board refuses all.
            prop_assert!(!is_empty || result.is_err(), "{result:?}");
        }
    }
}

#[test]
fn what_somebody_did_before_saying_who_they_are_is_erased_too() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.suggest("Ann", None, "Ham", 1).expect("a feature");
    let ham = FeatureId(1);
    let why = |text: &str| BoardAction::VetoWithReason {
        feature: ham,
        reason: reason(text),
    };
    fixture.execute("phone", why("a secret")).expect("a veto");
    fixture
        .execute("phone", Command::Claim(name("Ann")))
        .expect("a claim");
    assert!(matches!(
        fixture.events.last().map(|event| &event.action),
        Some(Action::HandedOver { .. })
    ));
    let (erased, board, new_name) = erase(&fixture, ParticipantId(1));
    let text: String = erased.iter().map(text_of).collect();
    assert!(!text.contains("secret") && !text.contains("Ann"), "{text}");
    assert_eq!(new_name.as_str(), "User-1");
    assert_eq!(board.participant_for(&browser("phone")), None);
    assert_eq!(board.participant_for(&browser("Ann")), None);
    assert!(board.has_vetoed(ParticipantId(1), ham));
}

#[test]
fn an_event_of_which_nothing_remains_cannot_be_undone() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.rename("Ann", "Anna").expect("a free name");
    fixture
        .execute("phone", Command::Claim(name("Anna")))
        .expect("a claim");
    (fixture.events, fixture.board, _) = erase(&fixture, ParticipantId(1));
    let [joined, renamed, claimed] = &fixture.events.clone()[..] else {
        panic!("three events expected: {:?}", fixture.events);
    };
    for event in [renamed, claimed] {
        let result = fixture.execute("Bob", BoardAction::Undo(Box::new(event.clone())));
        assert!(is_erased(&result), "{event:?}");
    }
    let undo = BoardAction::Undo(Box::new(joined.clone()));
    fixture.execute("Bob", undo).expect("nobody needs the row");
}

#[test]
fn the_name_of_another_participant_stays() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.rename("Ann", "Anna").expect("a free name");
    fixture.rename("Bob", "Ann").expect("a free name");
    let (erased, _, _) = erase(&fixture, ParticipantId(1));
    let renamed = Action::Renamed {
        from: name("Bob"),
        to: name("Ann"),
    };
    assert_eq!(erased.last().map(|event| &event.action), Some(&renamed));
    let text: String = erased.iter().map(text_of).collect();
    assert!(!text.contains("Anna"), "{text}");
}

#[test]
fn whether_an_event_makes_the_board_agreed_follows_from_what_remains() {
    // Carl has a name, so that the decision needs him; without a name it does not.
    let mut fixture = BoardFixture::with_participants(["Ann", "Carl"]);
    fixture.add_item("Ann", "Funghi");
    let consent = BoardAction::Consent { seen: None };
    fixture.execute("Ann", consent).expect("a consent");
    assert!(fixture.events.iter().all(|event| !event.makes_agreed));
    let (erased, board, _) = erase(&fixture, ParticipantId(2));
    assert!(erased.last().is_some_and(|event| event.makes_agreed));
    assert!(board.is_agreed());
}

#[test]
fn two_participants_are_erased_one_after_the_other() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture
        .execute("Ann", Command::Claim(name("Bob")))
        .expect("a claim");
    let (erased, board, _) = erase(&fixture, ParticipantId(2));
    (fixture.board, fixture.events) = (board, erased);
    let (erased, _, _) = erase(&fixture, ParticipantId(1));
    let text: String = erased.iter().map(text_of).collect();
    assert!(!text.contains("Ann") && !text.contains("Bob"), "{text}");
}
