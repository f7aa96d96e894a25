//! Rule 3 (feature names are unique within their item) and what rules 8 and 10 say of features.

use savt::model::{Action, FeatureId, ItemId, Note, Refusal, Target, Thing};

use super::table::{Table, amount, name};

#[test]
fn rule_3_a_feature_is_suggested_for_an_item_or_free() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let decision = table.suggest("Ann", item, "Basil", 2).unwrap();
    assert_eq!(decision.about, Some(Thing::Feature(FeatureId(1))));
    assert_eq!(
        table.did(),
        &Action::Suggested {
            feature: name("Basil"),
            item: Some(name("Funghi")),
            amount: amount(2),
        }
    );
    table.suggest("Ann", None, "Basil", 1).unwrap();
    assert_eq!(table.shows(), ["Funghi: Basil×2", "free: Basil"]);
}

#[test]
fn rule_3_suggesting_one_that_is_there_adds_its_amount_and_makes_no_second_row() {
    let mut table = Table::of(["Ann", "Bob"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    let decision = table.suggest("Bob", item, "BASIL", 1).unwrap();
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
    assert_eq!(decision.note, None);
    assert_eq!(table.shows(), ["Funghi: Basil×2"]);
    assert_eq!(
        table.did(),
        &Action::Added {
            feature: name("Basil"),
            item: Some(name("Funghi")),
            amount: amount(2),
            over: None,
        }
    );
    let author = table.board.feature(basil).unwrap().author;
    assert_eq!(author, table.id_of("Ann"));
}

#[test]
fn rule_3_what_goes_over_three_is_said() {
    let mut table = Table::of(["Ann"]);
    table.feature("Ann", None, "Basil", 2);
    let decision = table.suggest("Ann", None, "basil", 3).unwrap();
    assert_eq!(decision.note, None);
    assert_eq!(table.shows(), ["free: Basil×3"]);
    assert_eq!(
        table.did(),
        &Action::Added {
            feature: name("Basil"),
            item: None,
            amount: amount(3),
            over: Some(amount(2)),
        }
    );
}

#[test]
fn rule_3_a_full_feature_stays_as_it_is_without_an_event_and_that_is_said() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 3);
    let before = table.version();
    let decision = table.suggest("Ann", None, "BASIL", 1).unwrap();
    assert_eq!(decision.note, Some(Note::Full(name("Basil"))));
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
    assert_eq!((decision.events.len(), table.version()), (0, before));
}

#[test]
fn rule_3_the_name_of_a_deleted_feature_is_free_again() {
    let mut table = Table::of(["Ann", "Bob"]);
    let item = table.item("Ann", "Funghi");
    let first = table.feature("Ann", item, "Basil", 3);
    table.veto("Bob", first).unwrap();
    table.delete_feature("Ann", first).unwrap();
    let second = table.feature("Ann", item, "basil", 1);
    assert_ne!(first, second);
    assert_eq!(table.shows(), ["Funghi: basil"]);
}

#[test]
fn rule_3_a_feature_for_an_item_that_is_not_there_is_refused() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    table.delete_item("Ann", item).unwrap();
    let gone = Refusal::Gone(Thing::Item(item), Some(name("Funghi")));
    assert_eq!(table.suggest("Ann", item, "Basil", 1).unwrap_err(), gone);
    let never = ItemId(9);
    let unknown = Refusal::Unknown(Target::Thing(Thing::Item(never)));
    assert_eq!(
        table.suggest("Ann", never, "Basil", 1).unwrap_err(),
        unknown
    );
}

#[test]
fn rule_8_a_deleted_feature_goes_and_the_page_looks_at_its_item() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    let decision = table.delete_feature("Ann", basil).unwrap();
    assert_eq!(decision.about, Some(Thing::Item(item)));
    assert_eq!(table.shows(), ["Funghi"]);
    assert_eq!(
        table.did(),
        &Action::DeletedFeature {
            feature: name("Basil"),
            item: Some(name("Funghi")),
        }
    );
    let again = table.delete_feature("Ann", basil).unwrap_err();
    let gone = Refusal::Gone(Thing::Feature(basil), Some(name("Basil")));
    assert_eq!(again, gone);
}

#[test]
fn rule_10_a_feature_takes_another_name_and_amount_and_keeps_its_vetoes() {
    let mut table = Table::of(["Ann", "Bob"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Bob", basil).unwrap();
    table.edit_feature("Ann", basil, "Thai basil", 3).unwrap();
    assert_eq!(table.shows(), ["free: Thai basil×3 vetoed by Bob"]);
    assert_eq!(
        table.did(),
        &Action::EditedFeature {
            from: name("Basil"),
            to: name("Thai basil"),
            item: None,
            amount: amount(3),
        }
    );
    table.edit_feature("Ann", basil, "THAI BASIL", 2).unwrap();
    assert_eq!(table.shows(), ["free: THAI BASIL×2 vetoed by Bob"]);
}

#[test]
fn rule_10_an_edit_to_the_name_of_a_neighbour_is_refused() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    table.feature("Ann", item, "Olives", 1);
    table.feature("Ann", None, "Ham", 1);
    let refusal = table.edit_feature("Ann", basil, "OLIVES", 1).unwrap_err();
    assert_eq!(refusal, Refusal::FeatureNameTaken(name("Olives")));
    table.edit_feature("Ann", basil, "Ham", 1).unwrap();
    assert_eq!(table.shows(), ["Funghi: Ham, Olives", "free: Ham"]);
}

#[test]
fn rule_10_an_edit_of_a_feature_that_changes_nothing_is_no_event() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 2);
    let decision = table.edit_feature("Ann", basil, "Basil", 2).unwrap();
    assert_eq!(decision.events, []);
}

#[test]
fn a_feature_that_never_was_is_unknown_and_one_that_went_is_gone() {
    let mut table = Table::of(["Ann"]);
    for id in [FeatureId(1), FeatureId(0), FeatureId(i64::MIN)] {
        let unknown = Refusal::Unknown(Target::Thing(Thing::Feature(id)));
        assert_eq!(table.veto("Ann", id).unwrap_err(), unknown);
    }
    let basil = table.feature("Ann", None, "Basil", 1);
    table.undo_last("Ann").unwrap();
    let gone = Refusal::Gone(Thing::Feature(basil), None);
    assert_eq!(table.veto("Ann", basil).unwrap_err(), gone);
}
