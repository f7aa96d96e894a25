//! Rule 2 (item names are unique on their board), and rule 10 for items.

use savt::model::{Action, BoardObject, ItemId, Notice, Rejection, Target};

use super::board_fixture::{BoardFixture, kind, name};

#[test]
fn rule_2_an_empty_name_becomes_the_next_available_number() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.add_item("Ann", "PIZZA-2");
    for _ in 0..3 {
        fixture.create("Ann", None, "").unwrap();
    }
    assert_eq!(
        fixture.lines(),
        ["PIZZA-2", "Pizza-1", "Pizza-3", "Pizza-4"]
    );
    let Action::CreatedItem { item, wanted, .. } = fixture.last_action() else {
        panic!("{:?}", fixture.last_action())
    };
    assert_eq!((item, wanted), (&name("Pizza-4"), &None));
}

#[test]
fn rule_2_a_taken_name_is_numbered_and_the_requested_name_recorded() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.create("Ann", Some("Margherita"), "vegan").unwrap();
    let decision = fixture.create("Bob", Some("MARGHERITA"), "").unwrap();
    assert_eq!(decision.about, Some(BoardObject::Item(ItemId(2))));
    assert_eq!(
        fixture.last_action(),
        &Action::CreatedItem {
            item: name("MARGHERITA-2"),
            kind: None,
            wanted: Some(name("MARGHERITA")),
        }
    );
    fixture.add_item("Ann", "margherita");
    assert_eq!(
        fixture.lines(),
        ["Margherita (vegan)", "MARGHERITA-2", "margherita-3"]
    );
}

#[test]
fn rule_2_33_requests_for_one_name_get_33_different_names() {
    let mut fixture = BoardFixture::empty();
    for person in 0..33 {
        fixture.add_item(&format!("phone {person}"), "Funghi");
    }
    let lines = fixture.lines();
    assert_eq!((lines[0].as_str(), lines.len()), ("Funghi", 33));
    assert_eq!((&*lines[1], &*lines[32]), ("Funghi-2", "Funghi-33"));
    assert_eq!(fixture.participant_names().len(), 33);
}

#[test]
fn rule_2_a_long_name_is_shortened_to_fit_its_number() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let long = format!("{}{}", "a".repeat(50), "z".repeat(50));
    fixture.add_item("Ann", &long);
    fixture.add_item("Ann", &long);
    let lines = fixture.lines();
    assert_eq!(lines[0], long);
    assert_eq!(lines[1], format!("{}…{}-2", "a".repeat(49), "z".repeat(48)));
    assert_eq!(lines[1].chars().count(), 100);
}

#[test]
fn rule_2_the_name_of_a_deleted_item_is_available() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let first = fixture.add_item("Ann", "Funghi");
    fixture.delete_item("Ann", first).unwrap();
    fixture.add_item("Ann", "funghi");
    assert_eq!(fixture.lines(), ["funghi"]);
    let first = fixture.add_item("Ann", "Pizza-1");
    fixture.delete_item("Ann", first).unwrap();
    fixture.create("Ann", None, "").unwrap();
    assert_eq!(fixture.lines(), ["funghi", "Pizza-1"]);
}

#[test]
fn rule_2_ids_are_never_reused() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let first = fixture.add_item("Ann", "Funghi");
    fixture.undo_last("Ann").unwrap();
    let second = fixture.add_item("Ann", "Funghi");
    assert_eq!((first, second), (ItemId(1), ItemId(2)));
}

#[test]
fn rule_10_name_and_kind_of_an_item_can_be_edited() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture
        .edit_item("Ann", item, "Ai Funghi", "vegan")
        .unwrap();
    assert_eq!(fixture.lines(), ["Ai Funghi (vegan)"]);
    assert_eq!(
        fixture.last_action(),
        &Action::EditedItem {
            from: name("Funghi"),
            to: name("Ai Funghi"),
            kind: kind("vegan"),
            note: false,
        }
    );
    fixture.edit_item("Ann", item, "AI FUNGHI", "").unwrap();
    assert_eq!(fixture.lines(), ["AI FUNGHI"]);
}

#[test]
fn rule_10_an_unchanged_item_edit_creates_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let before = fixture.version();
    let decision = fixture.edit_item("Ann", item, "Funghi", "").unwrap();
    assert_eq!((decision.events.len(), fixture.version()), (0, before));
    assert_eq!(decision.note, None::<Notice>);
}

#[test]
fn rule_10_renaming_an_item_to_another_items_name_is_rejected() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    let other = fixture.add_item("Ann", "Napoli");
    let rejection = fixture.edit_item("Ann", item, "NAPOLI", "").unwrap_err();
    assert_eq!(rejection, Rejection::ItemNameTaken(name("Napoli")));
    fixture.delete_item("Ann", other).unwrap();
    fixture.edit_item("Ann", item, "NAPOLI", "").unwrap();
    assert_eq!(fixture.lines(), ["NAPOLI"]);
}

#[test]
fn a_nonexistent_item_is_unknown_and_a_deleted_one_is_gone() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let never = BoardObject::Item(ItemId(1));
    for id in [ItemId(1), ItemId(0), ItemId(-1), ItemId(i64::MAX)] {
        let rejection = fixture.edit_item("Ann", id, "Funghi", "").unwrap_err();
        assert_eq!(
            rejection,
            Rejection::Unknown(Target::BoardObject(BoardObject::Item(id)))
        );
    }
    let item = fixture.add_item("Ann", "Funghi");
    fixture.delete_item("Ann", item).unwrap();
    let rejection = fixture.edit_item("Ann", item, "Funghi", "").unwrap_err();
    assert_eq!(rejection, Rejection::Gone(never, Some(name("Funghi"))));

    let undone = fixture.add_item("Ann", "Napoli");
    fixture.undo_last("Ann").unwrap();
    let rejection = fixture.split("Ann", undone).unwrap_err();
    assert_eq!(rejection, Rejection::Gone(BoardObject::Item(undone), None));
}
