//! The same where it is about people: who made a thing, who took part, who is at which browser.

use savt::model::Drift;

use super::{BASIL, after, delete_basil, join, undo};
use crate::rules::table::{Said, Table, name};

/// Undoes the event that is so many before the last.
fn undo_before(table: &mut Table, back: i64) -> Said {
    table.undo("Ann", table.version() - back)
}

#[test]
fn rule_9_nothing_comes_back_without_the_one_who_made_it() {
    let gone = |what| Drift::OwnerGone(name(what));
    // Cem comes, does something that is undone, and then his coming is undone.
    let never_came = |t: &mut Table| undo_before(t, 2);
    assert_eq!(
        after(|t| t.make("Cem", "X").and_then(|_| undo(t)), never_came),
        gone("X")
    );
    let suggest_and_undo = |t: &mut Table| {
        t.suggest("Cem", None, "Ham", 1)?;
        undo(t)
    };
    assert_eq!(after(suggest_and_undo, never_came), gone("Ham"));
    assert_eq!(
        after(|t| t.veto("Cem", BASIL).and_then(|_| undo(t)), never_came),
        Drift::VetoChanged(name("Basil"))
    );
}

#[test]
fn rule_9_a_participant_who_took_part_stays() {
    let part = Drift::TookPart(name("Cem"));
    assert_eq!(after(join, |t| t.make("Cem", "X")), part);
    assert_eq!(after(join, |t| t.suggest("Cem", None, "X", 1)), part);
    assert_eq!(after(join, |t| t.veto("Cem", BASIL)), part);
    assert_eq!(after(join, |t| t.claim("a phone", "Cem")), part);
    // A veto on what is deleted counts as well: it could be brought back.
    let veto_and_delete = |t: &mut Table| t.veto("Cem", BASIL).and_then(|_| delete_basil(t));
    assert_eq!(after(join, veto_and_delete), part);
}

#[test]
fn rule_9_a_participant_has_another_name_since() {
    let (from, to) = (name("Cem"), name("Cemal"));
    assert_eq!(
        after(join, |t| t.call("Cem", "Cemal")),
        Drift::Renamed { from, to }
    );
}

#[test]
fn rule_9_a_browser_became_somebody_else_since() {
    let claim_as_cem = |t: &mut Table| t.claim("Cem", "Ann");
    assert_eq!(after(join, claim_as_cem), Drift::BrowserChanged);
    assert_eq!(
        after(claim_as_cem, |t| t.claim("Cem", "Bob")),
        Drift::BrowserChanged
    );
    let join_and_undo = |t: &mut Table| join(t).and_then(|_| undo(t));
    assert_eq!(
        after(join_and_undo, |t| t.veto("Cem", BASIL)),
        Drift::BrowserChanged
    );
    // A phone becomes Cem, that is undone, and so is his coming: there is no Cem to become.
    let claimed_and_undone = |t: &mut Table| {
        join(t)?;
        t.claim("a phone", "Cem")?;
        undo(t)
    };
    assert_eq!(
        after(claimed_and_undone, |t| undo_before(t, 2)),
        Drift::BrowserChanged
    );
}
