//! Rule 3 (feature names are unique within their item), and rules 8 and 10 for features.

use savt::model::{Action, BoardObject, FeatureId, ItemId, Notice, Rejection, Target};

use super::board_fixture::{BoardFixture, amount, name};

#[test]
fn rule_3_a_feature_is_suggested_for_an_item_or_for_none() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let decision = fixture.suggest("Ann", item, "Basil", 2).unwrap();
    assert_eq!(decision.about, Some(BoardObject::Feature(FeatureId(1))));
    assert_eq!(
        fixture.last_action(),
        &Action::Suggested {
            feature: name("Basil"),
            item: Some(name("Funghi")),
            amount: amount(2),
        }
    );
    fixture.suggest("Ann", None, "Basil", 1).unwrap();
    assert_eq!(fixture.lines(), ["Funghi: Basil×2", "free: Basil"]);
}

#[test]
fn rule_3_suggesting_an_existing_feature_adds_the_amount_to_it() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    let decision = fixture.suggest("Bob", item, "BASIL", 1).unwrap();
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
    assert_eq!(decision.note, None);
    assert_eq!(fixture.lines(), ["Funghi: Basil×2"]);
    assert_eq!(
        fixture.last_action(),
        &Action::Added {
            feature: name("Basil"),
            item: Some(name("Funghi")),
            amount: amount(2),
            over: None,
        }
    );
    let author = fixture.board.feature(basil).unwrap().author;
    assert_eq!(author, fixture.participant_id("Ann"));
}

#[test]
fn rule_3_an_amount_over_three_is_recorded_as_overflow() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.add_feature("Ann", None, "Basil", 2);
    let decision = fixture.suggest("Ann", None, "basil", 3).unwrap();
    assert_eq!(decision.note, None);
    assert_eq!(fixture.lines(), ["free: Basil×3"]);
    assert_eq!(
        fixture.last_action(),
        &Action::Added {
            feature: name("Basil"),
            item: None,
            amount: amount(3),
            over: Some(amount(2)),
        }
    );
}

#[test]
fn rule_3_suggesting_a_full_feature_returns_a_notice_and_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 3);
    let before = fixture.version();
    let decision = fixture.suggest("Ann", None, "BASIL", 1).unwrap();
    assert_eq!(decision.note, Some(Notice::Full(name("Basil"))));
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
    assert_eq!((decision.events.len(), fixture.version()), (0, before));
}

#[test]
fn rule_3_the_name_of_a_deleted_feature_is_available() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    let first = fixture.add_feature("Ann", item, "Basil", 3);
    fixture.veto("Bob", first).unwrap();
    fixture.delete_feature("Ann", first).unwrap();
    let second = fixture.add_feature("Ann", item, "basil", 1);
    assert_ne!(first, second);
    assert_eq!(fixture.lines(), ["Funghi: basil"]);
}

#[test]
fn rule_3_a_feature_for_a_missing_item_is_rejected() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture.delete_item("Ann", item).unwrap();
    let gone = Rejection::Gone(BoardObject::Item(item), Some(name("Funghi")));
    assert_eq!(fixture.suggest("Ann", item, "Basil", 1).unwrap_err(), gone);
    let never = ItemId(9);
    let unknown = Rejection::Unknown(Target::BoardObject(BoardObject::Item(never)));
    assert_eq!(
        fixture.suggest("Ann", never, "Basil", 1).unwrap_err(),
        unknown
    );
}

#[test]
fn rule_8_deleting_a_feature_is_about_its_item() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    let decision = fixture.delete_feature("Ann", basil).unwrap();
    assert_eq!(decision.about, Some(BoardObject::Item(item)));
    assert_eq!(fixture.lines(), ["Funghi"]);
    assert_eq!(
        fixture.last_action(),
        &Action::DeletedFeature {
            feature: name("Basil"),
            item: Some(name("Funghi")),
        }
    );
    let again = fixture.delete_feature("Ann", basil).unwrap_err();
    let gone = Rejection::Gone(BoardObject::Feature(basil), Some(name("Basil")));
    assert_eq!(again, gone);
}

#[test]
fn rule_10_editing_a_feature_keeps_its_vetoes() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Bob", basil).unwrap();
    fixture.edit_feature("Ann", basil, "Thai basil", 3).unwrap();
    assert_eq!(
        fixture.lines(),
        ["free: Thai basil×3 vetoed by Bob, when Basil"]
    );
    assert_eq!(
        fixture.last_action(),
        &Action::EditedFeature {
            from: name("Basil"),
            to: name("Thai basil"),
            item: None,
            amount: amount(3),
            vetoes: 1,
        }
    );
    fixture.edit_feature("Ann", basil, "THAI BASIL", 2).unwrap();
    assert_eq!(
        fixture.lines(),
        ["free: THAI BASIL×2 vetoed by Bob, when Basil"]
    );
}

#[test]
fn rule_10_renaming_a_feature_to_another_one_of_its_item_is_rejected() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    fixture.add_feature("Ann", item, "Olives", 1);
    fixture.add_feature("Ann", None, "Ham", 1);
    let rejection = fixture.edit_feature("Ann", basil, "OLIVES", 1).unwrap_err();
    assert_eq!(rejection, Rejection::FeatureNameTaken(name("Olives")));
    fixture.edit_feature("Ann", basil, "Ham", 1).unwrap();
    assert_eq!(fixture.lines(), ["Funghi: Ham, Olives", "free: Ham"]);
}

#[test]
fn rule_10_an_unchanged_feature_edit_creates_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 2);
    let decision = fixture.edit_feature("Ann", basil, "Basil", 2).unwrap();
    assert_eq!(decision.events, []);
}

#[test]
fn a_nonexistent_feature_is_unknown_and_a_deleted_one_is_gone() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    for id in [FeatureId(1), FeatureId(0), FeatureId(i64::MIN)] {
        let unknown = Rejection::Unknown(Target::BoardObject(BoardObject::Feature(id)));
        assert_eq!(fixture.veto("Ann", id).unwrap_err(), unknown);
    }
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.undo_last("Ann").unwrap();
    let gone = Rejection::Gone(BoardObject::Feature(basil), None);
    assert_eq!(fixture.veto("Ann", basil).unwrap_err(), gone);
}
