//! Rule 9: an undo that would tread on what happened since is refused and says what changed.

mod people;

use savt::model::{Drift, FeatureId, ItemId, Refusal};

use super::table::{Said, Table, amount, name};

const FUNGHI: ItemId = ItemId(1);
const NAPOLI: ItemId = ItemId(2);
const NEW_ITEM: ItemId = ItemId(3);
const BASIL: FeatureId = FeatureId(1);
const NEW_FEATURE: FeatureId = FeatureId(2);

/// What is said to the undo of the last event of a first deed, after a second. There are Ann and Bob,
/// Funghi with Basil, and Napoli.
fn after(first: fn(&mut Table) -> Said, second: fn(&mut Table) -> Said) -> Drift {
    let mut table = Table::of(["Ann", "Bob"]);
    table.item("Ann", "Funghi");
    table.item("Ann", "Napoli");
    table.feature("Ann", FUNGHI, "Basil", 1);
    let first = first(&mut table).expect("a first deed").events;
    let number = first.last().expect("something to undo").number;
    second(&mut table).expect("a second deed");
    assert!(table.version() > number, "nothing happened since");

    let rows = table.rows();
    let refusal = table.undo("Ann", number).expect_err("refused");
    assert_eq!(table.rows(), rows);
    match refusal {
        Refusal::ChangedSince(drift) => drift,
        other => panic!("{other:?}"),
    }
}

fn rename(table: &mut Table) -> Said {
    table.edit_item("Ann", FUNGHI, "Ai Funghi", "")
}

fn more(table: &mut Table) -> Said {
    table.edit_feature("Ann", BASIL, "Basil", 2)
}

fn delete(table: &mut Table) -> Said {
    table.delete_item("Ann", FUNGHI)
}

fn delete_empty(table: &mut Table) -> Said {
    table.delete_item("Ann", NAPOLI)
}

fn delete_basil(table: &mut Table) -> Said {
    table.delete_feature("Ann", BASIL)
}

fn create(table: &mut Table) -> Said {
    table.make("Ann", "Quattro")
}

fn join(table: &mut Table) -> Said {
    table.call("Cem", "Cem")
}

fn claim(table: &mut Table) -> Said {
    table.claim("Bob", "Ann")
}

fn veto(table: &mut Table) -> Said {
    table.veto("Bob", BASIL)
}

fn undo(table: &mut Table) -> Said {
    table.undo_last("Bob")
}

#[test]
fn rule_9_what_is_undone_already_is_not_undone_again() {
    for deed in [rename, more, delete, create, join, claim, veto] {
        assert_eq!(after(deed, undo), Drift::Undone);
    }
}

#[test]
fn rule_9_what_was_done_again_already_is_not_done_again() {
    let create_and_undo = |t: &mut Table| create(t).and_then(|_| undo(t));
    assert_eq!(after(create_and_undo, undo), Drift::Undone);
    let again_and_rename = |t: &mut Table| {
        undo(t)?;
        t.edit_item("Ann", NEW_ITEM, "Stagioni", "")
    };
    let restored = Drift::Restored(name("Quattro"));
    assert_eq!(after(create_and_undo, again_and_rename), restored);

    let join_and_undo = |t: &mut Table| join(t).and_then(|_| undo(t));
    let again_and_claim = |t: &mut Table| {
        undo(t)?;
        t.claim("Cem", "Ann")
    };
    let restored = Drift::Restored(name("Cem"));
    assert_eq!(after(join_and_undo, again_and_claim), restored);
}

#[test]
fn rule_9_an_item_was_deleted_renamed_or_took_another_kind_since() {
    assert_eq!(after(rename, delete), Drift::Deleted(name("Ai Funghi")));
    let (from, to) = (name("Ai Funghi"), name("Fungus"));
    assert_eq!(
        after(rename, |t| t.edit_item("Ann", FUNGHI, "Fungus", "")),
        Drift::Renamed { from, to }
    );
    assert_eq!(
        after(rename, |t| t.edit_item("Ann", FUNGHI, "Ai Funghi", "hot")),
        Drift::KindChanged(name("Ai Funghi"))
    );
}

#[test]
fn rule_9_what_was_deleted_has_been_brought_back_and_changed_since() {
    let back_and_rename = |t: &mut Table| {
        undo(t)?;
        t.edit_item("Ann", NAPOLI, "Naples", "")
    };
    let back_and_more = |t: &mut Table| undo(t).and_then(|_| more(t));
    let restored = |what| Drift::Restored(name(what));
    assert_eq!(after(delete_empty, back_and_rename), restored("Napoli"));
    assert_eq!(after(delete_basil, back_and_more), restored("Basil"));
}

