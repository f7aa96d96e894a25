//! Rule 6: merge item A into item B.

use savt::model::{Action, ItemId, Refusal, Target, Thing};

use super::table::{Table, name};

#[test]
fn rule_6_every_feature_moves_b_takes_both_names_and_a_goes() {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.create("Ann", Some("Funghi"), "vegan").unwrap();
    let napoli = table.item("Ann", "Napoli");
    assert_eq!(funghi.about, Some(Thing::Item(ItemId(1))));
    let basil = table.feature("Ann", ItemId(1), "Basil", 1);
    let olives = table.feature("Ann", ItemId(1), "Olives", 2);
    let other = table.feature("Ann", napoli, "basil", 2);
    table.veto("Ann", basil).unwrap();
    table.veto("Bob", olives).unwrap();
    table.veto("Bob", other).unwrap();
    let decision = table.merge("Bob", ItemId(1), napoli).unwrap();
    assert_eq!(
        table.shows(),
        ["Funghi-Napoli: Olives×2 vetoed by Bob, basil×3 vetoed by Ann and Bob"]
    );
    assert_eq!(decision.about, Some(Thing::Item(napoli)));
    assert_eq!(
        table.did(),
        &Action::Merged {
            item: name("Funghi"),
            into: name("Napoli"),
            name: name("Funghi-Napoli"),
            stays: false,
        }
    );
    let gone = Refusal::Gone(Thing::Item(ItemId(1)), Some(name("Funghi")));
    assert_eq!(table.split("Ann", ItemId(1)).unwrap_err(), gone);
}

#[test]
fn rule_6_what_does_not_fit_stays_and_so_does_a() {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.item("Ann", "Funghi");
    let napoli = table.item("Ann", "Napoli");
    let basil = table.feature("Ann", funghi, "Basil", 2);
    table.feature("Ann", funghi, "Olives", 1);
    table.feature("Ann", funghi, "Ham", 3);
    table.feature("Ann", napoli, "Basil", 2);
    table.feature("Ann", napoli, "Ham", 3);
    table.veto("Bob", basil).unwrap();
    table.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi: Basil vetoed by Bob, Ham×3",
            "Funghi-Napoli: Olives, Basil×3 vetoed by Bob, Ham×3"
        ]
    );
    assert!(matches!(table.did(), Action::Merged { stays: true, .. }));
}

#[test]
fn rule_6_an_empty_item_merges_too() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let napoli = table.item("Ann", "Napoli");
    table.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(table.shows(), ["Funghi-Napoli"]);
}

#[test]
fn rule_6_the_name_is_made_unique_but_b_may_keep_its_own() {
    let mut table = Table::of(["Ann"]);
    let a = table.item("Ann", "A");
    let b = table.item("Ann", "B");
    table.item("Ann", "a-b");
    table.merge("Ann", a, b).unwrap();
    assert_eq!(table.shows(), ["A-B-2", "a-b"]);

    let long = "x".repeat(100);
    let mut table = Table::of(["Ann"]);
    let (left, right) = ("x".repeat(50), "x".repeat(49));
    let b = table.item("Ann", &format!("{left}…{right}"));
    let a = table.item("Ann", &long);
    table.merge("Ann", a, b).unwrap();
    assert_eq!(table.shows(), [format!("{left}…{right}")]);
}

#[test]
fn rule_6_the_name_of_a_that_goes_is_free_for_b() {
    let mut table = Table::of(["Ann"]);
    let (left, right) = ("x".repeat(50), "x".repeat(49));
    let a = table.item("Ann", &format!("{left}…{right}"));
    let b = table.item("Ann", &"x".repeat(100));
    table.merge("Ann", a, b).unwrap();
    assert_eq!(table.shows(), [format!("{left}…{right}")]);
}

#[test]
fn rule_6_a_chain_of_merges_of_long_names_keeps_names_short_and_unique() {
    let mut table = Table::of(["Ann"]);
    let mut into = table.item("Ann", &"m".repeat(100));
    for letter in 'a'..='z' {
        let item = table.item("Ann", &letter.to_string().repeat(100));
        table.feature("Ann", item, &format!("Feature {letter}"), 1);
        table.merge("Ann", into, item).unwrap();
        let merged = table.board.living_item(item).unwrap().name.clone();
        assert_eq!(merged.as_str().chars().count(), 100);
        assert!(merged.as_str().starts_with('m') && merged.as_str().ends_with(letter));
        into = item;
    }
    assert_eq!(table.board.features_of(Some(into)).count(), 26);
    assert_eq!(table.board.stats().items, 1);
}

#[test]
fn rule_6_merging_again_after_something_stayed_tries_again() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let napoli = table.item("Ann", "Napoli");
    table.feature("Ann", funghi, "Basil", 2);
    let full = table.feature("Ann", napoli, "Basil", 3);
    table.merge("Ann", funghi, napoli).unwrap();
    table.edit_feature("Ann", full, "Basil", 1).unwrap();
    table.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(table.shows(), ["Funghi-Funghi-Napoli: Basil×3"]);
}

#[test]
fn rule_6_into_itself_or_into_what_is_not_there_is_refused() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let napoli = table.item("Ann", "Napoli");
    let itself = table.merge("Ann", funghi, funghi).unwrap_err();
    assert_eq!(itself, Refusal::IntoItself(name("Funghi")));
    let unknown = Refusal::Unknown(Target::Thing(Thing::Item(ItemId(7))));
    assert_eq!(table.merge("Ann", funghi, ItemId(7)).unwrap_err(), unknown);
    table.delete_item("Ann", napoli).unwrap();
    let gone = Refusal::Gone(Thing::Item(napoli), Some(name("Napoli")));
    assert_eq!(table.merge("Ann", funghi, napoli).unwrap_err(), gone);
    assert_eq!(table.merge("Ann", napoli, napoli).unwrap_err(), gone);
    assert_eq!(table.shows(), ["Funghi"]);
}
