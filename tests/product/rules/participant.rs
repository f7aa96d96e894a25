//! Rule 12: participants belong to a board; a browser's first action makes it one.

use savt::model::{Action, Decision, FeatureId, Note, ParticipantId, Refusal, Target, Thing};

use super::table::{Table, amount, name};

/// A stranger's wish after which nothing may be left, not even the stranger.
fn leaves_nothing(table: &mut Table, wish: impl FnOnce(&mut Table) -> Option<Decision>) {
    let before = table.board.clone();
    if let Some(decision) = wish(table) {
        assert_eq!(decision.events, []);
        assert_eq!(decision.board, before, "the board went on without an event");
    }
    assert_eq!(table.board, before);
}

#[test]
fn rule_12_the_first_action_makes_a_browser_a_participant_by_an_event_of_its_own() {
    let mut table = Table::empty();
    let decision = table.suggest("a stranger", None, "Basil", 1).unwrap();
    let [joined, suggested] = decision.events.as_slice() else {
        panic!("{:?}", decision.events)
    };
    assert_eq!((joined.number, &joined.action), (1, &Action::Joined));
    assert_eq!((suggested.number, suggested.undoes), (2, None));
    assert_eq!(joined.actor, suggested.actor);
    assert_eq!(joined.actor.id, ParticipantId(1));
    assert_eq!(table.people(), ["User-1"]);
    assert_eq!(table.who("a stranger").unwrap(), "User-1");

    table.suggest("a stranger", None, "Olives", 1).unwrap();
    assert_eq!(table.people(), ["User-1"]);
    table.suggest("another", None, "Ham", 1).unwrap();
    assert_eq!(table.people(), ["User-1", "User-2"]);
}

#[test]
fn rule_12_the_count_skips_what_somebody_chose_to_be_called() {
    let mut table = Table::of(["Ann", "USER-5", "user-6"]);
    for phone in ["a", "b", "c", "d"] {
        table
            .suggest(phone, None, "Basil", 1)
            .unwrap_or_else(|no| panic!("{no:?}"));
        table.undo_last("Ann").unwrap();
    }
    let people = table.people();
    assert_eq!(people[3..], ["User-4", "User-7", "User-8", "User-9"]);
}

#[test]
fn rule_12_a_refused_wish_leaves_no_participant() {
    let mut table = Table::of(["Ann"]);
    leaves_nothing(&mut table, |table| {
        let refusal = table.veto("a stranger", FeatureId(1)).unwrap_err();
        let never = Target::Thing(Thing::Feature(FeatureId(1)));
        assert_eq!(refusal, Refusal::Unknown(never));
        None
    });
    leaves_nothing(&mut table, |table| {
        let refusal = table.call("a stranger", "ANN").unwrap_err();
        assert!(matches!(refusal, Refusal::ParticipantNameTaken(_)));
        None
    });
    assert_eq!(table.who("a stranger"), None);
}

#[test]
fn rule_12_a_wish_that_changes_nothing_leaves_no_participant() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 3);
    leaves_nothing(&mut table, |table| {
        table.take_back("a stranger", basil).ok()
    });
    leaves_nothing(&mut table, |table| {
        table.move_to("a stranger", basil, None).ok()
    });
    leaves_nothing(&mut table, |table| {
        let decision = table.suggest("a stranger", None, "Basil", 1).ok();
        let note = decision.as_ref().and_then(|decision| decision.note.clone());
        assert_eq!(note, Some(Note::Full(name("Basil"))));
        decision
    });
    table.veto("a stranger", basil).unwrap();
    assert_eq!(table.shows(), ["free: Basil×3 vetoed by User-2"]);
}

#[test]
fn rule_12_a_stranger_may_begin_with_a_name() {
    let mut table = Table::empty();
    let decision = table.call("Ann", "Ann").unwrap();
    assert_eq!(decision.events.len(), 1);
    assert_eq!(table.did(), &Action::Joined);
    assert_eq!(table.people(), ["Ann"]);
}

