//! Rule 4: any participant may veto any feature once, and withdraw only their own veto.

use savt::model::{
    Action, BoardAction, BoardObject, Change, FeatureId, Notice, Rejection, UndoConflict,
};

use super::board_fixture::{BoardFixture, ExecuteResult, name, reason};

#[test]
fn rule_4_vetoers_are_listed_in_the_order_they_joined() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob", "Cem"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    for person in ["Cem", "Ann", "Bob"] {
        let decision = fixture.veto(person, basil).unwrap();
        assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
    }
    assert_eq!(
        fixture.lines(),
        ["Funghi: Basil vetoed by Ann and Bob and Cem"]
    );
    assert_eq!(
        fixture.last_action(),
        &Action::Vetoed {
            feature: name("Basil"),
            item: Some(name("Funghi")),
            reason: None,
        }
    );
    assert_eq!(fixture.board.stats().vetoed, 1);
}

#[test]
fn rule_4_vetoes_have_no_effect_on_the_feature() {
    let mut fixture = BoardFixture::empty();
    let basil = fixture.add_feature("Ann", None, "Basil", 2);
    for phone in 0..100 {
        fixture.veto(&format!("phone {phone}"), basil).unwrap();
    }
    assert_eq!(fixture.board.vetoes_of(basil).count(), 100);
    assert_eq!(fixture.board.vetoers(basil).count(), 100);
    assert!(fixture.board.feature(basil).unwrap().is_live());
}

#[test]
fn rule_4_a_repeated_veto_is_no_error_and_creates_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    let (rows, version) = (fixture.rows(), fixture.version());
    let decision = fixture.veto("Ann", basil).unwrap();
    assert_eq!(decision.events, []);
    assert_eq!(decision.about, Some(BoardObject::Feature(basil)));
    assert_eq!(decision.note, None::<Notice>);
    assert_eq!((fixture.rows(), fixture.version()), (rows, version));
}

#[test]
fn rule_4_only_the_own_veto_is_withdrawn() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    fixture.veto("Bob", basil).unwrap();
    fixture.withdraw_veto("Bob", basil).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann"]);
    assert_eq!(
        fixture.last_action(),
        &Action::WithdrewVeto {
            feature: name("Basil"),
            item: None,
        }
    );
}

#[test]
fn rule_4_withdrawing_a_missing_veto_is_no_error_and_creates_no_event() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    let version = fixture.version();
    let decision = fixture.withdraw_veto("Bob", basil).unwrap();
    assert_eq!((decision.events.len(), fixture.version()), (0, version));
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann"]);
}

#[test]
fn rule_4_a_deleted_feature_cannot_be_vetoed() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    fixture.delete_feature("Ann", basil).unwrap();
    let gone = Rejection::Gone(BoardObject::Feature(basil), Some(name("Basil")));
    assert_eq!(fixture.veto("Ann", basil).unwrap_err(), gone);
    assert_eq!(fixture.withdraw_veto("Ann", basil).unwrap_err(), gone);
    assert_eq!(fixture.board.stats().vetoed, 0);
}

#[test]
fn rule_4_a_veto_may_have_a_reason() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", item, "Basil", 1);
    fixture
        .veto_with_reason("Bob", basil, " too  green ")
        .unwrap();
    fixture.veto("Ann", basil).unwrap();
    let lines = ["Funghi: Basil vetoed by Ann and Bob (too green)"];
    assert_eq!(fixture.lines(), lines);
    let vetoed = Action::Vetoed {
        feature: name("Basil"),
        item: Some(name("Funghi")),
        reason: reason("too green"),
    };
    assert_eq!(fixture.event(fixture.version() - 1).action, vetoed);
}

#[test]
fn rule_4_a_reason_can_be_added_changed_and_removed_later() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto("Ann", basil).unwrap();
    let vetoed_at = fixture.board.vetoes_of(basil).next().unwrap().at;
    for (why, lines) in [
        ("too green", "free: Basil vetoed by Ann (too green)"),
        ("too dry", "free: Basil vetoed by Ann (too dry)"),
        ("", "free: Basil vetoed by Ann"),
    ] {
        fixture.veto_with_reason("Ann", basil, why).unwrap();
        assert_eq!(fixture.lines(), [lines]);
        let gave = Action::GaveReason {
            feature: name("Basil"),
            item: None,
            reason: reason(why),
        };
        assert_eq!(fixture.last_action(), &gave);
        let again = fixture.veto_with_reason("Ann", basil, why).unwrap();
        assert_eq!(again.events, [], "an unchanged reason creates no event");
    }
    let at = fixture.board.vetoes_of(basil).next().unwrap().at;
    assert_eq!(at, vetoed_at, "the time of the veto does not change");
}

#[test]
fn rule_4_a_repeated_veto_keeps_its_reason() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto_with_reason("Ann", basil, "too green").unwrap();
    let again = fixture.veto("Ann", basil).unwrap();
    assert_eq!(again.events, []);
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann (too green)"]);
}

#[test]
fn rule_4_only_the_own_reason_is_changed() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto_with_reason("Ann", basil, "too green").unwrap();
    fixture.veto_with_reason("Bob", basil, "too dry").unwrap();
    fixture.veto_with_reason("Bob", basil, "").unwrap();
    let lines = ["free: Basil vetoed by Ann (too green) and Bob"];
    assert_eq!(fixture.lines(), lines);
}

