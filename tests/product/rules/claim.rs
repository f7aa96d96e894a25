//! Rule 12: "That's me" makes what an unnamed `User-N` did the claimed participant's.

use savt::model::{Action, Identity, ParticipantId, Rejection, UndoConflict};

use super::board_fixture::{BoardFixture, browser, name};

const ANN: ParticipantId = ParticipantId(1);

/// Ann has vetoed Basil and Olives; her new phone, as User-2, Basil, Ham and its own Egg, and has added Napoli.
fn ann_with_a_new_phone() -> BoardFixture {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let [basil, olives, ham] =
        ["Basil", "Olives", "Ham"].map(|text| fixture.add_feature("Ann", None, text, 1));
    fixture.veto_with_reason("Ann", olives, "salty").unwrap();
    fixture.veto("Ann", basil).unwrap();
    let napoli = fixture.add_item("phone", "Napoli");
    let egg = fixture.add_feature("phone", napoli, "Egg", 1);
    fixture.veto_with_reason("phone", basil, "green").unwrap();
    fixture.veto_with_reason("phone", ham, "meat").unwrap();
    fixture.veto_with_reason("phone", olives, "black").unwrap();
    fixture.veto("phone", egg).unwrap();
    fixture
}

#[test]
fn rule_12_what_an_unnamed_participant_did_becomes_the_claimed_ones() {
    let mut fixture = ann_with_a_new_phone();
    let before = fixture.rows();
    let decision = fixture.claim("phone", "ann").unwrap();
    assert_eq!(decision.events.len(), 1);
    let event = decision.events.last().unwrap();
    assert_eq!(
        event.action,
        Action::HandedOver {
            name: name("Ann"),
            was: name("User-2"),
        }
    );
    assert_eq!(event.actor.name, name("User-2"));
    assert_eq!(fixture.participant_names(), ["Ann"]);
    assert_eq!(fixture.participant_name("phone").unwrap(), "Ann");
    let reasons: Vec<String> = fixture
        .rows()
        .vetoes
        .iter()
        .map(|veto| {
            let reason = veto.reason.as_ref().map(ToString::to_string);
            format!("{} {}", veto.participant.0, reason.unwrap_or_default())
        })
        .collect();
    // Basil had no reason of Ann's; the one for Olives is hers.
    assert_eq!(reasons, ["1 green", "1 salty", "1 meat", "1 "]);
    let rows = fixture.rows();
    assert!(rows.items.iter().all(|item| item.author == ANN));
    assert!(rows.features.iter().all(|feature| feature.author == ANN));
    // The phone's vetoes can be withdrawn in both browsers.
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.rows(), before);
    assert_eq!(fixture.participant_name("phone").unwrap(), "User-2");
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.rows(), rows);
}

#[test]
fn rule_12_a_participant_in_another_browser_or_with_a_name_stays() {
    let mut fixture = ann_with_a_new_phone();
    fixture.claim("tablet", "User-2").unwrap();
    assert!(
        fixture
            .board
            .unnamed_participant(&browser("phone"))
            .is_none()
    );
    fixture.claim("phone", "Ann").unwrap();
    assert!(matches!(fixture.last_action(), Action::Claimed { .. }));
    // Now only the tablet is User-2.
    fixture.claim("tablet", "Ann").unwrap();
    assert!(matches!(fixture.last_action(), Action::HandedOver { .. }));
    assert_eq!(fixture.participant_names(), ["Ann"]);

    let mut fixture = ann_with_a_new_phone();
    fixture.rename("phone", "Cem").unwrap();
    fixture.claim("phone", "Ann").unwrap();
    assert_eq!(fixture.participant_names(), ["Ann", "Cem"]);

    // Claiming one's own default name changes nothing.
    let mut fixture = ann_with_a_new_phone();
    assert_eq!(fixture.claim("phone", "user-2").unwrap().events, []);
}

#[test]
fn rule_9_earlier_changes_can_be_undone_after_the_hand_over() {
    let mut fixture = ann_with_a_new_phone();
    let changes = |event: &&savt::model::Event| match &event.action {
        Action::CreatedItem { .. } | Action::Suggested { .. } => event.actor.name == name("User-2"),
        _ => false,
    };
    let mut made: Vec<i64> = fixture
        .events
        .iter()
        .filter(changes)
        .map(|event| event.number)
        .collect();
    let egg = fixture.board.counters().feature;
    fixture.claim("phone", "Ann").unwrap();
    fixture
        .withdraw_veto("phone", savt::model::FeatureId(egg))
        .unwrap();
    // Napoli with Egg: the last change first.
    made.reverse();
    for number in made {
        fixture.undo("phone", number).unwrap();
    }
    assert!(fixture.board.items().next().is_none());
    // A deleted thing comes back as the claimed participant's.
    let ham = fixture.board.feature_named(None, &name("Ham")).unwrap().id;
    let mut fixture = ann_with_a_new_phone();
    let napoli = fixture.board.items().next().unwrap().id;
    fixture.delete_item("phone", napoli).unwrap();
    let deleted = fixture.version();
    fixture.claim("phone", "Ann").unwrap();
    fixture.undo("phone", deleted).unwrap();
    assert_eq!(fixture.board.live_item(napoli).unwrap().author, ANN);
    assert!(fixture.board.has_vetoed(ANN, ham));
}

#[test]
fn rule_9_a_later_change_prevents_undo_of_the_hand_over() {
    let mut fixture = ann_with_a_new_phone();
    let ham = fixture.board.feature_named(None, &name("Ham")).unwrap().id;
    fixture.claim("phone", "Ann").unwrap();
    let claimed = fixture.version();
    fixture.withdraw_veto("phone", ham).unwrap();
    let refused = fixture.undo("Ann", claimed).unwrap_err();
    let conflict = UndoConflict::VetoChanged(name("Ham"));
    assert_eq!(refused, Rejection::ChangedSince(conflict));
    fixture.undo_last("Ann").unwrap();

    // Ann herself was only a default name, and is handed over to Bob.
    fixture.rename("Bob", "Bob").unwrap();
    fixture.rename("Ann", "User-9").unwrap();
    fixture.claim("phone", "Bob").unwrap();
    fixture.claim("Ann", "Bob").unwrap();
    assert_eq!(fixture.participant_names(), ["Bob"]);
    let refused = fixture.undo("Bob", claimed).unwrap_err();
    let conflict = UndoConflict::BrowserChanged;
    assert_eq!(refused, Rejection::ChangedSince(conflict));
}

#[test]
fn rule_12_with_claimed_identities_the_participant_undoes_its_hand_over() {
    let mut fixture = ann_with_a_new_phone();
    fixture.rename("Bob", "Bob").unwrap();
    fixture.claim("phone", "Ann").unwrap();
    let event = fixture.events.last().unwrap().clone();
    let refused = fixture.execute("Bob", Identity::Claimed.undo(event.clone()));
    assert_eq!(refused.unwrap_err(), Rejection::NotOwnIdentity(name("Ann")));
    fixture
        .execute("phone", Identity::Claimed.undo(event))
        .unwrap();
    let undone = fixture.events.last().unwrap().clone();
    for who in ["Bob", "phone"] {
        let refused = fixture.execute(who, Identity::Claimed.undo(undone.clone()));
        assert!(
            matches!(refused, Err(Rejection::NotOwnIdentity(_))),
            "{who}"
        );
    }
}
