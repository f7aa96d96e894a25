//! Rule 12: participants belong to a board; a browser becomes one by its first action.

use savt::model::{
    Action, BoardAction, BoardObject, Command, Decision, FeatureId, Notice, ParticipantId,
    Rejection, Target,
};

use super::board_fixture::{BoardFixture, amount, name};

/// Checks that a new browser's command changes nothing, and that the browser does not join.
fn assert_no_change(
    fixture: &mut BoardFixture,
    command: impl FnOnce(&mut BoardFixture) -> Option<Decision>,
) {
    let before = fixture.board.clone();
    if let Some(decision) = command(fixture) {
        assert_eq!(decision.events, []);
        assert_eq!(decision.board, before, "the board changed without an event");
    }
    assert_eq!(fixture.board, before);
}

#[test]
fn rule_12_the_first_action_of_a_browser_records_a_separate_join_event() {
    let mut fixture = BoardFixture::empty();
    let decision = fixture.suggest("a new browser", None, "Basil", 1).unwrap();
    let [joined, suggested] = decision.events.as_slice() else {
        panic!("{:?}", decision.events)
    };
    assert_eq!((joined.number, &joined.action), (1, &Action::Joined));
    assert_eq!((suggested.number, suggested.undoes), (2, None));
    assert_eq!(joined.actor, suggested.actor);
    assert_eq!(joined.actor.id, ParticipantId(1));
    assert_eq!(fixture.participant_names(), ["User-1"]);
    assert_eq!(fixture.participant_name("a new browser").unwrap(), "User-1");

    fixture.suggest("a new browser", None, "Olives", 1).unwrap();
    assert_eq!(fixture.participant_names(), ["User-1"]);
    fixture.suggest("another", None, "Ham", 1).unwrap();
    assert_eq!(fixture.participant_names(), ["User-1", "User-2"]);
}

#[test]
fn rule_12_default_names_skip_taken_names() {
    let mut fixture = BoardFixture::with_participants(["Ann", "USER-5", "user-6"]);
    for phone in ["a", "b", "c", "d"] {
        fixture
            .suggest(phone, None, "Basil", 1)
            .unwrap_or_else(|rejection| panic!("{rejection:?}"));
        fixture.undo_last("Ann").unwrap();
    }
    let people = fixture.participant_names();
    assert_eq!(people[3..], ["User-4", "User-7", "User-8", "User-9"]);
}

#[test]
fn rule_12_a_rejected_command_adds_no_participant() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    assert_no_change(&mut fixture, |fixture| {
        let rejection = fixture.veto("a new browser", FeatureId(1)).unwrap_err();
        let never = Target::BoardObject(BoardObject::Feature(FeatureId(1)));
        assert_eq!(rejection, Rejection::Unknown(never));
        None
    });
    assert_no_change(&mut fixture, |fixture| {
        let rejection = fixture.rename("a new browser", "ANN").unwrap_err();
        assert!(matches!(rejection, Rejection::ParticipantNameTaken(_)));
        None
    });
    assert_eq!(fixture.participant_name("a new browser"), None);
}

#[test]
fn rule_12_a_command_without_effect_adds_no_participant() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 3);
    assert_no_change(&mut fixture, |fixture| {
        fixture.withdraw_veto("a new browser", basil).ok()
    });
    assert_no_change(&mut fixture, |fixture| {
        fixture.move_to("a new browser", basil, None).ok()
    });
    assert_no_change(&mut fixture, |fixture| {
        let decision = fixture.suggest("a new browser", None, "Basil", 1).ok();
        let note = decision.as_ref().and_then(|decision| decision.note.clone());
        assert_eq!(note, Some(Notice::Full(name("Basil"))));
        decision
    });
    fixture.veto("a new browser", basil).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil×3 vetoed by User-2"]);
}

#[test]
fn rule_12_a_new_browser_may_join_by_choosing_a_name() {
    let mut fixture = BoardFixture::empty();
    let decision = fixture.rename("Ann", "Ann").unwrap();
    assert_eq!(decision.events.len(), 1);
    assert_eq!(fixture.last_action(), &Action::Joined);
    assert_eq!(fixture.participant_names(), ["Ann"]);
}

#[test]
fn rule_12_the_first_action_takes_a_remembered_name_if_it_is_free() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let mut act = |who: &str, remembered: &str| {
        let action = BoardAction::CreateItem {
            name: None,
            kind: None,
            fallback: name("Pizza"),
        };
        let name = name(remembered);
        fixture
            .execute(who, Command::ActAs { name, action })
            .unwrap();
        fixture.participant_name(who).unwrap()
    };
    assert_eq!(act("Bob", "Bob"), "Bob");
    assert_eq!(act("another", "ANN"), "User-3");
    // Only the first action.
    assert_eq!(act("Bob", "Robert"), "Bob");
    assert_eq!(act("Ann", "Robert"), "Ann");
}

