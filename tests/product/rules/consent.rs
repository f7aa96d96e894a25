//! Rule 14: consent, what outdates it, setting aside, and when a board is agreed. The invariants compare every board with the plainest
//! reading of the rule.

use savt::model::{BoardAction, ConsentCount, ItemId, ParticipantId, Rejection, Standing, Target};

use super::board_fixture::{BoardFixture, ExecuteResult};

impl BoardFixture {
    fn consent(&mut self, who: &str) -> ExecuteResult {
        self.execute(who, BoardAction::Consent { seen: None })
    }

    fn standing_of(&self, who: &str) -> Standing {
        self.board.standing(self.participant_id(who))
    }

    fn count(&self) -> (usize, usize) {
        let ConsentCount { fine, of } = self.board.consent_count();
        (fine, of)
    }

    /// Whether the last event made the board agreed.
    fn just_agreed(&self) -> bool {
        self.events.last().is_some_and(|event| event.makes_agreed)
    }
}

/// Ann has an item with a feature of Bob's.
fn board() -> (BoardFixture, ItemId) {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture.add_feature("Bob", Some(item), "Ham", 1);
    (fixture, item)
}

#[test]
fn a_consent_holds_until_somebody_else_adds_something() {
    let (mut fixture, item) = board();
    fixture.consent("Ann").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
    assert_eq!(fixture.standing_of("Bob"), Standing::NotYet);
    // What oneself adds outdates nothing of one's own, and a veto outdates nothing.
    let own = fixture.add_feature("Ann", Some(item), "Egg", 1);
    fixture.veto("Bob", own).unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
    let other = fixture.add_feature("Bob", Some(item), "Basil", 1);
    assert_eq!(fixture.standing_of("Ann"), Standing::Outdated);
    // It stays outdated when that is gone again: Ann has not seen the board as it is now.
    fixture.delete_feature("Bob", other).unwrap();
    let deletion = fixture.version();
    assert_eq!(fixture.standing_of("Ann"), Standing::Outdated);
    fixture.consent("Ann").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
    // Bringing it back is adding it.
    fixture.undo("Bob", deletion).unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Outdated);
}

#[test]
fn consenting_again_changes_nothing_while_the_consent_holds() {
    let (mut fixture, _) = board();
    fixture.consent("Ann").unwrap();
    assert!(fixture.consent("Ann").unwrap().events.is_empty());
    fixture
        .execute("Ann", BoardAction::WithdrawConsent)
        .unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::NotYet);
    let again = fixture.execute("Ann", BoardAction::WithdrawConsent);
    assert!(again.unwrap().events.is_empty());
}

#[test]
fn a_consent_is_as_of_what_the_person_saw() {
    let (mut fixture, item) = board();
    let seen = fixture.board.version();
    fixture.add_feature("Bob", Some(item), "Basil", 1);
    let consent = |seen| BoardAction::Consent { seen: Some(seen) };
    fixture.execute("Ann", consent(seen)).unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Outdated);
    // Nobody can consent to what is yet to come.
    fixture.execute("Ann", consent(i64::MAX)).unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
    fixture.add_feature("Bob", Some(item), "Egg", 1);
    assert_eq!(fixture.standing_of("Ann"), Standing::Outdated);
}

#[test]
fn a_board_is_agreed_when_all_with_a_name_or_a_contribution_are_fine() {
    let (mut fixture, item) = board();
    fixture.consent("Ann").unwrap();
    assert_eq!((fixture.count(), fixture.just_agreed()), ((1, 2), false));
    fixture.consent("Bob").unwrap();
    assert_eq!((fixture.count(), fixture.just_agreed()), ((2, 2), true));
    // Somebody without a name who only looks and consents blocks nothing, but counts once fine.
    fixture.consent("guest").unwrap();
    assert_eq!(fixture.count(), (3, 3));
    assert!(fixture.board.is_agreed() && !fixture.just_agreed());
    // Without an item that nobody vetoed there is nothing to agree on.
    let feature = fixture.board.features_of(Some(item)).next().unwrap().id;
    fixture.veto("Bob", feature).unwrap();
    assert!(!fixture.board.is_agreed());
    fixture.withdraw_veto("Bob", feature).unwrap();
    assert!(fixture.board.is_agreed() && fixture.just_agreed());
    // A new item of a guest outdates all others and makes the guest count.
    fixture.add_item("guest", "Napoli");
    assert_eq!(
        (fixture.count(), fixture.board.is_agreed()),
        ((1, 3), false)
    );
}

