//! Rule 9: undo reverses any one event by restoring its rows, and is itself an event.

use savt::model::{Action, FeatureId, ItemId, Refusal, Rows, Thing};

use super::{
    table::{Said, Table, name},
    whole,
};

const FUNGHI: ItemId = ItemId(1);
const NAPOLI: ItemId = ItemId(2);
const BASIL: FeatureId = FeatureId(1);

/// A board with a little of everything on it.
fn laid() -> Table {
    let mut table = Table::of(["Ann", "Bob"]);
    let funghi = table.create("Ann", Some("Funghi"), "vegan");
    funghi.expect("an item");
    let napoli = table.item("Bob", "Napoli");
    let basil = table.feature("Ann", ItemId(1), "Basil", 2);
    table.feature("Bob", ItemId(1), "Olives", 1);
    table.feature("Bob", napoli, "Basil", 2);
    table.feature("Ann", None, "Olives", 3);
    table.veto("Bob", basil).expect("a veto");
    table
}

type Deed = fn(&mut Table) -> Said;

/// One of every kind of event.
const EVERYTHING: [(&str, Deed); 17] = [
    ("join", |t| t.call("Cem", "Cem")),
    ("rename", |t| t.call("Bob", "Bert")),
    ("claim by a stranger", |t| t.claim("Cem", "Ann")),
    ("claim", |t| t.claim("Bob", "Ann")),
    ("create an item", |t| t.make("Bob", "Quattro")),
    ("edit an item", |t| {
        t.edit_item("Bob", FUNGHI, "Ai Funghi", "")
    }),
    ("merge", |t| t.merge("Bob", FUNGHI, NAPOLI)),
    ("split", |t| t.split("Bob", FUNGHI)),
    ("split into units", |t| t.split("Bob", NAPOLI)),
    ("delete an item", |t| t.delete_item("Bob", FUNGHI)),
    ("suggest", |t| t.suggest("Bob", FUNGHI, "Ham", 1)),
    ("add", |t| t.suggest("Bob", FUNGHI, "Basil", 1)),
    ("edit a feature", |t| {
        t.edit_feature("Bob", BASIL, "Sage", 1)
    }),
    ("move", |t| t.move_to("Bob", BASIL, NAPOLI)),
    ("delete a feature", |t| t.delete_feature("Bob", BASIL)),
    ("veto", |t| t.veto("Ann", BASIL)),
    ("take back", |t| t.take_back("Bob", BASIL)),
];

#[test]
fn rule_9_every_kind_of_event_is_undone_redone_and_undone_again() {
    for (what, deed) in EVERYTHING {
        let mut table = laid();
        let before = table.rows();
        deed(&mut table).unwrap();
        let (number, did, after) = (table.version(), table.did().clone(), table.rows());
        assert_ne!(before, after, "{what}");
        for step in 0..3 {
            let undone = table.undo("Ann", number + step).unwrap();
            let again = step == 1;
            let (number, what) = (number + step, Box::new(did.clone()));
            let (rows, action) = match again {
                false => (&before, Action::Undid { number, what }),
                true => (&after, Action::Redid { number, what }),
            };
            assert_eq!(&table.rows(), rows);
            assert_eq!(undone.events[0].action, action);
            assert_eq!(undone.events[0].undoes, Some(number));
        }
        whole::check_log(&table.board, &table.events);
    }
}

#[test]
fn rule_9_events_are_undone_in_any_order_if_they_do_not_touch_each_other() {
    let mut table = laid();
    let before = table.rows();
    let first = table.version() + 1;
    table.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    table.edit_item("Ann", NAPOLI, "Naples", "").unwrap();
    table.veto("Ann", BASIL).unwrap();
    for number in [first + 1, first, first + 2] {
        table.undo("Bob", number).unwrap();
    }
    assert_eq!(table.rows(), before);
}

#[test]
fn rule_9_a_whole_evening_is_undone_backwards_down_to_the_first_event() {
    let mut table = laid();
    table.merge("Bob", FUNGHI, NAPOLI).unwrap();
    table.split("Cem", NAPOLI).unwrap();
    table.undo_last("Ann").unwrap();
    table.delete_item("Ann", NAPOLI).unwrap();
    table.claim("Bob", "Ann").unwrap();
    for number in (1..=table.version()).rev() {
        table.undo("Ann", number).unwrap();
    }
    assert_eq!(table.rows(), Rows::default());
    whole::check_log(&table.board, &table.events);
}

#[test]
fn rule_9_an_undo_looks_at_the_first_living_thing_it_touched() {
    let mut table = laid();
    table.move_to("Ann", BASIL, NAPOLI).unwrap();
    let decision = table.undo_last("Ann").unwrap();
    assert_eq!(decision.about, Some(Thing::Feature(BASIL)));
    table.edit_item("Ann", NAPOLI, "Naples", "").unwrap();
    let decision = table.undo_last("Ann").unwrap();
    assert_eq!(decision.about, Some(Thing::Item(NAPOLI)));
    table.item("Ann", "Quattro");
    assert_eq!(table.undo_last("Ann").unwrap().about, None);
}

#[test]
fn rule_9_anyone_may_undo_even_one_who_was_not_here_yet() {
    let mut table = laid();
    table.delete_item("Ann", FUNGHI).unwrap();
    let deletion = table.version();
    let decision = table.undo("Cem", deletion).unwrap();
    let [joined, undone] = decision.events.as_slice() else {
        panic!("{:?}", decision.events)
    };
    assert_eq!(joined.action, Action::Joined);
    assert_eq!(undone.undoes, Some(deletion));
    assert_eq!(undone.actor.name, name("User-3"));
}

#[test]
fn rule_9_a_refused_undo_changes_nothing() {
    let mut table = laid();
    table.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    let edit = table.version();
    table.edit_item("Ann", FUNGHI, "Fungus", "").unwrap();
    let before = table.board.clone();
    for who in ["Ann", "a stranger"] {
        let refusal = table.undo(who, edit).unwrap_err();
        assert!(matches!(refusal, Refusal::ChangedSince(_)), "{refusal:?}");
        assert_eq!(table.board, before);
    }
}

#[test]
fn rule_9_a_change_that_was_itself_undone_stands_in_nobodys_way() {
    let mut table = laid();
    table.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    let edit = table.version();
    table.edit_item("Ann", FUNGHI, "Fungus", "").unwrap();
    table.undo_last("Ann").unwrap();
    table.undo("Ann", edit).unwrap();
    assert_eq!(table.board.item(FUNGHI).unwrap().name, name("Funghi"));
}

#[test]
fn rule_9_what_was_suggested_since_stays_with_the_item_it_is_on() {
    let mut table = laid();
    table.merge("Ann", FUNGHI, NAPOLI).unwrap();
    let merge = table.version();
    table.suggest("Bob", NAPOLI, "Ham", 1).unwrap();
    table.undo("Ann", merge).unwrap();
    assert_eq!(
        table.shows(),
        [
            "Funghi (vegan): Basil×2 vetoed by Bob, Olives",
            "Napoli: Basil×2, Ham",
            "free: Olives×3"
        ]
    );
}

#[test]
fn rule_9_one_may_undo_ones_own_joining_and_come_again() {
    let mut table = laid();
    table.call("Cem", "Cem").unwrap();
    table.undo_last("Cem").unwrap();
    assert_eq!(table.people(), ["Ann", "Bob"]);
    assert_eq!(table.who("Cem"), None);
    table.veto("Cem", BASIL).unwrap();
    assert_eq!(table.people(), ["Ann", "Bob", "User-4"]);
}
