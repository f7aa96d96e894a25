//! Rule 10: an edit changes only the fields its sender changed, and replaces no change that the sender did not see.

use proptest::prelude::*;
use savt::model::{FieldConflict, FieldEdit, ItemId, Rejection};

use super::board_fixture::{BoardFixture, amount, kind, name};

/// What a sender saw in a field, and what they send.
fn seen<T>(was: T, to: T) -> Option<FieldEdit<T>> {
    Some(FieldEdit { to, was: Some(was) })
}

fn board() -> (BoardFixture, ItemId) {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture.edit_item("Ann", item, "Funghi", "vegan").unwrap();
    (fixture, item)
}

#[test]
fn rule_10_fields_that_were_not_sent_keep_what_others_changed() {
    let (mut fixture, item) = board();
    fixture
        .edit_item("Bob", item, "Ai Funghi", "vegan")
        .unwrap();
    let hot = seen(kind("vegan"), kind("hot"));
    fixture.change_item("Ann", item, None, hot).unwrap();
    assert_eq!(fixture.lines(), ["Ai Funghi (hot)"]);
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    fixture.edit_feature("Bob", basil, "Basil", 3).unwrap();
    let sage = seen(name("Basil"), name("Sage"));
    fixture.change_feature("Ann", basil, sage, None).unwrap();
    assert_eq!(fixture.lines(), ["Ai Funghi (hot): Sage×3"]);
}

#[test]
fn rule_10_a_field_that_somebody_else_changed_is_a_conflict() {
    let (mut fixture, item) = board();
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    fixture.edit_item("Bob", item, "Ai Funghi", "").unwrap();
    fixture.edit_feature("Bob", basil, "Sage", 3).unwrap();
    let before = (fixture.rows(), fixture.version());

    let (funghi, regina) = (name("Funghi"), name("Regina"));
    let rejection = fixture.change_item(
        "Ann",
        item,
        seen(funghi, regina.clone()),
        seen(kind("vegan"), kind("hot")),
    );
    let conflicts = vec![
        FieldConflict::Name {
            now: name("Ai Funghi"),
            sent: regina,
        },
        FieldConflict::Kind {
            now: None,
            sent: kind("hot"),
        },
    ];
    assert_eq!(rejection.unwrap_err(), Rejection::EditConflict(conflicts));

    let more = seen(amount(1), amount(2));
    let rejection = fixture.change_feature("Ann", basil, None, more);
    let conflict = FieldConflict::Amount {
        now: amount(3),
        sent: amount(2),
    };
    let conflict = Rejection::EditConflict(vec![conflict]);
    assert_eq!(rejection.unwrap_err(), conflict);
    // One conflict rejects the whole edit.
    let egg = seen(name("Sage"), name("Egg"));
    let more = seen(amount(1), amount(2));
    let rejection = fixture.change_feature("Ann", basil, egg, more);
    assert_eq!(rejection.unwrap_err(), conflict);
    assert_eq!((fixture.rows(), fixture.version()), before);
}

#[test]
fn rule_10_the_same_change_by_two_people_is_no_conflict() {
    let (mut fixture, item) = board();
    fixture.edit_item("Bob", item, "Regina", "vegan").unwrap();
    let version = fixture.version();
    let regina = || seen(name("Funghi"), name("Regina"));
    fixture.change_item("Ann", item, regina(), None).unwrap();
    assert_eq!(fixture.version(), version, "nothing is left to change");
    let hot = seen(kind("vegan"), kind("hot"));
    fixture.change_item("Ann", item, regina(), hot).unwrap();
    assert_eq!(fixture.lines(), ["Regina (hot)"]);
}

#[test]
fn rule_10_a_conflict_is_reported_before_a_taken_name() {
    let (mut fixture, item) = board();
    fixture.add_item("Ann", "Napoli");
    fixture.edit_item("Bob", item, "Regina", "").unwrap();
    let rejection = fixture.change_item("Ann", item, seen(name("Funghi"), name("Napoli")), None);
    assert!(matches!(rejection.unwrap_err(), Rejection::EditConflict(_)));
}

const NAMES: [&str; 3] = ["Basil", "Sage", "Egg"];

proptest! {
    /// Each field by itself: unless it was changed since to something else, it gets the value that was sent, or keeps the current one.
    #[test]
    fn rule_10_every_field_is_changed_kept_or_in_conflict(
        now in (0..NAMES.len(), 1i64..=3),
        name_edit in proptest::option::of((0..NAMES.len(), proptest::option::of(0..NAMES.len()))),
        amount_edit in proptest::option::of((1i64..=3, proptest::option::of(1i64..=3))),
    ) {
        let mut fixture = BoardFixture::with_participants(["Ann"]);
        let basil = fixture.add_feature("Ann", None, NAMES[now.0], now.1);
        let result = fixture.change_feature(
            "Ann",
            basil,
            name_edit.map(|(to, was)| FieldEdit { to: name(NAMES[to]), was: was.map(|was| name(NAMES[was])) }),
            amount_edit.map(|(to, was)| FieldEdit { to: amount(to), was: was.map(amount) }),
        );
        let in_conflict = |now: i64, edit: Option<(i64, Option<i64>)>| {
            edit.is_some_and(|(to, was)| to != now && was.is_some_and(|was| was != now))
        };
        let index = |n: usize| n as i64;
        let indexes = name_edit.map(|(to, was)| (index(to), was.map(index)));
        let conflicts = [in_conflict(index(now.0), indexes), in_conflict(now.1, amount_edit)];
        let feature = fixture.board.feature(basil).unwrap();
        match result {
            Err(Rejection::EditConflict(found)) => {
                prop_assert_eq!(found.len(), conflicts.iter().filter(|conflict| **conflict).count());
                prop_assert_eq!(feature.name.as_str(), NAMES[now.0]);
                prop_assert_eq!(feature.amount, amount(now.1));
            }
            Err(other) => prop_assert!(false, "{:?}", other),
            Ok(_) => {
                prop_assert_eq!(conflicts, [false; 2]);
                prop_assert_eq!(feature.name.as_str(), NAMES[name_edit.map_or(now.0, |(to, _)| to)]);
                prop_assert_eq!(feature.amount, amount(amount_edit.map_or(now.1, |(to, _)| to)));
            }
        }
    }
}