#[test]
fn rule_9_what_was_brought_back_and_deleted_again_is_deleted() {
    let item_again = |t: &mut Table| undo(t).and_then(|_| delete_empty(t));
    let feature_again = |t: &mut Table| undo(t).and_then(|_| delete_basil(t));
    let deleted = |what| Drift::Deleted(name(what));
    assert_eq!(after(delete_empty, item_again), deleted("Napoli"));
    assert_eq!(after(delete_basil, feature_again), deleted("Basil"));
}

#[test]
fn rule_9_a_feature_was_deleted_moved_renamed_or_took_another_amount_since() {
    let basil = || name("Basil");
    assert_eq!(after(more, delete_basil), Drift::Deleted(basil()));
    assert_eq!(
        after(more, |t| t.move_to("Bob", BASIL, NAPOLI)),
        Drift::Moved(basil())
    );
    let (from, to) = (basil(), name("Sage"));
    assert_eq!(
        after(more, |t| t.edit_feature("Bob", BASIL, "Sage", 2)),
        Drift::Renamed { from, to }
    );
    let (to, name) = (amount(3), basil());
    assert_eq!(
        after(more, |t| t.suggest("Bob", FUNGHI, "Basil", 1)),
        Drift::AmountChanged { name, to }
    );
}

#[test]
fn rule_9_a_veto_was_given_or_taken_back_since() {
    let changed = |on| Drift::VetoChanged(name(on));
    let back_and_again = |t: &mut Table| {
        t.take_back("Bob", BASIL)?;
        t.veto("Bob", BASIL)
    };
    assert_eq!(after(veto, back_and_again), changed("Basil"));
    // Taken back by hand or by undo comes to the same.
    assert_eq!(after(veto, |t| t.take_back("Bob", BASIL)), Drift::Undone);
    assert_eq!(
        after(
            |t| t.suggest("Ann", NAPOLI, "Ham", 1),
            |t| t.veto("Bob", NEW_FEATURE)
        ),
        changed("Ham")
    );
    let come_together = |t: &mut Table| {
        t.suggest("Ann", NAPOLI, "Basil", 1)?;
        veto(t)?;
        t.move_to("Ann", BASIL, NAPOLI)
    };
    assert_eq!(
        after(come_together, |t| t.take_back("Bob", NEW_FEATURE)),
        changed("Basil")
    );
}

#[test]
fn rule_9_a_creation_that_was_built_upon_stays() {
    let built = |by| Drift::BuiltUpon {
        name: name("Quattro"),
        by: name(by),
    };
    let suggest = |t: &mut Table| t.suggest("Bob", NEW_ITEM, "Ham", 1);
    assert_eq!(after(create, suggest), built("Ham"));
    assert_eq!(
        after(create, |t| t.move_to("Bob", BASIL, NEW_ITEM)),
        built("Basil")
    );
    // A deleted feature could be brought back, and then it needs its item.
    let suggest_and_delete = |t: &mut Table| {
        t.suggest("Bob", NEW_ITEM, "Ham", 1)?;
        t.delete_feature("Bob", NEW_FEATURE)
    };
    assert_eq!(after(create, suggest_and_delete), built("Ham"));
}

#[test]
fn rule_9_a_deletion_is_not_done_again_over_what_was_suggested_since() {
    let delete_and_undo = |t: &mut Table| delete(t).and_then(|_| undo(t));
    let (funghi, by) = (name("Funghi"), name("Ham"));
    assert_eq!(
        after(delete_and_undo, |t| t.suggest("Bob", FUNGHI, "Ham", 1)),
        Drift::BuiltUpon { name: funghi, by }
    );
}

#[test]
fn rule_9_something_else_has_the_name_now() {
    let taken = |what| Drift::NameTaken(name(what));
    let another = |t: &mut Table| t.make("Bob", "FUNGHI");
    assert_eq!(after(delete, another), taken("Funghi"));
    assert_eq!(after(rename, another), taken("Funghi"));
    assert_eq!(
        after(delete_basil, |t| t.suggest("Bob", FUNGHI, "BASIL", 1)),
        taken("Basil")
    );
    let free = |t: &mut Table| t.move_to("Ann", BASIL, None);
    assert_eq!(
        after(free, |t| t.suggest("Bob", FUNGHI, "BASIL", 1)),
        taken("Basil")
    );
    assert_eq!(
        after(|t| t.call("Ann", "Anna"), |t| t.call("Bob", "ann")),
        taken("Ann")
    );
}

#[test]
fn rule_9_what_it_belonged_to_is_gone() {
    let gone = Drift::OwnerGone(name("Basil"));
    let moved = |t: &mut Table| t.move_to("Ann", BASIL, NAPOLI);
    assert_eq!(after(moved, delete), gone);
    assert_eq!(after(delete_basil, delete), gone);
}
