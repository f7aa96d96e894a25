//! The limits of a board and of an event: no sequence of commands exceeds them, and what does not make a board grow is accepted.

use proptest::prelude::*;
use savt::model::{Action, Board, BoardAction, Limit, Limits, Rejection};

use super::{
    board_fixture::BoardFixture, invariant_checker::InvariantChecker,
    random_commands::command_sequence,
};

/// Small enough that random commands reach each of them.
const SMALL: Limits = Limits {
    items: 2,
    features: 3,
    participants: 2,
    event_bytes: 1_000,
};

/// Asserts that a command was rejected because of this limit.
#[track_caller]
fn assert_exceeds<T: std::fmt::Debug>(result: Result<T, Rejection>, limits: &Limits, limit: Limit) {
    let max = limits.max(limit);
    let expected = Rejection::LimitExceeded { limit, max };
    assert_eq!(result.unwrap_err(), expected);
}

/// What a board has of each limited kind, and the limit.
fn counts(board: &Board, limits: &Limits) -> [(usize, usize); 7] {
    let (stats, rows) = (board.stats(), board.rows());
    [
        (stats.items, limits.max(Limit::Items)),
        (stats.features, limits.max(Limit::Features)),
        (stats.people, limits.max(Limit::Participants)),
        (rows.items.len(), limits.max(Limit::KeptItems)),
        (rows.features.len(), limits.max(Limit::KeptFeatures)),
        (rows.vetoes.len(), limits.max(Limit::Vetoes)),
        (rows.browsers.len(), limits.max(Limit::Browsers)),
    ]
}

proptest! {
    #[test]
    fn no_command_sequence_exceeds_a_limit(sequence in command_sequence()) {
        let mut fixture = BoardFixture::empty();
        fixture.limits = SMALL;
        let mut checker = InvariantChecker::default();
        for random in sequence {
            let Some(command) = random.command(&fixture) else { continue };
            let before = fixture.board.clone();
            let result = fixture.execute(random.who, command.clone());
            checker.check(&before, &fixture, &command, &result);
            for (count, max) in counts(&fixture.board, &SMALL) {
                prop_assert!(count <= max);
            }
            for event in result.into_iter().flat_map(|decision| decision.events) {
                let change = serde_json::to_string(&event.change).unwrap();
                prop_assert!(change.len() <= SMALL.event_bytes);
            }
        }
        checker.finish(&fixture);
    }

    /// A board from before the limits is above them: a command either makes no count grow that is too high, or is rejected; and
    /// each feature can be vetoed, changed and deleted.
    #[test]
    fn a_board_above_its_limits_only_shrinks(sequence in command_sequence()) {
        let mut fixture = BoardFixture::empty();
        let (before, after) = sequence.split_at(sequence.len() / 2);
        for random in before {
            let Some(command) = random.command(&fixture) else { continue };
            let _ = fixture.execute(random.who, command);
        }
        fixture.limits = Limits { items: 1, features: 1, participants: 1, ..Limits::default() };
        for random in after {
            let Some(command) = random.command(&fixture) else { continue };
            let before = counts(&fixture.board, &fixture.limits);
            let _ = fixture.execute(random.who, command);
            for ((before, _), (after, max)) in before.into_iter().zip(counts(&fixture.board, &fixture.limits)) {
                prop_assert!(after <= max.max(before));
            }
        }
        let people = fixture.rows().browsers;
        if people.is_empty() {
            return Ok(());
        }
        let live: Vec<_> = fixture.rows().features.into_iter().filter(|feature| feature.is_live()).collect();
        let who = ["a", "b", "c", "d"].into_iter().find(|who| fixture.participant_name(who).is_some());
        let Some(who) = who else { return Ok(()) };
        fixture.open_for_good(who);
        for feature in live {
            prop_assert!(fixture.edit_feature(who, feature.id, feature.name.as_str(), 2).is_ok());
            prop_assert!(fixture.delete_feature(who, feature.id).is_ok());
        }
        let items: Vec<_> = fixture.board.items().map(|item| item.id).collect();
        for item in items {
            prop_assert!(fixture.delete_item(who, item).is_ok());
        }
        prop_assert_eq!(fixture.board.stats().items, 0);
        prop_assert_eq!(fixture.board.stats().features, 0);
    }
}

