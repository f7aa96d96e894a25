//! Rule 9: an undo that conflicts with later changes is rejected, and the rejection names the conflict.

mod participants;

use savt::model::{FeatureId, ItemId, Rejection, UndoConflict};

use super::board_fixture::{BoardFixture, ExecuteResult, amount, name};

const FUNGHI: ItemId = ItemId(1);
const NAPOLI: ItemId = ItemId(2);
const NEW_ITEM: ItemId = ItemId(3);
const BASIL: FeatureId = FeatureId(1);
const NEW_FEATURE: FeatureId = FeatureId(2);

/// The conflict when the last event of `first` is undone after `second`, on a board with Ann, Bob, Funghi with Basil, and
/// Napoli.
fn conflict_after(
    first: fn(&mut BoardFixture) -> ExecuteResult,
    second: fn(&mut BoardFixture) -> ExecuteResult,
) -> UndoConflict {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.add_item("Ann", "Funghi");
    fixture.add_item("Ann", "Napoli");
    fixture.add_feature("Ann", FUNGHI, "Basil", 1);
    let first = first(&mut fixture).expect("the first action").events;
    let number = first.last().expect("an event").number;
    second(&mut fixture).expect("the second action");
    assert!(fixture.version() > number, "no later event");

    let rows = fixture.rows();
    let undoer = fixture.undoer(number, "Ann");
    let rejection = fixture.undo(&undoer, number).expect_err("a conflict");
    assert_eq!(fixture.rows(), rows);
    match rejection {
        Rejection::ChangedSince(conflict) => conflict,
        other => panic!("{other:?}"),
    }
}

fn rename(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.edit_item("Ann", FUNGHI, "Ai Funghi", "")
}

fn more(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.edit_feature("Ann", BASIL, "Basil", 2)
}

fn delete(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.delete_item("Ann", FUNGHI)
}

fn delete_empty(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.delete_item("Ann", NAPOLI)
}

fn delete_basil(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.delete_feature("Ann", BASIL)
}

fn create(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.create_named("Ann", "Quattro")
}

fn join(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.rename("Cem", "Cem")
}

fn claim(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.claim("Bob", "Ann")
}

fn veto(fixture: &mut BoardFixture) -> ExecuteResult {
    fixture.veto("Bob", BASIL)
}

fn undo(fixture: &mut BoardFixture) -> ExecuteResult {
    let undoer = fixture.undoer(fixture.version(), "Bob");
    fixture.undo_last(&undoer)
}

#[test]
fn rule_9_an_event_cannot_be_undone_twice() {
    for action in [rename, more, delete, create, join, claim, veto] {
        assert_eq!(conflict_after(action, undo), UndoConflict::AlreadyUndone);
    }
}

#[test]
fn rule_9_an_undo_cannot_be_redone_twice() {
    let create_and_undo = |t: &mut BoardFixture| create(t).and_then(|_| undo(t));
    assert_eq!(
        conflict_after(create_and_undo, undo),
        UndoConflict::AlreadyUndone
    );
    let again_and_rename = |t: &mut BoardFixture| {
        undo(t)?;
        t.edit_item("Ann", NEW_ITEM, "Stagioni", "")
    };
    let restored = UndoConflict::Restored(name("Quattro"));
    assert_eq!(conflict_after(create_and_undo, again_and_rename), restored);

    let join_and_undo = |t: &mut BoardFixture| join(t).and_then(|_| undo(t));
    let again_and_claim = |t: &mut BoardFixture| {
        undo(t)?;
        t.claim("Cem", "Ann")
    };
    let restored = UndoConflict::Restored(name("Cem"));
    assert_eq!(conflict_after(join_and_undo, again_and_claim), restored);
}

#[test]
fn rule_9_a_later_item_deletion_rename_or_kind_change_prevents_undo() {
    assert_eq!(
        conflict_after(rename, delete),
        UndoConflict::Deleted(name("Ai Funghi"))
    );
    let (from, to) = (name("Ai Funghi"), name("Fungus"));
    assert_eq!(
        conflict_after(rename, |t| t.edit_item("Ann", FUNGHI, "Fungus", "")),
        UndoConflict::Renamed { from, to }
    );
    assert_eq!(
        conflict_after(rename, |t| t.edit_item("Ann", FUNGHI, "Ai Funghi", "hot")),
        UndoConflict::KindChanged(name("Ai Funghi"))
    );
}

#[test]
fn rule_9_a_restored_and_changed_row_prevents_undo_of_its_deletion() {
    let back_and_rename = |t: &mut BoardFixture| {
        undo(t)?;
        t.edit_item("Ann", NAPOLI, "Naples", "")
    };
    let back_and_more = |t: &mut BoardFixture| undo(t).and_then(|_| more(t));
    let restored = |what| UndoConflict::Restored(name(what));
    assert_eq!(
        conflict_after(delete_empty, back_and_rename),
        restored("Napoli")
    );
    assert_eq!(
        conflict_after(delete_basil, back_and_more),
        restored("Basil")
    );
}