#[test]
fn rule_5_combining_two_vetoes_of_one_participant_keeps_a_reason() {
    for (moved, present, together) in [
        ("too green", "", "Ann (too green)"),
        ("", "too dry", "Ann (too dry)"),
        ("too green", "too dry", "Ann (too dry)"),
        ("", "", "Ann"),
    ] {
        let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
        let funghi = fixture.add_item("Ann", "Funghi");
        let napoli = fixture.add_item("Ann", "Napoli");
        let basil = fixture.add_feature("Ann", funghi, "Basil", 2);
        let other = fixture.add_feature("Ann", napoli, "Basil", 2);
        fixture.veto_with_reason("Ann", basil, moved).unwrap();
        fixture.veto_with_reason("Bob", basil, "too wet").unwrap();
        fixture.veto_with_reason("Ann", other, present).unwrap();
        let rows = fixture.rows();
        fixture.merge("Bob", funghi, napoli).unwrap();
        let merged = format!("Funghi-Napoli: Basil×3 vetoed by {together} and Bob (too wet)");
        assert_eq!(fixture.lines()[1], merged);
        fixture.undo_last("Bob").unwrap();
        assert_eq!(fixture.rows(), rows);
    }
}

#[test]
fn rule_7_each_part_of_a_split_keeps_the_reasons() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let funghi = fixture.add_item("Ann", "Funghi");
    let basil = fixture.add_feature("Ann", funghi, "Basil", 2);
    fixture.veto_with_reason("Ann", basil, "too green").unwrap();
    fixture.split("Ann", funghi).unwrap();
    let lines = [
        "Funghi-Basil: Basil vetoed by Ann (too green)",
        "Funghi-Basil-2: Basil vetoed by Ann (too green)",
    ];
    assert_eq!(fixture.lines(), lines);
}

#[test]
fn rule_9_undo_restores_the_reason() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let basil = fixture.add_feature("Ann", None, "Basil", 1);
    fixture.veto_with_reason("Ann", basil, "too green").unwrap();
    fixture.withdraw_veto("Ann", basil).unwrap();
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann (too green)"]);

    fixture.veto_with_reason("Ann", basil, "too dry").unwrap();
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann (too green)"]);
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Ann (too dry)"]);

    let changed = Rejection::ChangedSince(UndoConflict::VetoChanged(name("Basil")));
    assert_eq!(fixture.undo("Ann", 3).unwrap_err(), changed);
}

/// The veto itself, another reason, the withdrawal, and the undo and redo of each.
#[test]
fn rule_4_only_the_owner_undoes_a_change_of_a_veto() {
    type Operation = fn(&mut BoardFixture) -> ExecuteResult;
    let operations: [Operation; 4] = [
        |t| t.veto("Ann", FeatureId(2)),
        |t| t.veto_with_reason("Ann", FeatureId(1), "too dry"),
        |t| t.veto_with_reason("Ann", FeatureId(1), ""),
        |t| t.withdraw_veto("Ann", FeatureId(1)),
    ];
    for operation in operations {
        let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
        for feature in ["Basil", "Olives"] {
            fixture.add_feature("Ann", None, feature, 1);
        }
        let basil = FeatureId(1);
        fixture.veto_with_reason("Ann", basil, "too green").unwrap();
        operation(&mut fixture).unwrap();
        for _ in 0..4 {
            let number = fixture.version();
            let board = fixture.board.clone();
            for other in ["Bob", "a new browser"] {
                let rejection = fixture.undo(other, number).unwrap_err();
                assert_eq!(rejection, Rejection::NotOwnVeto(name("Ann")));
                assert_eq!(fixture.board, board);
            }
            fixture.undo("Ann", number).unwrap();
        }
    }
}

#[test]
fn rule_4_a_changed_reason_never_vetoes() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let feature = fixture.add_feature("Ann", None, "Basil", 1);
    let change = |text| BoardAction::ChangeReason {
        feature,
        reason: reason(text),
    };
    fixture.veto("Bob", feature).unwrap();
    for person in ["Ann", "a new browser"] {
        let rejection = fixture.execute(person, change("too dry")).unwrap_err();
        assert_eq!(rejection, Rejection::NoVeto(name("Basil")));
    }
    fixture.execute("Bob", change("too dry")).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Bob (too dry)"]);
    fixture.execute("Bob", change("")).unwrap();
    assert_eq!(fixture.lines(), ["free: Basil vetoed by Bob"]);
}

#[test]
fn rule_4_anybody_undoes_an_event_that_moved_vetoes_along() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let [funghi, napoli] = ["Funghi", "Napoli"].map(|name| fixture.add_item("Ann", name));
    let basil = fixture.add_feature("Ann", funghi, "Basil", 1);
    // The target is full: the move changes nothing but vetoes.
    fixture.add_feature("Ann", napoli, "Basil", 3);
    fixture.veto("Ann", basil).unwrap();
    let before = fixture.rows();
    fixture.move_to("Ann", basil, napoli).unwrap();
    let moved = &fixture.event(fixture.version()).change;
    assert!(moved.features.is_empty() && !moved.vetoes.is_empty());
    fixture.undo_last("Bob").unwrap();
    assert_eq!(fixture.rows(), before);
}

#[test]
fn vetoes_stored_before_reasons_existed_round_trip_unchanged() {
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