#[test]
fn a_full_board_rejects_new_rows_until_one_is_deleted() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.limits = SMALL;
    let funghi = fixture.add_item("Ann", "Funghi");
    fixture.add_item("Ann", "Napoli");
    let third = fixture.create_named("Ann", "Diavola");
    assert_exceeds(third, &SMALL, Limit::Items);
    let ham = fixture.add_feature("Ann", funghi, "Ham", 1);
    fixture.add_feature("Ann", funghi, "Basil", 1);
    fixture.add_feature("Ann", None, "Olives", 1);
    assert_exceeds(
        fixture.suggest("Bob", None, "Salad", 1),
        &SMALL,
        Limit::Features,
    );
    // An existing feature gets a higher amount: nothing is added.
    fixture.suggest("Bob", None, "Olives", 1).unwrap();
    fixture.delete_feature("Bob", ham).unwrap();
    fixture.suggest("Bob", None, "Salad", 1).unwrap();
}

#[test]
fn splits_undo_and_redo_respect_the_limits() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.limits = SMALL;
    let funghi = fixture.add_item("Ann", "Funghi");
    fixture.add_item("Ann", "Napoli");
    fixture.add_feature("Ann", funghi, "Ham", 3);
    assert_exceeds(fixture.split("Ann", funghi), &SMALL, Limit::Items);
    fixture.delete_item("Ann", funghi).unwrap();
    let deletion = fixture.version();
    fixture.add_item("Ann", "Diavola");
    assert_exceeds(fixture.undo("Ann", deletion), &SMALL, Limit::Items);
    fixture.undo_last("Ann").unwrap();
    fixture.undo("Ann", deletion).unwrap();
}

#[test]
fn a_new_browser_cannot_join_a_full_board() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.limits = SMALL;
    let ham = fixture.add_feature("Ann", None, "Ham", 1);
    assert_exceeds(fixture.veto("Cem", ham), &SMALL, Limit::Participants);
    assert_exceeds(fixture.rename("Cem", "Cem"), &SMALL, Limit::Participants);
    // "That's me" adds no participant.
    fixture.claim("Cem", "Bob").unwrap();
    fixture.veto("Cem", ham).unwrap();
}

/// Deleted rows and browsers are kept, so they count too.
#[test]
fn create_and_delete_in_turn_does_not_grow_a_board_for_ever() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.limits = SMALL;
    for number in 0..SMALL.max(Limit::KeptItems) {
        let item = fixture.add_item("Ann", &format!("Pizza {number}"));
        fixture.delete_item("Ann", item).unwrap();
    }
    assert_exceeds(
        fixture.create_named("Ann", "One more"),
        &SMALL,
        Limit::KeptItems,
    );
    for number in 0..SMALL.max(Limit::KeptFeatures) {
        let feature = fixture.add_feature("Ann", None, &format!("Ham {number}"), 1);
        fixture.veto("Ann", feature).unwrap();
        fixture.delete_feature("Ann", feature).unwrap();
    }
    assert_exceeds(
        fixture.suggest("Ann", None, "Salad", 1),
        &SMALL,
        Limit::KeptFeatures,
    );
    fixture.limits.features *= 2;
    let last = fixture.add_feature("Ann", None, "Salad", 1);
    fixture.limits.features = 3;
    assert_exceeds(fixture.veto("Ann", last), &SMALL, Limit::Vetoes);
    for number in 1..SMALL.max(Limit::Browsers) {
        fixture.claim(&format!("browser {number}"), "Ann").unwrap();
    }
    assert_exceeds(fixture.claim("another", "Ann"), &SMALL, Limit::Browsers);
}

