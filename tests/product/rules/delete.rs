//! Rule 8: deleting an item detaches its features, by rule 5, and can be undone.

use savt::model::{Action, BoardObject, FeatureId, ItemId, Rejection};

use super::board_fixture::{BoardFixture, name};

fn deleted(freed: usize, lost: &[&str]) -> Action {
    Action::DeletedItem {
        item: name("Funghi"),
        freed,
        lost: lost.iter().map(|lost| name(lost)).collect(),
        unlisted: 0,
    }
}

#[test]
fn rule_8_deleting_an_item_detaches_its_features() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 2);
    fixture.add_feature("Ann", funghi, "Olives", 1);
    fixture.veto("Bob", basil).unwrap();
    let decision = fixture.delete_item("Bob", funghi).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil×2 vetoed by Bob, Olives"]);
    assert_eq!(fixture.last_action(), &deleted(2, &[]));
    assert_eq!(decision.about, None);
    let gone = Rejection::Gone(BoardObject::Item(funghi), Some(name("Funghi")));
    assert_eq!(fixture.delete_item("Ann", funghi).unwrap_err(), gone);
}

#[test]
fn rule_8_undo_restores_the_item_with_its_features() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = fixture.add_feature("Ann", ItemId(1), "Basil", 2);
    fixture.add_feature("Bob", None, "Olives", 2);
    fixture.veto("Bob", basil).unwrap();
    let rows = fixture.rows();
    fixture.delete_item("Bob", ItemId(1)).unwrap();
    let decision = fixture.undo_last("Ann").unwrap();
    assert_eq!(
        fixture.lines(),
        ["Funghi (vegan): Basil×2 vetoed by Bob", "free: Olives×2"]
    );
    assert_eq!(fixture.rows(), rows);
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
}

/// Funghi with Basil, Olives and Ham, and features with the same names that belong to no item.
fn colliding() -> BoardFixture {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    for (feature, own, free) in [("Basil", 1, 2), ("Olives", 2, 2), ("Ham", 1, 3)] {
        let own = fixture.add_feature("Ann", funghi, feature, own);
        let free = fixture.add_feature("Bob", None, &feature.to_uppercase(), free);
        fixture.veto("Ann", own).expect("a veto");
        fixture.veto("Bob", free).expect("a veto");
    }
    fixture
}

#[test]
fn rule_8_detached_amounts_are_added_up_to_three_and_the_rest_is_deleted() {
    let mut fixture = colliding();
    fixture.delete_item("Bob", ItemId(1)).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "free: BASIL×3 vetoed by Ann and Bob, OLIVES×3 vetoed by Ann and Bob, \
             HAM×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(fixture.last_action(), &deleted(1, &["Olives", "Ham"]));
    for own in [1, 3, 5] {
        assert!(fixture.board.live_feature(FeatureId(own)).is_err());
    }
}

#[test]
fn rule_8_undo_separates_combined_features_again() {
    let mut fixture = colliding();
    let rows = fixture.rows();
    fixture.delete_item("Bob", ItemId(1)).unwrap();
    fixture.undo_last("Ann").unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi: Basil vetoed by Ann, Olives×2 vetoed by Ann, Ham vetoed by Ann",
            "free: BASIL×2 vetoed by Bob, OLIVES×2 vetoed by Bob, HAM×3 vetoed by Bob"
        ]
    );
    assert_eq!(fixture.rows(), rows);
}

#[test]
fn rule_8_a_veto_on_a_detached_feature_is_kept_by_undo() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 1);
    fixture.delete_item("Ann", funghi).unwrap();
    let deletion = fixture.version();
    fixture.veto("Ann", basil).unwrap();
    fixture.undo("Ann", deletion).unwrap();
    assert_eq!(fixture.lines(), ["Funghi: Basil vetoed by Ann"]);
}

#[test]
fn rule_8_an_item_without_features_can_be_deleted_and_restored() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    fixture.delete_item("Ann", funghi).unwrap();
    assert_eq!(fixture.last_action(), &deleted(0, &[]));
    assert_eq!(fixture.lines(), [""; 0]);
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.lines(), ["Funghi"]);
}
