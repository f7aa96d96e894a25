//! Rule 5: a feature moves to another item or to free, and no veto is lost.

use savt::model::{Action, FeatureId, ItemId, Note, Refusal, Target, Thing};

use super::table::{Table, amount, name};

/// Ann's Basil of some amount on Funghi, vetoed by Ann, and Bob's on Napoli, vetoed by Bob.
fn two_basils(moving: i64, present: i64) -> (Table, FeatureId, ItemId) {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.item("Ann", "Funghi");
    let napoli = table.item("Ann", "Napoli");
    let basil = table.feature("Ann", funghi, "Basil", moving);
    let other = table.feature("Bob", napoli, "BASIL", present);
    table.veto("Ann", basil).expect("a veto");
    table.veto("Bob", other).expect("a veto");
    (table, basil, napoli)
}

fn moved(left: Option<i64>) -> Action {
    Action::Moved {
        feature: name("Basil"),
        from: Some(name("Funghi")),
        to: Some(name("Napoli")),
        left: left.map(amount),
    }
}

#[test]
fn rule_5_a_feature_moves_with_its_amount_and_vetoes() {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.item("Ann", "Funghi");
    table.item("Ann", "Napoli");
    let basil = table.feature("Ann", funghi, "Basil", 2);
    table.veto("Bob", basil).unwrap();
    let decision = table.move_to("Bob", basil, ItemId(2)).unwrap();
    assert_eq!(table.shows(), ["Funghi", "Napoli: Basil×2 vetoed by Bob"]);
    assert_eq!(table.did(), &moved(None));
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
}

#[test]
fn rule_5_a_feature_is_set_free_and_taken_in_again() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", funghi, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    table.move_to("Ann", basil, None).unwrap();
    assert_eq!(table.shows(), ["Funghi", "free: Basil vetoed by Ann"]);
    table.move_to("Ann", basil, funghi).unwrap();
    assert_eq!(table.shows(), ["Funghi: Basil vetoed by Ann"]);
}

#[test]
fn rule_5_where_it_fits_amounts_add_up_and_vetoes_come_together() {
    let (mut table, basil, napoli) = two_basils(1, 2);
    let decision = table.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        table.shows(),
        ["Funghi", "Napoli: BASIL×3 vetoed by Ann and Bob"]
    );
    assert_eq!(table.did(), &moved(None));
    assert_eq!(decision.about, Some(Thing::Feature(FeatureId(2))));
    assert_eq!(decision.note, None);
}

#[test]
fn rule_5_what_does_not_fit_stays_where_it_was_with_its_vetoes() {
    let (mut table, basil, napoli) = two_basils(3, 2);
    table.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi: Basil×2 vetoed by Ann",
            "Napoli: BASIL×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(table.did(), &moved(Some(2)));
}

#[test]
fn rule_5_into_a_full_one_nothing_moves_but_the_vetoes_come_together() {
    let (mut table, basil, napoli) = two_basils(2, 3);
    let decision = table.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi: Basil×2 vetoed by Ann",
            "Napoli: BASIL×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(decision.note, Some(Note::Full(name("BASIL"))));
    assert_eq!(table.did(), &moved(Some(2)));

    let again = table.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(again.note, Some(Note::Full(name("BASIL"))));
    assert_eq!(again.events, []);
}

#[test]
fn rule_5_one_who_vetoed_both_has_vetoed_once() {
    let (mut table, basil, napoli) = two_basils(1, 1);
    table.veto("Bob", basil).unwrap();
    table.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        table.shows(),
        ["Funghi", "Napoli: BASIL×2 vetoed by Ann and Bob"]
    );
}

#[test]
fn rule_5_among_the_free_features_the_same_holds() {
    let (mut table, basil, _) = two_basils(2, 1);
    let free = table.feature("Bob", None, "basil", 2);
    table.veto("Bob", free).unwrap();
    table.move_to("Ann", basil, None).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi: Basil vetoed by Ann",
            "Napoli: BASIL vetoed by Bob",
            "free: basil×3 vetoed by Ann and Bob"
        ]
    );
}

#[test]
fn rule_5_a_move_to_where_it_is_already_is_no_event() {
    let (mut table, basil, _) = two_basils(1, 1);
    let decision = table.move_to("Ann", basil, ItemId(1)).unwrap();
    assert_eq!(decision.events, []);
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
    let free = table.feature("Ann", None, "Olives", 3);
    let decision = table.move_to("Ann", free, None).unwrap();
    assert_eq!((decision.events, decision.note), (Vec::new(), None));
}

#[test]
fn rule_5_a_move_to_or_of_what_is_not_there_is_refused() {
    let (mut table, basil, napoli) = two_basils(1, 1);
    let rows = table.rows();
    let never = ItemId(9);
    let unknown = Refusal::Unknown(Target::Thing(Thing::Item(never)));
    assert_eq!(table.move_to("Ann", basil, never).unwrap_err(), unknown);
    assert_eq!(table.rows(), rows);

    table.delete_item("Ann", napoli).unwrap();
    let gone = Refusal::Gone(Thing::Item(napoli), Some(name("Napoli")));
    assert_eq!(table.move_to("Ann", basil, napoli).unwrap_err(), gone);
    table.delete_feature("Ann", basil).unwrap();
    let gone = Refusal::Gone(Thing::Feature(basil), Some(name("Basil")));
    assert_eq!(table.move_to("Ann", basil, None).unwrap_err(), gone);
}

#[test]
fn rule_5_a_feature_that_went_over_into_another_is_gone_and_its_name_free() {
    let (mut table, basil, napoli) = two_basils(1, 1);
    table.move_to("Ann", basil, napoli).unwrap();
    let gone = Refusal::Gone(Thing::Feature(basil), Some(name("Basil")));
    assert_eq!(table.veto("Ann", basil).unwrap_err(), gone);
    table.feature("Ann", ItemId(1), "Basil", 1);
    assert_eq!(
        table.shows(),
        ["Funghi: Basil", "Napoli: BASIL×2 vetoed by Ann and Bob"]
    );
}