#[test]
fn an_event_that_is_too_large_is_rejected_and_its_parts_are_not() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let other = fixture.add_item("Ann", "Napoli");
    let features: Vec<_> = (0..30)
        .map(|number| fixture.add_feature("Ann", funghi, &format!("Ham {number}"), 1))
        .collect();
    fixture.limits = Limits {
        event_bytes: 4_096,
        ..Limits::default()
    };
    let limits = fixture.limits;
    for result in [
        fixture.merge("Ann", funghi, other),
        fixture.split("Ann", funghi),
        fixture.delete_item("Ann", funghi),
    ] {
        assert_exceeds(result, &limits, Limit::EventBytes);
    }
    for feature in &features[10..] {
        fixture.move_to("Ann", *feature, other).unwrap();
    }
    fixture.merge("Ann", funghi, other).unwrap();
    fixture.undo_last("Ann").unwrap();
    fixture.undo_last("Ann").unwrap();
}

/// A merge has an edit for each feature that it moves, and two for the items: no row of another item, and no veto unless a feature
/// of the same name got it.
#[test]
fn merge_and_split_write_only_the_rows_they_touch() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let [funghi, napoli, other] =
        ["Funghi", "Napoli", "Other"].map(|name| fixture.add_item("Ann", name));
    for item in [funghi, napoli, other] {
        let ham = fixture.add_feature("Ann", item, "Ham", 1);
        let own = fixture.add_feature("Ann", item, &format!("Own {}", item.0), 1);
        for feature in [ham, own] {
            fixture.veto("Ann", feature).unwrap();
        }
    }
    let merge = fixture
        .merge("Bob", funghi, napoli)
        .unwrap()
        .events
        .remove(0);
    assert_eq!(merge.change.items.len(), 2);
    assert_eq!(
        merge.change.features.len(),
        3,
        "both Hams and what was moved"
    );
    assert!(
        merge.change.vetoes.is_empty(),
        "Ann vetoed both Hams: {:?}",
        merge.change.vetoes
    );
    let split = fixture.split("Bob", napoli).unwrap().events.remove(0);
    assert_eq!(split.change.items.len(), 4);
    assert_eq!(split.change.features.len(), 3);
    assert!(split.change.vetoes.is_empty());
}

#[test]
fn an_action_lists_a_limited_number_of_names_and_counts_the_rest() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    for number in 0..Action::MAX_NAMES + 3 {
        let text = format!("Ham {number}");
        fixture.add_feature("Ann", funghi, &text, 3);
        fixture.add_feature("Ann", None, &text, 3);
    }
    fixture.delete_item("Ann", funghi).unwrap();
    match fixture.last_action() {
        Action::DeletedItem { lost, unlisted, .. } => {
            assert_eq!((lost.len(), *unlisted), (Action::MAX_NAMES, 3));
        }
        action => panic!("{action:?}"),
    }
    fixture.undo_last("Ann").unwrap();
    fixture.split("Ann", funghi).unwrap();
    match fixture.last_action() {
        Action::Split { into, unlisted, .. } => {
            assert_eq!((into.len(), *unlisted), (Action::MAX_NAMES, 3));
        }
        action => panic!("{action:?}"),
    }
}

/// Undo of an event of an earlier version, which lists all names.
#[test]
fn an_undo_abbreviates_a_long_action() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.add_item("Ann", "Funghi");
    let mut event = fixture.event(fixture.version()).clone();
    let names = (0..1_000).map(|n| super::board_fixture::name(&format!("Part {n}")));
    event.action = Action::Split {
        item: super::board_fixture::name("Funghi"),
        into: names.collect(),
        unlisted: 0,
    };
    fixture
        .execute("Ann", BoardAction::Undo(Box::new(event)))
        .unwrap();
    let action = serde_json::to_string(fixture.last_action()).unwrap();
    assert!(action.len() < 1_000, "{action}");
    assert!(action.contains("\"more\":990"), "{action}");
}
