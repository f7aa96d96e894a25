//! Rule 6: merge item A into item B.

use savt::model::{Action, BoardObject, ItemId, Rejection, Target};

use super::board_fixture::{BoardFixture, name};

#[test]
fn rule_6_all_features_move_to_b_b_gets_both_names_and_a_is_deleted() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.create("Ann", Some("Funghi"), "vegan").unwrap();
    let napoli = fixture.add_item("Ann", "Napoli");
    assert_eq!(funghi.about, Some(BoardObject::Item(ItemId(1))));
    let basil = fixture.add_feature("Ann", ItemId(1), "Basil", 1);
    let olives = fixture.add_feature("Ann", ItemId(1), "Olives", 2);
    let other = fixture.add_feature("Ann", napoli, "basil", 2);
    fixture.veto("Ann", basil).unwrap();
    fixture.veto("Bob", olives).unwrap();
    fixture.veto("Bob", other).unwrap();
    let decision = fixture.merge("Bob", ItemId(1), napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        ["Funghi-Napoli: Olives×2 vetoed by Bob, basil×3 vetoed by Ann and Bob"]
    );
    assert_eq!(decision.about, Some(BoardObject::Item(napoli)));
    assert_eq!(
        fixture.last_action(),
        &Action::Merged {
            item: name("Funghi"),
            into: name("Napoli"),
            name: name("Funghi-Napoli"),
            stays: false,
            left: Vec::new(),
            unlisted: 0,
        }
    );
    let gone = Rejection::Gone(BoardObject::Item(ItemId(1)), Some(name("Funghi")));
    assert_eq!(fixture.split("Ann", ItemId(1)).unwrap_err(), gone);
}

#[test]
fn rule_6_a_and_the_amounts_that_do_not_fit_remain() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let napoli = fixture.add_item("Ann", "Napoli");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 2);
    fixture.add_feature("Ann", funghi, "Olives", 1);
    fixture.add_feature("Ann", funghi, "Ham", 3);
    fixture.add_feature("Ann", napoli, "Basil", 2);
    fixture.add_feature("Ann", napoli, "Ham", 3);
    fixture.veto("Bob", basil).unwrap();
    fixture.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi: Basil vetoed by Bob, Ham×3",
            "Funghi-Napoli: Olives, Basil×3 vetoed by Bob, Ham×3"
        ]
    );
    assert_eq!(
        fixture.last_action(),
        &Action::Merged {
            item: name("Funghi"),
            into: name("Napoli"),
            name: name("Funghi-Napoli"),
            stays: true,
            left: vec![name("Basil"), name("Ham")],
            unlisted: 0,
        }
    );
    // What stayed is marked, also if nothing of it fitted.
    assert_eq!(fixture.remainders(), ["Basil", "Ham"]);
    fixture.undo_last("Bob").unwrap();
    assert!(fixture.remainders().is_empty());
}

#[test]
fn rule_6_an_empty_item_can_be_merged() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let napoli = fixture.add_item("Ann", "Napoli");
    fixture.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(fixture.lines(), ["Funghi-Napoli"]);
}

#[test]
fn rule_6_the_joined_name_is_made_unique_unless_it_is_already_bs() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let a = fixture.add_item("Ann", "A");
    let b = fixture.add_item("Ann", "B");
    fixture.add_item("Ann", "a-b");
    fixture.merge("Ann", a, b).unwrap();
    assert_eq!(fixture.lines(), ["A-B-2", "a-b"]);

    let long = "x".repeat(100);
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let (left, right) = ("x".repeat(50), "x".repeat(49));
    let b = fixture.add_item("Ann", &format!("{left}…{right}"));
    let a = fixture.add_item("Ann", &long);
    fixture.merge("Ann", a, b).unwrap();
    assert_eq!(fixture.lines(), [format!("{left}…{right}")]);
}

#[test]
fn rule_6_the_name_of_the_deleted_item_a_is_available_for_b() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let (left, right) = ("x".repeat(50), "x".repeat(49));
    let a = fixture.add_item("Ann", &format!("{left}…{right}"));
    let b = fixture.add_item("Ann", &"x".repeat(100));
    fixture.merge("Ann", a, b).unwrap();
    assert_eq!(fixture.lines(), [format!("{left}…{right}")]);
}

#[test]
fn rule_6_repeated_merges_keep_names_short_and_unique() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let mut into = fixture.add_item("Ann", &"m".repeat(100));
    for letter in 'a'..='z' {
        let item = fixture.add_item("Ann", &letter.to_string().repeat(100));
        fixture.add_feature("Ann", item, &format!("Feature {letter}"), 1);
        fixture.merge("Ann", into, item).unwrap();
        let merged = fixture.board.live_item(item).unwrap().name.clone();
        assert_eq!(merged.as_str().chars().count(), 100);
        assert!(merged.as_str().starts_with('m') && merged.as_str().ends_with(letter));
        into = item;
    }
    assert_eq!(fixture.board.features_of(Some(into)).count(), 26);
    assert_eq!(fixture.board.stats().items, 1);
}

#[test]
fn rule_6_a_remainder_can_be_merged_later() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let napoli = fixture.add_item("Ann", "Napoli");
    fixture.add_feature("Ann", funghi, "Basil", 2);
    let full = fixture.add_feature("Ann", napoli, "Basil", 3);
    fixture.merge("Ann", funghi, napoli).unwrap();
    fixture.edit_feature("Ann", full, "Basil", 1).unwrap();
    fixture.merge("Ann", funghi, napoli).unwrap();
    assert_eq!(fixture.lines(), ["Funghi-Funghi-Napoli: Basil×3"]);
}

#[test]
fn rule_6_merging_into_itself_or_a_missing_item_is_rejected() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let napoli = fixture.add_item("Ann", "Napoli");
    let itself = fixture.merge("Ann", funghi, funghi).unwrap_err();
    assert_eq!(itself, Rejection::IntoItself(name("Funghi")));
    let unknown = Rejection::Unknown(Target::BoardObject(BoardObject::Item(ItemId(7))));
    assert_eq!(
        fixture.merge("Ann", funghi, ItemId(7)).unwrap_err(),
        unknown
    );
    fixture.delete_item("Ann", napoli).unwrap();
    let gone = Rejection::Gone(BoardObject::Item(napoli), Some(name("Napoli")));
    assert_eq!(fixture.merge("Ann", funghi, napoli).unwrap_err(), gone);
    assert_eq!(fixture.merge("Ann", napoli, napoli).unwrap_err(), gone);
    assert_eq!(fixture.lines(), ["Funghi"]);
}