#[test]
fn rule_9_a_row_restored_and_deleted_again_is_reported_as_deleted() {
    let item_again = |t: &mut BoardFixture| undo(t).and_then(|_| delete_empty(t));
    let feature_again = |t: &mut BoardFixture| undo(t).and_then(|_| delete_basil(t));
    let deleted = |what| UndoConflict::Deleted(name(what));
    assert_eq!(conflict_after(delete_empty, item_again), deleted("Napoli"));
    assert_eq!(
        conflict_after(delete_basil, feature_again),
        deleted("Basil")
    );
}

#[test]
fn rule_9_a_later_feature_deletion_move_rename_or_amount_change_prevents_undo() {
    let basil = || name("Basil");
    assert_eq!(
        conflict_after(more, delete_basil),
        UndoConflict::Deleted(basil())
    );
    assert_eq!(
        conflict_after(more, |t| t.move_to("Bob", BASIL, NAPOLI)),
        UndoConflict::Moved(basil())
    );
    let (from, to) = (basil(), name("Sage"));
    assert_eq!(
        conflict_after(more, |t| t.edit_feature("Bob", BASIL, "Sage", 2)),
        UndoConflict::Renamed { from, to }
    );
    let (to, name) = (amount(3), basil());
    assert_eq!(
        conflict_after(more, |t| t.suggest("Bob", FUNGHI, "Basil", 1)),
        UndoConflict::AmountChanged { name, to }
    );
}

#[test]
fn rule_9_a_later_veto_or_withdrawal_prevents_undo() {
    let changed = |on| UndoConflict::VetoChanged(name(on));
    let back_and_again = |t: &mut BoardFixture| {
        t.withdraw_veto("Bob", BASIL)?;
        t.veto("Bob", BASIL)
    };
    assert_eq!(conflict_after(veto, back_and_again), changed("Basil"));
    // Withdrawing and undoing have the same result.
    assert_eq!(
        conflict_after(veto, |t| t.withdraw_veto("Bob", BASIL)),
        UndoConflict::AlreadyUndone
    );
    assert_eq!(
        conflict_after(
            |t| t.suggest("Ann", NAPOLI, "Ham", 1),
            |t| t.veto("Bob", NEW_FEATURE)
        ),
        changed("Ham")
    );
    let come_together = |t: &mut BoardFixture| {
        t.suggest("Ann", NAPOLI, "Basil", 1)?;
        veto(t)?;
        t.move_to("Ann", BASIL, NAPOLI)
    };
    assert_eq!(
        conflict_after(come_together, |t| t.withdraw_veto("Bob", NEW_FEATURE)),
        changed("Basil")
    );
}

#[test]
fn rule_9_a_creation_that_later_rows_depend_on_cannot_be_undone() {
    let built = |by| UndoConflict::DependedOn {
        name: name("Quattro"),
        by: name(by),
    };
    let suggest = |t: &mut BoardFixture| t.suggest("Bob", NEW_ITEM, "Ham", 1);
    assert_eq!(conflict_after(create, suggest), built("Ham"));
    assert_eq!(
        conflict_after(create, |t| t.move_to("Bob", BASIL, NEW_ITEM)),
        built("Basil")
    );
    // A deleted feature can be restored, and then it needs its item.
    let suggest_and_delete = |t: &mut BoardFixture| {
        t.suggest("Bob", NEW_ITEM, "Ham", 1)?;
        t.delete_feature("Bob", NEW_FEATURE)
    };
    assert_eq!(conflict_after(create, suggest_and_delete), built("Ham"));
}

#[test]
fn rule_9_a_deletion_cannot_be_redone_after_a_new_suggestion() {
    let delete_and_undo = |t: &mut BoardFixture| delete(t).and_then(|_| undo(t));
    let (funghi, by) = (name("Funghi"), name("Ham"));
    assert_eq!(
        conflict_after(delete_and_undo, |t| t.suggest("Bob", FUNGHI, "Ham", 1)),
        UndoConflict::DependedOn { name: funghi, by }
    );
}

#[test]
fn rule_9_a_name_taken_since_prevents_undo() {
    let taken = |what| UndoConflict::NameTaken(name(what));
    let another = |t: &mut BoardFixture| t.create_named("Bob", "FUNGHI");
    assert_eq!(conflict_after(delete, another), taken("Funghi"));
    assert_eq!(conflict_after(rename, another), taken("Funghi"));
    assert_eq!(
        conflict_after(delete_basil, |t| t.suggest("Bob", FUNGHI, "BASIL", 1)),
        taken("Basil")
    );
    let free = |t: &mut BoardFixture| t.move_to("Ann", BASIL, None);
    assert_eq!(
        conflict_after(free, |t| t.suggest("Bob", FUNGHI, "BASIL", 1)),
        taken("Basil")
    );
    assert_eq!(
        conflict_after(|t| t.rename("Ann", "Anna"), |t| t.rename("Bob", "ann")),
        taken("Ann")
    );
}

#[test]
fn rule_9_a_missing_item_prevents_restoring_its_feature() {
    let gone = UndoConflict::OwnerGone(name("Basil"));
    let moved = |t: &mut BoardFixture| t.move_to("Ann", BASIL, NAPOLI);
    assert_eq!(conflict_after(moved, delete), gone);
    assert_eq!(conflict_after(delete_basil, delete), gone);
}
