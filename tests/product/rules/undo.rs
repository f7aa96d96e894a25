//! Rule 9: undo reverses any single event by restoring its rows, and is itself an event.

use savt::model::{Action, BoardObject, BoardRows, FeatureId, ItemId, Rejection};

use super::{
    board_fixture::{BoardFixture, ExecuteResult, name},
    invariants,
};

const FUNGHI: ItemId = ItemId(1);
const NAPOLI: ItemId = ItemId(2);
const BASIL: FeatureId = FeatureId(1);

/// A board with items, features and vetoes of several kinds.
fn populated() -> BoardFixture {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let funghi = fixture.create("Ann", Some("Funghi"), "vegan");
    funghi.expect("an item");
    let napoli = fixture.add_item("Bob", "Napoli");
    let basil = fixture.add_feature("Ann", ItemId(1), "Basil", 2);
    fixture.add_feature("Bob", ItemId(1), "Olives", 1);
    fixture.add_feature("Bob", napoli, "Basil", 2);
    fixture.add_feature("Ann", None, "Olives", 3);
    fixture.veto("Bob", basil).expect("a veto");
    fixture
}

type Operation = fn(&mut BoardFixture) -> ExecuteResult;

/// One operation for every kind of event.
const OPERATIONS: [(&str, Operation); 17] = [
    ("join", |t| t.rename("Cem", "Cem")),
    ("rename", |t| t.rename("Bob", "Bert")),
    ("claim by a new browser", |t| t.claim("Cem", "Ann")),
    ("claim", |t| t.claim("Bob", "Ann")),
    ("create an item", |t| t.create_named("Bob", "Quattro")),
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
    ("withdraw a veto", |t| t.withdraw_veto("Bob", BASIL)),
];

#[test]
fn rule_9_every_kind_of_event_can_be_undone_redone_and_undone_again() {
    for (what, action) in OPERATIONS {
        let mut fixture = populated();
        let before = fixture.rows();
        action(&mut fixture).unwrap();
        let (number, did, after) = (
            fixture.version(),
            fixture.last_action().clone(),
            fixture.rows(),
        );
        assert_ne!(before, after, "{what}");
        for step in 0..3 {
            let undoer = fixture.undoer(number + step, "Ann");
            let undone = fixture.undo(&undoer, number + step).unwrap();
            let again = step == 1;
            let (number, what) = (number + step, Box::new(did.clone()));
            let (rows, action) = match again {
                false => (&before, Action::Undid { number, what }),
                true => (&after, Action::Redid { number, what }),
            };
            assert_eq!(&fixture.rows(), rows);
            assert_eq!(undone.events[0].action, action);
            assert_eq!(undone.events[0].undoes, Some(number));
        }
        invariants::check_log(&fixture.board, &fixture.events);
    }
}

#[test]
fn rule_9_independent_events_can_be_undone_in_any_order() {
    let mut fixture = populated();
    let before = fixture.rows();
    let first = fixture.version() + 1;
    fixture.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    fixture.edit_item("Ann", NAPOLI, "Naples", "").unwrap();
    fixture.veto("Ann", BASIL).unwrap();
    for number in [first + 1, first, first + 2] {
        fixture
            .undo(&fixture.undoer(number, "Bob"), number)
            .unwrap();
    }
    assert_eq!(fixture.rows(), before);
}

#[test]
fn rule_9_all_events_can_be_undone_in_reverse_order_to_an_empty_board() {
    let mut fixture = populated();
    fixture.merge("Bob", FUNGHI, NAPOLI).unwrap();
    fixture.split("Cem", NAPOLI).unwrap();
    fixture.undo_last("Ann").unwrap();
    fixture.delete_item("Ann", NAPOLI).unwrap();
    fixture.claim("Bob", "Ann").unwrap();
    for number in (1..=fixture.version()).rev() {
        fixture
            .undo(&fixture.undoer(number, "Ann"), number)
            .unwrap();
    }
    assert_eq!(fixture.rows(), BoardRows::default());
    invariants::check_log(&fixture.board, &fixture.events);
}

#[test]
fn rule_9_an_undo_is_about_the_first_live_object_it_affected() {
    let mut fixture = populated();
    fixture.move_to("Ann", BASIL, NAPOLI).unwrap();
    let decision = fixture.undo_last("Ann").unwrap();
    assert_eq!(decision.about, Some(BoardObject::Feature(BASIL)));
    fixture.edit_item("Ann", NAPOLI, "Naples", "").unwrap();
    let decision = fixture.undo_last("Ann").unwrap();
    assert_eq!(decision.about, Some(BoardObject::Item(NAPOLI)));
    fixture.add_item("Ann", "Quattro");
    assert_eq!(fixture.undo_last("Ann").unwrap().about, None);
}

#[test]
fn rule_9_a_new_browser_may_undo_and_joins() {
    let mut fixture = populated();
    fixture.delete_item("Ann", FUNGHI).unwrap();
    let deletion = fixture.version();
    let decision = fixture.undo("Cem", deletion).unwrap();
    let [joined, undone] = decision.events.as_slice() else {
        panic!("{:?}", decision.events)
    };
    assert_eq!(joined.action, Action::Joined);
    assert_eq!(undone.undoes, Some(deletion));
    assert_eq!(undone.actor.name, name("User-3"));
}

#[test]
fn rule_9_a_rejected_undo_changes_nothing() {
    let mut fixture = populated();
    fixture.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    let edit = fixture.version();
    fixture.edit_item("Ann", FUNGHI, "Fungus", "").unwrap();
    let before = fixture.board.clone();
    for who in ["Ann", "a new browser"] {
        let rejection = fixture.undo(who, edit).unwrap_err();
        assert!(
            matches!(rejection, Rejection::ChangedSince(_)),
            "{rejection:?}"
        );
        assert_eq!(fixture.board, before);
    }
}

#[test]
fn rule_9_a_later_change_that_was_undone_does_not_prevent_undo() {
    let mut fixture = populated();
    fixture.edit_item("Ann", FUNGHI, "Ai Funghi", "").unwrap();
    let edit = fixture.version();
    fixture.edit_item("Ann", FUNGHI, "Fungus", "").unwrap();
    fixture.undo_last("Ann").unwrap();
    fixture.undo("Ann", edit).unwrap();
    assert_eq!(fixture.board.item(FUNGHI).unwrap().name, name("Funghi"));
}

#[test]
fn rule_9_undoing_a_merge_keeps_later_suggestions_on_their_item() {
    let mut fixture = populated();
    fixture.merge("Ann", FUNGHI, NAPOLI).unwrap();
    let merge = fixture.version();
    fixture.suggest("Bob", NAPOLI, "Ham", 1).unwrap();
    fixture.undo("Ann", merge).unwrap();
    assert_eq!(
        fixture.lines(),
        [
            "Funghi (vegan): Basil×2 vetoed by Bob, Olives",
            "Napoli: Basil×2, Ham",
            "free: Olives×3"
        ]
    );
}

#[test]
fn rule_9_a_participant_may_undo_joining_and_join_again() {
    let mut fixture = populated();
    fixture.rename("Cem", "Cem").unwrap();
    fixture.undo_last("Cem").unwrap();
    assert_eq!(fixture.participant_names(), ["Ann", "Bob"]);
    assert_eq!(fixture.participant_name("Cem"), None);
    fixture.veto("Cem", BASIL).unwrap();
    assert_eq!(fixture.participant_names(), ["Ann", "Bob", "User-4"]);
}
