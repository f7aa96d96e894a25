//! Rule 7: split an item.

use savt::model::{Action, FeatureId, ItemId, Refusal, Thing};

use super::table::{Table, amount, name};

#[test]
fn rule_7_each_feature_gets_an_item_of_its_own_with_all_that_is_its() {
    let mut table = Table::of(["Ann", "Bob"]);
    table.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = table.feature("Ann", ItemId(1), "Basil", 2);
    let olives = table.feature("Bob", ItemId(1), "Olives", 1);
    table.veto("Ann", olives).unwrap();
    table.veto("Bob", olives).unwrap();
    let decision = table.split("Ann", ItemId(1)).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi-Basil (vegan): Basil×2",
            "Funghi-Olives (vegan): Olives vetoed by Ann and Bob"
        ]
    );
    assert_eq!(decision.about, Some(Thing::Item(ItemId(2))));
    assert_eq!(
        table.did(),
        &Action::Split {
            item: name("Funghi"),
            into: vec![name("Funghi-Basil"), name("Funghi-Olives")],
        }
    );
    let author = |id| table.board.feature(id).unwrap().author;
    assert_eq!(author(basil), table.id_of("Ann"));
    assert_eq!(author(olives), table.id_of("Bob"));
}

#[test]
fn rule_7_an_item_with_one_feature_becomes_its_units_each_with_vetoes_and_author() {
    let mut table = Table::of(["Ann", "Bob", "Cem"]);
    table.create("Ann", Some("Funghi"), "vegan").unwrap();
    let basil = table.feature("Bob", ItemId(1), "Basil", 3);
    table.veto("Ann", basil).unwrap();
    table.veto("Cem", basil).unwrap();
    table.split("Ann", ItemId(1)).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi-Basil (vegan): Basil vetoed by Ann and Cem",
            "Funghi-Basil-2 (vegan): Basil vetoed by Ann and Cem",
            "Funghi-Basil-3 (vegan): Basil vetoed by Ann and Cem"
        ]
    );
    for unit in 1..=3 {
        let unit = table.board.feature(FeatureId(unit)).unwrap();
        assert_eq!(unit.author, table.id_of("Bob"));
        assert_eq!(unit.amount, amount(1));
    }
}

#[test]
fn rule_7_the_new_names_are_made_unique_and_short() {
    let mut table = Table::of(["Ann"]);
    let whole = "w".repeat(100);
    let item = table.item("Ann", &whole);
    table.feature("Ann", item, &"f".repeat(100), 1);
    table.feature("Ann", item, &format!("a{}", "f".repeat(99)), 1);
    table.item("Ann", "Funghi-Basil");
    table.split("Ann", item).unwrap();
    let part = format!("{}…{}", "w".repeat(50), "f".repeat(49));
    let names: Vec<&str> = table.board.items().map(|item| item.name.as_str()).collect();
    assert_eq!(names[0], "Funghi-Basil");
    assert_eq!(names[1], part);
    let second = format!("{}…{}-2", "w".repeat(49), "f".repeat(48));
    assert_eq!(names[2], second);

    let item = table.item("Ann", "Funghi");
    table.feature("Ann", item, "BASIL", 2);
    table.split("Ann", item).unwrap();
    let shows = table.shows();
    assert_eq!(
        shows[3..],
        ["Funghi-BASIL-2: BASIL", "Funghi-BASIL-3: BASIL"]
    );
}

#[test]
fn rule_7_nothing_to_split_is_refused() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let nothing = Refusal::NothingToSplit(name("Funghi"));
    assert_eq!(table.split("Ann", item).unwrap_err(), nothing);
    let basil = table.feature("Ann", item, "Basil", 1);
    assert_eq!(table.split("Ann", item).unwrap_err(), nothing);
    table.suggest("Ann", item, "Basil", 1).unwrap();
    table.delete_feature("Ann", basil).unwrap();
    assert_eq!(table.split("Ann", item).unwrap_err(), nothing);
    assert_eq!(table.shows(), ["Funghi"]);
}

#[test]
fn rule_7_deleted_features_of_an_item_make_no_parts() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    table.feature("Ann", item, "Olives", 2);
    table.delete_feature("Ann", basil).unwrap();
    table.split("Ann", item).unwrap();
    assert_eq!(
        table.shows(),
        ["Funghi-Olives: Olives", "Funghi-Olives-2: Olives"]
    );
}
