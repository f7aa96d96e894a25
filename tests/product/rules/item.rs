//! Rule 2 (item names are unique on their board) and what rule 10 says of items.

use savt::model::{Action, ItemId, Note, Refusal, Target, Thing};

use super::table::{Table, kind, name};

#[test]
fn rule_2_an_empty_name_becomes_the_next_free_number() {
    let mut table = Table::of(["Ann"]);
    table.item("Ann", "PIZZA-2");
    for _ in 0..3 {
        table.create("Ann", None, "").unwrap();
    }
    assert_eq!(table.shows(), ["PIZZA-2", "Pizza-1", "Pizza-3", "Pizza-4"]);
    let Action::CreatedItem { item, wanted, .. } = table.did() else {
        panic!("{:?}", table.did())
    };
    assert_eq!((item, wanted), (&name("Pizza-4"), &None));
}

#[test]
fn rule_2_a_name_taken_in_any_spelling_is_numbered_and_the_person_told() {
    let mut table = Table::of(["Ann", "Bob"]);
    table.create("Ann", Some("Margherita"), "vegan").unwrap();
    let decision = table.create("Bob", Some("MARGHERITA"), "").unwrap();
    assert_eq!(decision.about, Some(Thing::Item(ItemId(2))));
    assert_eq!(
        table.did(),
        &Action::CreatedItem {
            item: name("MARGHERITA-2"),
            kind: None,
            wanted: Some(name("MARGHERITA")),
        }
    );
    table.item("Ann", "margherita");
    assert_eq!(
        table.shows(),
        ["Margherita (vegan)", "MARGHERITA-2", "margherita-3"]
    );
}

#[test]
fn rule_2_thirty_three_who_want_one_name_get_thirty_three() {
    let mut table = Table::empty();
    for person in 0..33 {
        table.item(&format!("phone {person}"), "Funghi");
    }
    let shows = table.shows();
    assert_eq!((shows[0].as_str(), shows.len()), ("Funghi", 33));
    assert_eq!((&*shows[1], &*shows[32]), ("Funghi-2", "Funghi-33"));
    assert_eq!(table.people().len(), 33);
}

#[test]
fn rule_2_a_long_name_is_shortened_to_make_room_for_its_number() {
    let mut table = Table::of(["Ann"]);
    let long = format!("{}{}", "a".repeat(50), "z".repeat(50));
    table.item("Ann", &long);
    table.item("Ann", &long);
    let shows = table.shows();
    assert_eq!(shows[0], long);
    assert_eq!(shows[1], format!("{}…{}-2", "a".repeat(49), "z".repeat(48)));
    assert_eq!(shows[1].chars().count(), 100);
}

#[test]
fn rule_2_the_name_of_a_deleted_item_is_free_again() {
    let mut table = Table::of(["Ann"]);
    let first = table.item("Ann", "Funghi");
    table.delete_item("Ann", first).unwrap();
    table.item("Ann", "funghi");
    assert_eq!(table.shows(), ["funghi"]);
    let first = table.item("Ann", "Pizza-1");
    table.delete_item("Ann", first).unwrap();
    table.create("Ann", None, "").unwrap();
    assert_eq!(table.shows(), ["funghi", "Pizza-1"]);
}

#[test]
fn rule_2_ids_are_counted_and_never_given_twice() {
    let mut table = Table::of(["Ann"]);
    let first = table.item("Ann", "Funghi");
    table.undo_last("Ann").unwrap();
    let second = table.item("Ann", "Funghi");
    assert_eq!((first, second), (ItemId(1), ItemId(2)));
}

#[test]
fn rule_10_an_item_takes_another_name_and_kind() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    table.edit_item("Ann", item, "Ai Funghi", "vegan").unwrap();
    assert_eq!(table.shows(), ["Ai Funghi (vegan)"]);
    assert_eq!(
        table.did(),
        &Action::EditedItem {
            from: name("Funghi"),
            to: name("Ai Funghi"),
            kind: kind("vegan"),
        }
    );
    table.edit_item("Ann", item, "AI FUNGHI", "").unwrap();
    assert_eq!(table.shows(), ["AI FUNGHI"]);
}

#[test]
fn rule_10_an_edit_that_changes_nothing_is_no_event() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let before = table.version();
    let decision = table.edit_item("Ann", item, "Funghi", "").unwrap();
    assert_eq!((decision.events.len(), table.version()), (0, before));
    assert_eq!(decision.note, None::<Note>);
}

#[test]
fn rule_10_an_edit_to_the_name_of_another_item_is_refused() {
    let mut table = Table::of(["Ann"]);
    let item = table.item("Ann", "Funghi");
    let other = table.item("Ann", "Napoli");
    let refusal = table.edit_item("Ann", item, "NAPOLI", "").unwrap_err();
    assert_eq!(refusal, Refusal::ItemNameTaken(name("Napoli")));
    table.delete_item("Ann", other).unwrap();
    table.edit_item("Ann", item, "NAPOLI", "").unwrap();
    assert_eq!(table.shows(), ["NAPOLI"]);
}

#[test]
fn an_item_that_never_was_is_unknown_and_one_that_went_is_gone() {
    let mut table = Table::of(["Ann"]);
    let never = Thing::Item(ItemId(1));
    for id in [ItemId(1), ItemId(0), ItemId(-1), ItemId(i64::MAX)] {
        let refusal = table.edit_item("Ann", id, "Funghi", "").unwrap_err();
        assert_eq!(refusal, Refusal::Unknown(Target::Thing(Thing::Item(id))));
    }
    let item = table.item("Ann", "Funghi");
    table.delete_item("Ann", item).unwrap();
    let refusal = table.edit_item("Ann", item, "Funghi", "").unwrap_err();
    assert_eq!(refusal, Refusal::Gone(never, Some(name("Funghi"))));

    let undone = table.item("Ann", "Napoli");
    table.undo_last("Ann").unwrap();
    let refusal = table.split("Ann", undone).unwrap_err();
    assert_eq!(refusal, Refusal::Gone(Thing::Item(undone), None));
}
