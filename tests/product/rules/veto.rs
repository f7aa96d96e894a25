//! Rule 4: any participant, any feature, once; only one's own can be taken back.

use savt::model::{Action, Note, Refusal, Thing};

use super::table::{Table, name};

#[test]
fn rule_4_everyone_who_vetoed_is_named_in_the_order_they_came() {
    let mut table = Table::of(["Ann", "Bob", "Cem"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    for person in ["Cem", "Ann", "Bob"] {
        let decision = table.veto(person, basil).unwrap();
        assert_eq!(decision.about, Some(Thing::Feature(basil)));
    }
    assert_eq!(
        table.shows(),
        ["Funghi: Basil vetoed by Ann and Bob and Cem"]
    );
    assert_eq!(
        table.did(),
        &Action::Vetoed {
            feature: name("Basil"),
            item: Some(name("Funghi")),
        }
    );
    assert_eq!(table.board.stats().vetoed, 1);
}

#[test]
fn rule_4_a_veto_decides_nothing_by_itself() {
    let mut table = Table::empty();
    let basil = table.feature("Ann", None, "Basil", 2);
    for phone in 0..100 {
        table.veto(&format!("phone {phone}"), basil).unwrap();
    }
    assert_eq!(table.board.vetoes_of(basil).count(), 100);
    assert_eq!(table.board.vetoers(basil).count(), 100);
    assert!(table.board.feature(basil).unwrap().lives());
}

#[test]
fn rule_4_vetoing_again_is_no_error_and_no_event() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    let (rows, version) = (table.rows(), table.version());
    let decision = table.veto("Ann", basil).unwrap();
    assert_eq!(decision.events, []);
    assert_eq!(decision.about, Some(Thing::Feature(basil)));
    assert_eq!(decision.note, None::<Note>);
    assert_eq!((table.rows(), table.version()), (rows, version));
}

#[test]
fn rule_4_only_ones_own_veto_is_taken_back() {
    let mut table = Table::of(["Ann", "Bob"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    table.veto("Bob", basil).unwrap();
    table.take_back("Bob", basil).unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann"]);
    assert_eq!(
        table.did(),
        &Action::TookBack {
            feature: name("Basil"),
            item: None,
        }
    );
}

#[test]
fn rule_4_taking_back_what_is_not_there_is_no_error_and_no_event() {
    let mut table = Table::of(["Ann", "Bob"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    let version = table.version();
    let decision = table.take_back("Bob", basil).unwrap();
    assert_eq!((decision.events.len(), table.version()), (0, version));
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann"]);
}

#[test]
fn rule_4_a_deleted_feature_is_gone_for_vetoes_too() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    table.delete_feature("Ann", basil).unwrap();
    let gone = Refusal::Gone(Thing::Feature(basil), Some(name("Basil")));
    assert_eq!(table.veto("Ann", basil).unwrap_err(), gone);
    assert_eq!(table.take_back("Ann", basil).unwrap_err(), gone);
    assert_eq!(table.board.stats().vetoed, 0);
}
