//! Rule 4: a vetoed feature that is renamed keeps its vetoes, and each remembers what it was given to until its owner vetoes again
//! or withdraws.

use std::collections::BTreeMap;

use proptest::prelude::*;
use savt::model::{Action, FeatureId, Name, ParticipantId};

use super::{
    board_fixture::{BoardFixture, name},
    random_commands::command_sequence,
};

const HAM: FeatureId = FeatureId(1);

/// Ham, vetoed by Ann.
fn vetoed_ham() -> BoardFixture {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.add_feature("Bob", None, "Ham", 1);
    fixture.veto_with_reason("Ann", HAM, "too salty").unwrap();
    fixture
}

fn rename(fixture: &mut BoardFixture, to: &str) {
    let amount = fixture.board.feature(HAM).unwrap().amount;
    fixture
        .edit_feature("Bob", HAM, to, amount.get().into())
        .unwrap();
}

#[track_caller]
fn assert_lines(fixture: &BoardFixture, line: &str) {
    assert_eq!(fixture.lines(), [line]);
}

#[test]
fn rule_4_a_veto_remembers_what_it_was_given_to() {
    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    assert_lines(&fixture, "free: Bacon vetoed by Ann (too salty), when Ham");
    assert!(matches!(
        fixture.last_action(),
        Action::EditedFeature { vetoes: 1, .. }
    ));
    // The first name counts, not the last one.
    rename(&mut fixture, "Egg");
    fixture.veto("Bob", HAM).unwrap();
    assert_lines(
        &fixture,
        "free: Egg vetoed by Ann (too salty), when Ham and Bob",
    );
    rename(&mut fixture, "Salad");
    assert_lines(
        &fixture,
        "free: Salad vetoed by Ann (too salty), when Ham and Bob, when Egg",
    );
    // An equivalent name is the same name.
    rename(&mut fixture, "HAM");
    assert_lines(
        &fixture,
        "free: HAM vetoed by Ann (too salty) and Bob, when Egg",
    );
}

#[test]
fn rule_4_an_equivalent_name_or_another_amount_changes_no_veto() {
    let mut fixture = vetoed_ham();
    for (to, amount) in [("HAM", 1), ("HAM", 3), ("ham", 2)] {
        fixture.edit_feature("Bob", HAM, to, amount).unwrap();
        let change = &fixture.event(fixture.version()).change;
        assert_eq!(change.vetoes, [], "{to} {amount}");
        let no_veto = matches!(
            fixture.last_action(),
            Action::EditedFeature { vetoes: 0, .. }
        );
        assert!(no_veto, "{to} {amount}");
    }
    assert_lines(&fixture, "free: ham×2 vetoed by Ann (too salty)");
}

#[test]
fn rule_4_vetoing_again_renews_a_veto_of_another_name() {
    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    fixture.veto("Ann", HAM).unwrap();
    assert_lines(&fixture, "free: Bacon vetoed by Ann (too salty)");
    assert!(
        matches!(fixture.last_action(), Action::Vetoed { feature, .. } if *feature == name("Bacon"))
    );
    // Once more changes nothing.
    let version = fixture.version();
    fixture.veto("Ann", HAM).unwrap();
    assert_eq!(fixture.version(), version);

    fixture.undo_last("Ann").unwrap();
    assert_lines(&fixture, "free: Bacon vetoed by Ann (too salty), when Ham");
    fixture.veto_with_reason("Ann", HAM, "too fat").unwrap();
    assert_lines(&fixture, "free: Bacon vetoed by Ann (too fat)");

    rename(&mut fixture, "Egg");
    fixture.withdraw_veto("Ann", HAM).unwrap();
    fixture.veto("Ann", HAM).unwrap();
    assert_lines(&fixture, "free: Egg vetoed by Ann");
}

#[test]
fn rule_4_undo_and_redo_of_a_rename_restore_what_vetoes_say() {
    let mut fixture = vetoed_ham();
    let before = fixture.rows();
    rename(&mut fixture, "Bacon");
    let after = fixture.rows();
    fixture.undo_last("Bob").unwrap();
    assert_eq!(fixture.rows(), before);
    fixture.undo_last("Bob").unwrap();
    assert_eq!(fixture.rows(), after);
}

