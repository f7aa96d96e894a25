//! Rule 8: deleting an item sets its features free, by rule 5, and can be undone.

use savt::model::{Action, FeatureId, ItemId, Refusal, Thing};

use super::table::{Table, name};

fn deleted(freed: usize, lost: &[&str]) -> Action {
    Action::DeletedItem {
        item: name("Funghi"),
        freed,
        lost: lost.iter().map(|lost| name(lost)).collect(),
    }
}

#[test]
fn rule_8_deleting_an_item_sets_its_features_free() {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", funghi, "Basil", 2);
    table.feature("Ann", funghi, "Olives", 1);
    table.veto("Bob", basil).unwrap();
    let decision = table.delete_item("Bob", funghi).unwrap();
    assert_eq!(table.shows(), ["free: Basil×2 vetoed by Bob, Olives"]);
    assert_eq!(table.did(), &deleted(2, &[]));
    assert_eq!(decision.about, None);
    let gone = Refusal::Gone(Thing::Item(funghi), Some(name("Funghi")));
    assert_eq!(table.delete_item("Ann", funghi).unwrap_err(), gone);
}

#[test]
fn rule_8_undo_brings_the_item_back_with_the_features_that_were_its_own() {
    let mut table = Table::of(["Ann", "Bob"]);
    table.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = table.feature("Ann", ItemId(1), "Basil", 2);
    table.feature("Bob", None, "Olives", 2);
    table.veto("Bob", basil).unwrap();
    let rows = table.rows();
    table.delete_item("Bob", ItemId(1)).unwrap();
    let decision = table.undo_last("Ann").unwrap();
    assert_eq!(
        table.shows(),
        ["Funghi (vegan): Basil×2 vetoed by Bob", "free: Olives×2"]
    );
    assert_eq!(table.rows(), rows);
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
}

/// Funghi with Basil, Olives and Ham, each of which meets a free one of another amount.
fn colliding() -> Table {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.item("Ann", "Funghi");
    for (feature, own, free) in [("Basil", 1, 2), ("Olives", 2, 2), ("Ham", 1, 3)] {
        let own = table.feature("Ann", funghi, feature, own);
        let free = table.feature("Bob", None, &feature.to_uppercase(), free);
        table.veto("Ann", own).expect("a veto");
        table.veto("Bob", free).expect("a veto");
    }
    table
}

#[test]
fn rule_8_what_meets_a_free_feature_is_added_and_what_finds_no_room_goes_with_the_item() {
    let mut table = colliding();
    table.delete_item("Bob", ItemId(1)).unwrap();
    assert_eq!(
        table.shows(),
        [
            "free: BASIL×3 vetoed by Ann and Bob, OLIVES×3 vetoed by Ann and Bob, \
             HAM×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(table.did(), &deleted(1, &["Olives", "Ham"]));
    for own in [1, 3, 5] {
        assert!(table.board.living_feature(FeatureId(own)).is_err());
    }
}

#[test]
fn rule_8_undo_takes_apart_again_what_had_come_together() {
    let mut table = colliding();
    let rows = table.rows();
    table.delete_item("Bob", ItemId(1)).unwrap();
    table.undo_last("Ann").unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi: Basil vetoed by Ann, Olives×2 vetoed by Ann, Ham vetoed by Ann",
            "free: BASIL×2 vetoed by Bob, OLIVES×2 vetoed by Bob, HAM×3 vetoed by Bob"
        ]
    );
    assert_eq!(table.rows(), rows);
}

#[test]
fn rule_8_a_veto_given_to_a_freed_feature_goes_back_with_it() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", funghi, "Basil", 1);
    table.delete_item("Ann", funghi).unwrap();
    let deletion = table.version();
    table.veto("Ann", basil).unwrap();
    table.undo("Ann", deletion).unwrap();
    assert_eq!(table.shows(), ["Funghi: Basil vetoed by Ann"]);
}

#[test]
fn rule_8_an_item_without_features_can_be_deleted_and_brought_back() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    table.delete_item("Ann", funghi).unwrap();
    assert_eq!(table.did(), &deleted(0, &[]));
    assert_eq!(table.shows(), [""; 0]);
    table.undo_last("Ann").unwrap();
    assert_eq!(table.shows(), ["Funghi"]);
}