#[test]
fn rule_12_renaming_keeps_vetoes_and_suggestions() {
    let mut fixture = BoardFixture::empty();
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    fixture.rename("Ann", "Ann").unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann"]);
    assert_eq!(
        fixture.last_action(),
        &Action::Renamed {
            from: name("User-1"),
            to: name("Ann"),
        }
    );
    let renamed = fixture.events.last().unwrap();
    assert_eq!(renamed.actor.name, name("User-1"));
    assert_eq!(fixture.event(1).actor.name, name("User-1"));
}

#[test]
fn rule_12_a_taken_name_is_rejected_in_any_spelling() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Straße"]);
    for spelling in ["Straße", "STRASSE", "strasse"] {
        let rejection = fixture.rename("Ann", spelling).unwrap_err();
        assert_eq!(rejection, Rejection::ParticipantNameTaken(name(spelling)));
    }
    assert_eq!(fixture.participant_names(), ["Ann", "Straße"]);
}

#[test]
fn rule_12_the_spelling_of_the_own_name_can_change_and_the_same_name_creates_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.rename("Ann", "ANN").unwrap();
    assert_eq!(fixture.participant_names(), ["ANN"]);
    assert_eq!(fixture.rename("Ann", "ANN").unwrap().events, []);
    assert_eq!(fixture.claim("Ann", "ann").unwrap().events, []);
    assert_eq!(fixture.participant_names(), ["ANN"]);
}

#[test]
fn rule_12_the_old_name_is_available_after_a_rename() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.rename("Ann", "Anna").unwrap();
    fixture.rename("Bob", "ann").unwrap();
    assert_eq!(fixture.participant_names(), ["Anna", "ann"]);
}

#[test]
fn rule_12_a_new_browser_that_claims_a_name_becomes_that_participant() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.claim("Ann's new phone", "ANN").unwrap();
    assert_eq!(
        fixture.last_action(),
        &Action::Claimed {
            name: name("Ann"),
            was: None,
        }
    );
    fixture.veto("Ann's new phone", basil).unwrap();
    fixture.veto("Ann", basil).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann"]);
    assert_eq!(fixture.participant_names(), ["Ann"]);
}

#[test]
fn rule_12_claiming_keeps_a_named_participant_on_the_board() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.rename("a new phone", "Cem").unwrap();
    let basil = fixture.add_feature("a new phone", None, "Basil", 1);
    fixture.veto("a new phone", basil).unwrap();
    fixture.claim("a new phone", "Ann").unwrap();
    assert_eq!(
        fixture.last_action(),
        &Action::Claimed {
            name: name("Ann"),
            was: Some(name("Cem")),
        }
    );
    let claimed = fixture.events.last().unwrap();
    assert_eq!(claimed.actor.name, name("Cem"));
    assert_eq!(fixture.participant_name("a new phone").unwrap(), "Ann");
    assert_eq!(fixture.participant_names(), ["Ann", "Cem"]);
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Cem"]);
}

#[test]
fn rule_12_claiming_an_unused_name_is_a_rename() {
    let mut fixture = BoardFixture::empty();
    fixture.claim("Ann", "Ann").unwrap();
    assert_eq!(fixture.last_action(), &Action::Joined);
    fixture.claim("Ann", "Anna").unwrap();
    assert!(matches!(fixture.last_action(), Action::Renamed { .. }));
    assert_eq!(fixture.participant_names(), ["Anna"]);
}

#[test]
fn rule_12_the_log_keeps_the_actor_of_events_before_a_claim() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.suggest("a new phone", None, "Basil", 2).unwrap();
    fixture.claim("a new phone", "Ann").unwrap();
    fixture.suggest("a new phone", None, "Basil", 1).unwrap();
    let names: Vec<&str> = fixture
        .events
        .iter()
        .map(|event| event.actor.name.as_str())
        .collect();
    assert_eq!(names, ["Ann", "User-2", "User-2", "User-2", "Ann"]);
    let basil = fixture.board.feature(FeatureId(1)).unwrap();
    assert_eq!((basil.author, basil.amount), (ParticipantId(1), amount(3)));
}

#[test]
fn rule_12_a_command_of_a_participant_makes_nobody_join() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let suggestion = || {
        let suggestion = BoardAction::Suggest {
            name: name("Basil"),
            amount: amount(1),
            item: None,
        };
        Command::AsParticipant(Box::new(Command::Act(suggestion)))
    };
    let rejected = fixture.execute("a new browser", suggestion());
    assert_eq!(rejected.err(), Some(Rejection::NoParticipant));
    fixture.execute("Ann", suggestion()).unwrap();
    assert_eq!(fixture.participant_names(), ["Ann"]);
}