#[test]
fn rule_12_another_name_keeps_vetoes_and_suggestions() {
    let mut table = Table::empty();
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    table.call("Ann", "Ann").unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann"]);
    assert_eq!(
        table.did(),
        &Action::Renamed {
            from: name("User-1"),
            to: name("Ann"),
        }
    );
    let renamed = table.events.last().unwrap();
    assert_eq!(renamed.actor.name, name("User-1"));
    assert_eq!(table.event(1).actor.name, name("User-1"));
}

#[test]
fn rule_12_a_name_taken_in_any_spelling_is_refused() {
    let mut table = Table::of(["Ann", "Straße"]);
    for spelling in ["Straße", "STRASSE", "strasse"] {
        let refusal = table.call("Ann", spelling).unwrap_err();
        assert_eq!(refusal, Refusal::ParticipantNameTaken(name(spelling)));
    }
    assert_eq!(table.people(), ["Ann", "Straße"]);
}

#[test]
fn rule_12_ones_own_name_may_be_spelled_otherwise_and_the_same_is_no_event() {
    let mut table = Table::of(["Ann"]);
    table.call("Ann", "ANN").unwrap();
    assert_eq!(table.people(), ["ANN"]);
    assert_eq!(table.call("Ann", "ANN").unwrap().events, []);
    assert_eq!(table.claim("Ann", "ann").unwrap().events, []);
    assert_eq!(table.people(), ["ANN"]);
}

#[test]
fn rule_12_the_old_name_is_free_again() {
    let mut table = Table::of(["Ann", "Bob"]);
    table.call("Ann", "Anna").unwrap();
    table.call("Bob", "ann").unwrap();
    assert_eq!(table.people(), ["Anna", "ann"]);
}

#[test]
fn rule_12_a_stranger_who_says_thats_me_becomes_that_participant() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.claim("Ann's new phone", "ANN").unwrap();
    assert_eq!(
        table.did(),
        &Action::Claimed {
            name: name("Ann"),
            was: None,
        }
    );
    table.veto("Ann's new phone", basil).unwrap();
    table.veto("Ann", basil).unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann"]);
    assert_eq!(table.people(), ["Ann"]);
}

#[test]
fn rule_12_somebody_who_says_thats_me_leaves_who_they_were_on_the_board() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("a new phone", None, "Basil", 1);
    table.veto("a new phone", basil).unwrap();
    table.claim("a new phone", "Ann").unwrap();
    assert_eq!(
        table.did(),
        &Action::Claimed {
            name: name("Ann"),
            was: Some(name("User-2")),
        }
    );
    let claimed = table.events.last().unwrap();
    assert_eq!(claimed.actor.name, name("User-2"));
    assert_eq!(table.who("a new phone").unwrap(), "Ann");
    assert_eq!(table.people(), ["Ann", "User-2"]);
    assert_eq!(table.shows(), ["free: Basil vetoed by User-2"]);
}

#[test]
fn rule_12_claiming_a_name_nobody_has_is_taking_it() {
    let mut table = Table::empty();
    table.claim("Ann", "Ann").unwrap();
    assert_eq!(table.did(), &Action::Joined);
    table.claim("Ann", "Anna").unwrap();
    assert!(matches!(table.did(), Action::Renamed { .. }));
    assert_eq!(table.people(), ["Anna"]);
}

#[test]
fn rule_12_what_a_phone_did_before_it_was_claimed_can_still_be_seen_in_the_log() {
    let mut table = Table::of(["Ann"]);
    table.suggest("a new phone", None, "Basil", 2).unwrap();
    table.claim("a new phone", "Ann").unwrap();
    table.suggest("a new phone", None, "Basil", 1).unwrap();
    let names: Vec<&str> = table
        .events
        .iter()
        .map(|event| event.actor.name.as_str())
        .collect();
    assert_eq!(names, ["Ann", "User-2", "User-2", "User-2", "Ann"]);
    let basil = table.board.feature(FeatureId(1)).unwrap();
    assert_eq!((basil.author, basil.amount), (ParticipantId(2), amount(3)));
}
