//! Conflicts that involve participants: missing authors, participation, and browsers.

use savt::model::UndoConflict;

use super::{BASIL, conflict_after, delete_basil, join, undo};
use crate::rules::board_fixture::{BoardFixture, ExecuteResult, name};

/// Undoes the event that is `back` before the last.
fn undo_before(fixture: &mut BoardFixture, back: i64) -> ExecuteResult {
    fixture.undo("Ann", fixture.version() - back)
}

#[test]
fn rule_9_a_missing_author_prevents_undo() {
    let gone = |what| UndoConflict::OwnerGone(name(what));
    // Cem joins and acts; first the action is undone, then the joining.
    let undo_join = |t: &mut BoardFixture| undo_before(t, 2);
    assert_eq!(
        conflict_after(
            |t| t.create_named("Cem", "X").and_then(|_| undo(t)),
            undo_join
        ),
        gone("X")
    );
    let suggest_and_undo = |t: &mut BoardFixture| {
        t.suggest("Cem", None, "Ham", 1)?;
        undo(t)
    };
    assert_eq!(conflict_after(suggest_and_undo, undo_join), gone("Ham"));
}

#[test]
fn rule_9_joining_cannot_be_undone_after_participation() {
    let part = UndoConflict::HasParticipated(name("Cem"));
    assert_eq!(conflict_after(join, |t| t.create_named("Cem", "X")), part);
    assert_eq!(
        conflict_after(join, |t| t.suggest("Cem", None, "X", 1)),
        part
    );
    assert_eq!(conflict_after(join, |t| t.veto("Cem", BASIL)), part);
    assert_eq!(conflict_after(join, |t| t.claim("a phone", "Cem")), part);
    // A veto on a deleted feature counts too, because the feature can be restored.
    let veto_and_delete = |t: &mut BoardFixture| t.veto("Cem", BASIL).and_then(|_| delete_basil(t));
    assert_eq!(conflict_after(join, veto_and_delete), part);
}

#[test]
fn rule_9_a_later_rename_prevents_undo_of_joining() {
    let (from, to) = (name("Cem"), name("Cemal"));
    assert_eq!(
        conflict_after(join, |t| t.rename("Cem", "Cemal")),
        UndoConflict::Renamed { from, to }
    );
}

#[test]
fn rule_9_a_later_change_of_the_browser_prevents_undo() {
    let claim_as_cem = |t: &mut BoardFixture| t.claim("Cem", "Ann");
    assert_eq!(
        conflict_after(join, claim_as_cem),
        UndoConflict::BrowserChanged
    );
    assert_eq!(
        conflict_after(claim_as_cem, |t| t.claim("Cem", "Bob")),
        UndoConflict::BrowserChanged
    );
    let join_and_undo = |t: &mut BoardFixture| join(t).and_then(|_| undo(t));
    assert_eq!(
        conflict_after(join_and_undo, |t| t.veto("Cem", BASIL)),
        UndoConflict::BrowserChanged
    );
    // A phone claims Cem; the claim and Cem's joining are undone, so the claim cannot be redone.
    let claimed_and_undone = |t: &mut BoardFixture| {
        join(t)?;
        t.claim("a phone", "Cem")?;
        undo(t)
    };
    assert_eq!(
        conflict_after(claimed_and_undone, |t| undo_before(t, 2)),
        UndoConflict::BrowserChanged
    );
}