#[test]
fn rule_4_later_vetoes_do_not_prevent_the_undo_of_a_rename() {
    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    let renaming = fixture.version();
    fixture.veto("Bob", HAM).unwrap();
    fixture.veto("Ann", HAM).unwrap();
    fixture.undo("Bob", renaming).unwrap();
    assert_lines(
        &fixture,
        "free: Ham vetoed by Ann (too salty), when Bacon and Bob, when Bacon",
    );

    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    let renaming = fixture.version();
    fixture.withdraw_veto("Ann", HAM).unwrap();
    fixture.undo("Bob", renaming).unwrap();
    assert_lines(&fixture, "free: Ham");
    fixture.undo("Ann", renaming + 1).unwrap();
    assert_lines(&fixture, "free: Ham vetoed by Ann (too salty)");
}

#[test]
fn rule_4_a_restored_veto_says_what_it_was_given_to() {
    let mut fixture = vetoed_ham();
    fixture.withdraw_veto("Ann", HAM).unwrap();
    let withdrawal = fixture.version();
    rename(&mut fixture, "Bacon");
    fixture.undo("Ann", withdrawal).unwrap();
    assert_lines(&fixture, "free: Bacon vetoed by Ann (too salty), when Ham");
    fixture.undo_last("Ann").unwrap();
    rename(&mut fixture, "Ham");
    fixture.undo("Ann", withdrawal + 3).unwrap();
    assert_lines(&fixture, "free: Ham vetoed by Ann (too salty)");
}

#[test]
fn rule_4_moves_merges_and_splits_keep_what_a_veto_was_given_to() {
    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    let one = fixture.add_item("Bob", "One");
    let other = fixture.add_item("Bob", "Other");
    fixture.move_to("Bob", HAM, one).unwrap();
    fixture.suggest("Bob", other, "bacon", 1).unwrap();
    fixture.merge("Bob", one, other).unwrap();
    assert_lines(
        &fixture,
        "One-Other: bacon×2 vetoed by Ann (too salty), when Ham",
    );
    fixture.split("Bob", other).unwrap();
    let part = "vetoed by Ann (too salty), when Ham";
    let expected = ["", "-2"].map(|number| format!("One-Other-bacon{number}: bacon {part}"));
    assert_eq!(fixture.lines(), expected);
}

#[test]
fn rule_4_a_combined_veto_is_given_to_the_present_name_if_one_of_both_was() {
    let mut fixture = vetoed_ham();
    rename(&mut fixture, "Bacon");
    let one = fixture.add_item("Bob", "One");
    let bacon = fixture.add_feature("Bob", one, "Bacon", 1);
    fixture.veto("Ann", bacon).unwrap();
    fixture.move_to("Bob", HAM, one).unwrap();
    assert_lines(&fixture, "One: Bacon×2 vetoed by Ann (too salty)");
}

proptest! {
    /// Whatever happens, a veto is on the feature under the name that its owner vetoed, or says that name.
    #[test]
    fn rule_4_every_veto_names_what_its_owner_vetoed(sequence in command_sequence()) {
        let mut fixture = BoardFixture::empty();
        let mut vetoed: BTreeMap<ParticipantId, Vec<Name>> = BTreeMap::new();
        // Vetoes also become another participant's (rule 12), and an undo gives them back.
        let mut handed_over = Vec::new();
        for random in sequence {
            let Some(command) = random.command(&fixture) else { continue };
            let Ok(decision) = fixture.execute(random.who, command) else { continue };
            for event in decision.events {
                if let Action::Vetoed { feature, .. } = event.action {
                    vetoed.entry(event.actor.id).or_default().push(feature);
                } else if let Action::HandedOver { name, .. } = &event.action {
                    let to = fixture.board.participant_named(name).unwrap().id;
                    handed_over.push((event.actor.id, to));
                }
            }
            for (from, to) in &handed_over {
                let names = vetoed.get(from).cloned().unwrap_or_default();
                let known = vetoed.entry(*to).or_default();
                known.extend(names);
                known.sort();
                known.dedup();
            }
            for veto in fixture.rows().vetoes {
                let feature = fixture.board.feature(veto.feature).unwrap();
                let given_to = veto.given_to.as_ref().unwrap_or(&feature.name).key();
                let names = vetoed.get(&veto.participant).into_iter().flatten();
                prop_assert!(names.map(Name::key).any(|name| name == given_to), "{:?} on {:?}", veto, feature);
            }
        }
    }
}
