//! Rule 5: a feature moves to another item or to none, and no veto is lost.

use savt::model::{Action, BoardObject, FeatureId, ItemId, Notice, Rejection, Target};

use super::board_fixture::{BoardFixture, amount, name};

/// Basil on Funghi, suggested and vetoed by Ann, and on Napoli, suggested and vetoed by Bob, with these amounts.
fn two_basils(moving: i64, present: i64) -> (BoardFixture, FeatureId, ItemId) {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let napoli = fixture.add_item("Ann", "Napoli");
    let basil = fixture.add_feature("Ann", funghi, "Basil", moving);
    let other = fixture.add_feature("Bob", napoli, "BASIL", present);
    fixture.veto("Ann", basil).expect("a veto");
    fixture.veto("Bob", other).expect("a veto");
    (fixture, basil, napoli)
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
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    fixture.add_item("Ann", "Napoli");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 2);
    fixture.veto("Bob", basil).unwrap();
    let decision = fixture.move_to("Bob", basil, ItemId(2)).unwrap();
    assert_eq!(fixture.lines(), ["Funghi", "Napoli: Basil×2 vetoed by Bob"]);
    assert_eq!(fixture.last_action(), &moved(None));
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
}

#[test]
fn rule_5_a_feature_can_be_detached_and_attached_again() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    fixture.move_to("Ann", basil, None).unwrap();
    assert_eq!(fixture.lines(), ["Funghi", "free: Basil vetoed by Ann"]);
    fixture.move_to("Ann", basil, funghi).unwrap();
    assert_eq!(fixture.lines(), ["Funghi: Basil vetoed by Ann"]);
}

#[test]
fn rule_5_moving_onto_the_same_feature_adds_amounts_and_combines_vetoes() {
    let (mut fixture, basil, napoli) = two_basils(1, 2);
    let decision = fixture.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        ["Funghi", "Napoli: BASIL×3 vetoed by Ann and Bob"]
    );
    assert_eq!(fixture.last_action(), &moved(None));
    assert_eq!(decision.about, Some(BoardObject::Feature(FeatureId(2))));
    assert_eq!(decision.note, None);
}

#[test]
fn rule_5_an_amount_that_does_not_fit_stays_behind_with_its_vetoes() {
    let (mut fixture, basil, napoli) = two_basils(3, 2);
    fixture.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi: Basil×2 vetoed by Ann",
            "Napoli: BASIL×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(fixture.last_action(), &moved(Some(2)));
}

#[test]
fn rule_5_moving_onto_a_full_feature_only_combines_the_vetoes() {
    let (mut fixture, basil, napoli) = two_basils(2, 3);
    let decision = fixture.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi: Basil×2 vetoed by Ann",
            "Napoli: BASIL×3 vetoed by Ann and Bob"
        ]
    );
    assert_eq!(decision.note, Some(Notice::Full(name("BASIL"))));
    assert_eq!(fixture.last_action(), &moved(Some(2)));

    let again = fixture.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(again.note, Some(Notice::Full(name("BASIL"))));
    assert_eq!(again.events, []);
}

#[test]
fn rule_5_a_participant_who_vetoed_both_has_one_veto_afterwards() {
    let (mut fixture, basil, napoli) = two_basils(1, 1);
    fixture.veto("Bob", basil).unwrap();
    fixture.move_to("Ann", basil, napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        ["Funghi", "Napoli: BASIL×2 vetoed by Ann and Bob"]
    );
}

#[test]
fn rule_5_detaching_a_feature_combines_it_with_one_without_an_item() {
    let (mut fixture, basil, _) = two_basils(2, 1);
    let free = fixture.add_feature("Bob", None, "basil", 2);
    fixture.veto("Bob", free).unwrap();
    fixture.move_to("Ann", basil, None).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi: Basil vetoed by Ann",
            "Napoli: BASIL vetoed by Bob",
            "free: basil×3 vetoed by Ann and Bob"
        ]
    );
}

#[test]
fn rule_5_a_move_to_the_current_item_creates_no_event() {
    let (mut fixture, basil, _) = two_basils(1, 1);
    let decision = fixture.move_to("Ann", basil, ItemId(1)).unwrap();
    assert_eq!(decision.events, []);
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
    let free = fixture.add_feature("Ann", None, "Olives", 3);
    let decision = fixture.move_to("Ann", free, None).unwrap();
    assert_eq!((decision.events, decision.note), (Vec::new(), None));
}

#[test]
fn rule_5_moves_of_or_to_missing_objects_are_rejected() {
    let (mut fixture, basil, napoli) = two_basils(1, 1);
    let rows = fixture.rows();
    let never = ItemId(9);
    let unknown = Rejection::Unknown(Target::BoardObject(BoardObject::Item(never)));
    assert_eq!(fixture.move_to("Ann", basil, never).unwrap_err(), unknown);
    assert_eq!(fixture.rows(), rows);

    fixture.delete_item("Ann", napoli).unwrap();
    let gone = Rejection::Gone(BoardObject::Item(napoli), Some(name("Napoli")));
    assert_eq!(fixture.move_to("Ann", basil, napoli).unwrap_err(), gone);
    fixture.delete_feature("Ann", basil).unwrap();
    let gone = Rejection::Gone(BoardObject::Feature(basil), Some(name("Basil")));
    assert_eq!(fixture.move_to("Ann", basil, None).unwrap_err(), gone);
}

#[test]
fn rule_5_a_fully_combined_feature_is_deleted_and_its_name_available() {
    let (mut fixture, basil, napoli) = two_basils(1, 1);
    fixture.move_to("Ann", basil, napoli).unwrap();
    let gone = Rejection::Gone(BoardObject::Feature(basil), Some(name("Basil")));
    assert_eq!(fixture.veto("Ann", basil).unwrap_err(), gone);
    fixture.add_feature("Ann", ItemId(1), "Basil", 1);
    assert_eq!(
        fixture.lines(),
        ["Funghi: Basil", "Napoli: BASIL×2 vetoed by Ann and Bob"]
    );
}

#[test]
fn rule_5_what_did_not_fit_is_marked_until_it_changes() {
    type Operation = fn(&mut BoardFixture, FeatureId);
    let changes: [Operation; 5] = [
        |t, basil| drop(t.edit_feature("Ann", basil, "Basil", 3).unwrap()),
        |t, basil| drop(t.edit_feature("Ann", basil, "Sage", 2).unwrap()),
        |t, _| drop(t.suggest("Ann", ItemId(1), "Basil", 1).unwrap()),
        |t, basil| drop(t.move_to("Ann", basil, None).unwrap()),
        |t, _| drop(t.split("Ann", ItemId(1)).unwrap()),
    ];
    for change in changes {
        let (mut fixture, basil, napoli) = two_basils(3, 2);
        fixture.move_to("Ann", basil, napoli).unwrap();
        assert_eq!(fixture.remainders(), ["Basil"]);
        // Vetoes and reasons are no changes of the feature itself.
        fixture.veto("Bob", basil).unwrap();
        assert_eq!(fixture.remainders(), ["Basil"]);
        change(&mut fixture, basil);
        assert!(fixture.remainders().is_empty());
        fixture.undo_last("Ann").unwrap();
        assert_eq!(fixture.remainders(), ["Basil"]);
    }
    // Nothing fits: nothing moves and nothing is left behind.
    let (mut fixture, basil, napoli) = two_basils(3, 3);
    fixture.move_to("Ann", basil, napoli).unwrap();
    assert!(fixture.remainders().is_empty());
}
