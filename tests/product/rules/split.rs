//! Rule 7: split an item.

use savt::model::{Action, BoardObject, FeatureId, ItemId, Rejection};

use super::board_fixture::{BoardFixture, amount, name};

#[test]
fn rule_7_each_feature_gets_its_own_item_with_its_amount_vetoes_and_author() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = fixture.add_feature("Ann", ItemId(1), "Basil", 2);
    let olives = fixture.add_feature("Bob", ItemId(1), "Olives", 1);
    fixture.veto("Ann", olives).unwrap();
    fixture.veto("Bob", olives).unwrap();
    let decision = fixture.split("Ann", ItemId(1)).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi-Basil (vegan): Basil×2",
            "Funghi-Olives (vegan): Olives vetoed by Ann and Bob"
        ]
    );
    assert_eq!(decision.about, Some(BoardObject::Item(ItemId(2))));
    assert_eq!(
        fixture.last_action(),
        &Action::Split {
            item: name("Funghi"),
            into: vec![name("Funghi-Basil"), name("Funghi-Olives")],
            unlisted: 0,
        }
    );
    let author = |id| fixture.board.feature(id).unwrap().author;
    assert_eq!(author(basil), fixture.participant_id("Ann"));
    assert_eq!(author(olives), fixture.participant_id("Bob"));
}

#[test]
fn rule_7_a_single_feature_is_split_into_units_with_its_vetoes_and_author() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob", "Cem"]);
    fixture.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = fixture.add_feature("Bob", ItemId(1), "Basil", 3);
    fixture.veto("Ann", basil).unwrap();
    fixture.veto("Cem", basil).unwrap();
    fixture.split("Ann", ItemId(1)).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi-Basil (vegan): Basil vetoed by Ann and Cem",
            "Funghi-Basil-2 (vegan): Basil vetoed by Ann and Cem",
            "Funghi-Basil-3 (vegan): Basil vetoed by Ann and Cem"
        ]
    );
    for unit in 1..=3 {
        let unit = fixture.board.feature(FeatureId(unit)).unwrap();
        assert_eq!(unit.author, fixture.participant_id("Bob"));
        assert_eq!(unit.amount, amount(1));
    }
}

#[test]
fn rule_7_the_new_names_are_unique_and_within_the_limit() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let whole = "w".repeat(100);
    let item = fixture.add_item("Ann", &whole);
    fixture.add_feature("Ann", item, &"f".repeat(100), 1);
    fixture.add_feature("Ann", item, &format!("a{}", "f".repeat(99)), 1);
    fixture.add_item("Ann", "Funghi-Basil");
    fixture.split("Ann", item).unwrap();
    let part = format!("{}…{}", "w".repeat(50), "f".repeat(49));
    let names: Vec<&str> = fixture
        .board
        .items()
        .map(|item| item.name.as_str())
        .collect();
    assert_eq!(names[0], "Funghi-Basil");
    assert_eq!(names[1], part);
    let second = format!("{}…{}-2", "w".repeat(49), "f".repeat(48));
    assert_eq!(names[2], second);

    let item = fixture.add_item("Ann", "Funghi");
    fixture.add_feature("Ann", item, "BASIL", 2);
    fixture.split("Ann", item).unwrap();
    let lines = fixture.lines();
    assert_eq!(
        lines[3..],
        ["Funghi-BASIL-2: BASIL", "Funghi-BASIL-3: BASIL"]
    );
}

#[test]
fn rule_7_an_item_without_parts_is_rejected() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let nothing = Rejection::NothingToSplit(name("Funghi"));
    assert_eq!(fixture.split("Ann", item).unwrap_err(), nothing);
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    assert_eq!(fixture.split("Ann", item).unwrap_err(), nothing);
    fixture.suggest("Ann", item, "Basil", 1).unwrap();
    fixture.delete_feature("Ann", basil).unwrap();
    assert_eq!(fixture.split("Ann", item).unwrap_err(), nothing);
    assert_eq!(fixture.lines(), ["Funghi"]);
}

#[test]
fn rule_7_deleted_features_are_ignored() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    fixture.add_feature("Ann", item, "Olives", 2);
    fixture.delete_feature("Ann", basil).unwrap();
    fixture.split("Ann", item).unwrap();
    assert_eq!(
        fixture.lines(),
        ["Funghi-Olives: Olives", "Funghi-Olives-2: Olives"]
    );
}