#[test]
fn a_board_on_which_nobody_is_needed_is_not_agreed() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.add_item("Ann", "Funghi");
    let ann = fixture.participant_id("Ann");
    fixture.execute("Ann", BoardAction::SetAside(ann)).unwrap();
    // People without a name who have only consented.
    fixture.consent("guest").unwrap();
    fixture.consent("other guest").unwrap();
    assert_eq!(fixture.count(), (2, 2));
    assert!(!fixture.board.is_agreed() && !fixture.just_agreed());
    // The rule needs whoever has suggested something, with or without a name, and nobody else.
    fixture.add_item("guest", "Napoli");
    assert_eq!(fixture.count(), (1, 1));
    assert!(fixture.board.is_agreed() && fixture.just_agreed());
}

#[test]
fn who_was_set_aside_counts_again_by_acting() {
    let (mut fixture, item) = board();
    fixture.consent("Ann").unwrap();
    let bob = fixture.participant_id("Bob");
    fixture.execute("Ann", BoardAction::SetAside(bob)).unwrap();
    assert_eq!(fixture.standing_of("Bob"), Standing::NotTakingPart);
    assert!(fixture.board.is_agreed() && fixture.just_agreed());
    // The undo brings back what was, and so does bringing back.
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.standing_of("Bob"), Standing::NotYet);
    fixture.execute("Ann", BoardAction::SetAside(bob)).unwrap();
    fixture.execute("Ann", BoardAction::BringBack(bob)).unwrap();
    assert_eq!(fixture.standing_of("Bob"), Standing::NotYet);
    // Acting is a separate event before which nothing of the act is lost.
    fixture.execute("Ann", BoardAction::SetAside(bob)).unwrap();
    let feature = fixture.board.features_of(Some(item)).next().unwrap().id;
    let decision = fixture.veto("Bob", feature).unwrap();
    assert_eq!(decision.events.len(), 2);
    assert_eq!(fixture.standing_of("Bob"), Standing::NotYet);
    // Consenting is acting, and setting oneself aside is not taking part.
    fixture.execute("Bob", BoardAction::SetAside(bob)).unwrap();
    assert_eq!(fixture.standing_of("Bob"), Standing::NotTakingPart);
    fixture.consent("Bob").unwrap();
    assert_eq!(fixture.standing_of("Bob"), Standing::Fine);
    let nobody = ParticipantId(99);
    assert_eq!(
        fixture
            .execute("Ann", BoardAction::SetAside(nobody))
            .unwrap_err(),
        Rejection::Unknown(Target::Participant(nobody))
    );
}

#[test]
fn only_oneself_undoes_ones_consent() {
    let (mut fixture, _) = board();
    fixture.consent("Ann").unwrap();
    let rejection = fixture.undo_last("Bob").unwrap_err();
    assert!(matches!(rejection, Rejection::NotOwnConsent(name) if name.as_str() == "Ann"));
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::NotYet);
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
}

#[test]
fn whoever_becomes_somebody_else_brings_the_consent_along() {
    let (mut fixture, _) = board();
    fixture.consent("phone").unwrap();
    fixture.claim("phone", "Ann").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
    assert_eq!(fixture.count(), (1, 2));
    fixture.undo_last("phone").unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::NotYet);
}

#[test]
fn an_undo_of_an_addition_outdates_nothing() {
    let (mut fixture, item) = board();
    fixture.add_feature("Bob", Some(item), "Basil", 1);
    let addition = fixture.version();
    fixture.consent("Ann").unwrap();
    fixture.undo("Bob", addition).unwrap();
    assert_eq!(fixture.standing_of("Ann"), Standing::Fine);
}
