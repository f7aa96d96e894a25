//! Rule 4: any participant, any feature, once; only one's own can be taken back.

use savt::model::{Action, Change, Drift, Note, Refusal, Thing};

use super::table::{Table, name, reason};

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
            reason: None,
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

#[test]
fn rule_4_a_veto_may_say_why() {
    let mut table = Table::of(["Ann", "Bob"]);
    let item = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", item, "Basil", 1);
    table.veto_because("Bob", basil, " too  green ").unwrap();
    table.veto("Ann", basil).unwrap();
    let shows = ["Funghi: Basil vetoed by Ann and Bob (too green)"];
    assert_eq!(table.shows(), shows);
    let vetoed = Action::Vetoed {
        feature: name("Basil"),
        item: Some(name("Funghi")),
        reason: reason("too green"),
    };
    assert_eq!(table.event(table.version() - 1).action, vetoed);
}

#[test]
fn rule_4_why_can_be_said_later_otherwise_and_not_at_all() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto("Ann", basil).unwrap();
    let given = table.board.vetoes_of(basil).next().unwrap().at;
    for (why, shows) in [
        ("too green", "free: Basil vetoed by Ann (too green)"),
        ("too dry", "free: Basil vetoed by Ann (too dry)"),
        ("", "free: Basil vetoed by Ann"),
    ] {
        table.veto_because("Ann", basil, why).unwrap();
        assert_eq!(table.shows(), [shows]);
        let gave = Action::GaveReason {
            feature: name("Basil"),
            item: None,
            reason: reason(why),
        };
        assert_eq!(table.did(), &gave);
        let again = table.veto_because("Ann", basil, why).unwrap();
        assert_eq!(again.events, [], "the same reason again is no event");
    }
    let at = table.board.vetoes_of(basil).next().unwrap().at;
    assert_eq!(at, given, "the veto is as old as it is");
}

#[test]
fn rule_4_a_plain_veto_takes_no_reason_away() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto_because("Ann", basil, "too green").unwrap();
    let again = table.veto("Ann", basil).unwrap();
    assert_eq!(again.events, []);
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann (too green)"]);
}

#[test]
fn rule_4_only_ones_own_reason_is_changed() {
    let mut table = Table::of(["Ann", "Bob"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto_because("Ann", basil, "too green").unwrap();
    table.veto_because("Bob", basil, "too dry").unwrap();
    table.veto_because("Bob", basil, "").unwrap();
    let shows = ["free: Basil vetoed by Ann (too green) and Bob"];
    assert_eq!(table.shows(), shows);
}

#[test]
fn rule_5_where_two_vetoes_of_one_person_come_together_a_reason_stays() {
    for (moved, present, together) in [
        ("too green", "", "Ann (too green)"),
        ("", "too dry", "Ann (too dry)"),
        ("too green", "too dry", "Ann (too dry)"),
        ("", "", "Ann"),
    ] {
        let mut table = Table::of(["Ann", "Bob"]);
        let funghi = table.item("Ann", "Funghi");
        let napoli = table.item("Ann", "Napoli");
        let basil = table.feature("Ann", funghi, "Basil", 2);
        let other = table.feature("Ann", napoli, "Basil", 2);
        table.veto_because("Ann", basil, moved).unwrap();
        table.veto_because("Bob", basil, "too wet").unwrap();
        table.veto_because("Ann", other, present).unwrap();
        let rows = table.rows();
        table.merge("Bob", funghi, napoli).unwrap();
        let merged = format!("Funghi-Napoli: Basil×3 vetoed by {together} and Bob (too wet)");
        assert_eq!(table.shows()[1], merged);
        table.undo_last("Bob").unwrap();
        assert_eq!(table.rows(), rows);
    }
}

#[test]
fn rule_7_each_part_of_a_split_keeps_the_reasons() {
    let mut table = Table::of(["Ann"]);
    let funghi = table.item("Ann", "Funghi");
    let basil = table.feature("Ann", funghi, "Basil", 2);
    table.veto_because("Ann", basil, "too green").unwrap();
    table.split("Ann", funghi).unwrap();
    let shows = [
        "Funghi-Basil: Basil vetoed by Ann (too green)",
        "Funghi-Basil-2: Basil vetoed by Ann (too green)",
    ];
    assert_eq!(table.shows(), shows);
}

#[test]
fn rule_9_undo_brings_the_reason_back() {
    let mut table = Table::of(["Ann"]);
    let basil = table.feature("Ann", None, "Basil", 1);
    table.veto_because("Ann", basil, "too green").unwrap();
    table.take_back("Ann", basil).unwrap();
    table.undo_last("Ann").unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann (too green)"]);

    table.veto_because("Ann", basil, "too dry").unwrap();
    table.undo_last("Ann").unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann (too green)"]);
    table.undo_last("Ann").unwrap();
    assert_eq!(table.shows(), ["free: Basil vetoed by Ann (too dry)"]);

    let changed = Refusal::ChangedSince(Drift::VetoChanged(name("Basil")));
    assert_eq!(table.undo("Ann", 3).unwrap_err(), changed);
}

#[test]
fn what_was_written_before_there_were_reasons_is_read_and_written_the_same() {
    let action = r#"{"did":"vetoed","feature":"Basil","item":"Funghi"}"#;
    let change = concat!(
        r#"{"vetoes":[{"before":null,"after":{"feature":1,"participant":2,"#,
        r#""at":"2026-11-24T12:00:00.123456"}}]}"#
    );
    let read: Action = serde_json::from_str(action).unwrap();
    let vetoed = Action::Vetoed {
        feature: name("Basil"),
        item: Some(name("Funghi")),
        reason: None,
    };
    assert_eq!(read, vetoed);
    assert_eq!(serde_json::to_string(&read).unwrap(), action);
    let read: Change = serde_json::from_str(change).unwrap();
    let veto = read.vetoes[0].after.as_ref().unwrap();
    assert_eq!((veto.participant.0, veto.reason.as_ref()), (2, None));
    assert_eq!(serde_json::to_string(&read).unwrap(), change);
}
