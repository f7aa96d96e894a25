//! Rule 15: closing, reopening and the deadline; rule 13: settings.

use chrono::TimeDelta;
use proptest::prelude::*;
use savt::model::{
    BoardAction, BoardRows, Command, FieldEdit, Item, ItemId, Limit, Outcome, OutcomeText,
    ParticipantId, ReasonPolicy, Rejection, Setting, SettingKey, SettingsEdit, UndoConflict,
};

use super::{
    board_fixture::{BoardFixture, ExecuteResult, name, purpose},
    random_commands::{RandomCommand, command_sequence, random_command},
};

impl BoardFixture {
    fn close(&mut self, who: &str, chosen: &[ItemId]) -> ExecuteResult {
        let outcome = Outcome {
            text: OutcomeText::parse("At eight.").unwrap(),
            chosen: chosen.to_vec(),
        };
        self.execute(who, BoardAction::Close(outcome))
    }

    fn reopen(&mut self, who: &str) -> ExecuteResult {
        self.execute(who, BoardAction::Reopen)
    }

    /// Sets a deadline this many seconds after the command.
    fn set_deadline(&mut self, who: &str, seconds: i64) -> ExecuteResult {
        let at = self.now() + TimeDelta::seconds(1 + seconds);
        self.execute(who, BoardAction::SetDeadline(Some(at)))
    }

    fn is_closed(&self) -> bool {
        self.board.closed(self.now()).is_some()
    }
}

fn settings(text: &str) -> BoardAction {
    BoardAction::EditSettings(Box::new(SettingsEdit {
        purpose: Some(FieldEdit::replacing(purpose(text))),
        ..SettingsEdit::default()
    }))
}

#[test]
fn a_closed_board_says_who_closed_it_and_accepts_nothing_but_names_and_reopening() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture.close("Ann", &[item, item]).unwrap();
    let closed_at = fixture.now();
    let closed = fixture.board.closed(closed_at).unwrap();
    assert_eq!(closed.outcome.chosen, [item]);
    let rejection = fixture.create_named("Bob", "Napoli").unwrap_err();
    let expected = Rejection::Closed {
        by: name("Ann"),
        at: closed_at,
        by_deadline: false,
    };
    assert_eq!(rejection, expected);
    fixture.rename("Bob", "Bert").unwrap();
    fixture.rename("Cem", "Cem").unwrap();
    fixture.claim("phone", "Bert").unwrap();
    assert_eq!(fixture.close("Bob", &[]).unwrap_err(), expected);
    fixture.reopen("Bob").unwrap();
    assert!(!fixture.is_closed());
    assert!(fixture.reopen("Bob").unwrap().events.is_empty());
    fixture.create_named("Bob", "Napoli").unwrap();
}

#[test]
fn closing_and_reopening_can_be_undone() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Funghi");
    let naming = fixture.version();
    fixture.close("Ann", &[item]).unwrap();
    // Only what closed the board can be undone while it is closed.
    assert!(matches!(
        fixture.undo("Ann", naming).unwrap_err(),
        Rejection::Closed { .. }
    ));
    fixture.undo_last("Bob").unwrap();
    assert!(!fixture.is_closed());
    fixture.undo_last("Bob").unwrap();
    let closed = fixture.board.closed(fixture.now()).unwrap();
    assert_eq!(closed.outcome.chosen, [item]);
    fixture.reopen("Bob").unwrap();
    fixture.undo_last("Ann").unwrap();
    assert!(fixture.is_closed());
}

#[test]
fn an_outcome_chooses_items_that_exist_and_not_too_many() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    let item = fixture.add_item("Ann", "Funghi");
    fixture.delete_item("Ann", item).unwrap();
    assert!(matches!(
        fixture.close("Ann", &[item]).unwrap_err(),
        Rejection::Gone(..)
    ));
    let many: Vec<ItemId> = (0..=100)
        .map(|number| fixture.add_item("Ann", &format!("Pizza {number}")))
        .collect();
    assert_eq!(
        fixture.close("Ann", &many).unwrap_err(),
        Rejection::LimitExceeded {
            limit: Limit::Chosen,
            max: 100
        }
    );
    fixture.close("Ann", &many[1..]).unwrap();
}

#[test]
fn a_deadline_closes_the_board_at_that_very_moment() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    assert_eq!(
        fixture.set_deadline("Ann", 0).unwrap_err(),
        Rejection::DeadlinePassed
    );
    // Each command takes one second.
    fixture.set_deadline("Ann", 2).unwrap();
    fixture.create_named("Bob", "Napoli").unwrap();
    let rejection = fixture.create_named("Bob", "Funghi").unwrap_err();
    let expected = Rejection::Closed {
        by: name("Ann"),
        at: fixture.now(),
        by_deadline: true,
    };
    assert_eq!(rejection, expected);
    fixture.reopen("Bob").unwrap();
    fixture.create_named("Bob", "Funghi").unwrap();
    assert_eq!(fixture.board.deadline(), None);
    // Reopening keeps a deadline that is still to come.
    fixture.set_deadline("Ann", 90).unwrap();
    fixture.close("Ann", &[]).unwrap();
    fixture.reopen("Ann").unwrap();
    assert!(fixture.board.deadline().is_some() && !fixture.is_closed());
    fixture
        .execute("Bob", BoardAction::SetDeadline(None))
        .unwrap();
    assert_eq!(fixture.board.deadline(), None);
}

#[test]
fn a_setting_is_changed_by_itself_and_undone_by_itself() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    fixture.execute("Ann", settings("Where to?")).unwrap();
    let first = fixture.version();
    assert!(
        fixture
            .execute("Bob", settings("Where to?"))
            .unwrap()
            .events
            .is_empty()
    );
    let rename = BoardAction::EditSettings(Box::new(SettingsEdit {
        name: Some(FieldEdit::replacing(name("Friday"))),
        ..SettingsEdit::default()
    }));
    fixture.execute("Bob", rename).unwrap();
    assert_eq!(fixture.board.name().as_str(), "Friday");
    // The name was set since, but not the purpose.
    fixture.undo("Bob", first).unwrap();
    assert_eq!(fixture.board.purpose(), None);
    assert_eq!(fixture.board.name().as_str(), "Friday");
    fixture.execute("Ann", settings("When?")).unwrap();
    let second = fixture.version();
    fixture.execute("Ann", settings("Who?")).unwrap();
    assert_eq!(
        fixture.undo("Bob", second).unwrap_err(),
        Rejection::ChangedSince(UndoConflict::SettingChanged(SettingKey::Purpose))
    );
}

#[test]
fn a_board_may_require_a_reason_for_each_veto() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let ham = fixture.add_feature("Ann", None, "Ham", 1);
    let egg = fixture.add_feature("Ann", None, "Egg", 1);
    fixture.veto("Bob", egg).unwrap();
    let require = |to| {
        BoardAction::EditSettings(Box::new(SettingsEdit {
            reasons: Some(FieldEdit::replacing(to)),
            ..SettingsEdit::default()
        }))
    };
    fixture
        .execute("Ann", require(ReasonPolicy::Required))
        .unwrap();
    let rejection = fixture.veto("Bob", ham).unwrap_err();
    assert_eq!(rejection, Rejection::ReasonRequired(name("Ham")));
    fixture.veto_with_reason("Bob", ham, "too salty").unwrap();
    assert!(fixture.veto("Bob", ham).unwrap().events.is_empty());
    let rejection = fixture.veto_with_reason("Bob", ham, "").unwrap_err();
    assert_eq!(rejection, Rejection::ReasonRequired(name("Ham")));
    // A veto of before stays as it is.
    assert!(fixture.veto("Bob", egg).unwrap().events.is_empty());
    fixture
        .execute("Ann", require(ReasonPolicy::Optional))
        .unwrap();
    fixture.veto_with_reason("Bob", ham, "").unwrap();
}

/// What a closed board may still accept.
fn may_change_a_closed_board(command: &Command) -> bool {
    match command {
        Command::Rename(_) | Command::Claim(_) | Command::UsePersonalLink(_) => true,
        Command::Act(action) => {
            matches!(action, BoardAction::Reopen | BoardAction::Undo(_))
        }
        _ => false,
    }
}

proptest! {
    /// Whatever happened before: a closed board accepts only naming and what opens it, and an undo of a close gives back what was.
    #[test]
    fn nothing_else_changes_a_closed_board(
        sequence in command_sequence(),
        attempts in prop::collection::vec(random_command(), 1..10),
    ) {
        let mut fixture = run(sequence);
        fixture.open_for_good("a");
        let before = fixture.rows();
        fixture.close("a", &[]).unwrap();
        let closing = fixture.events.iter().rposition(|event| event.change.is_closing_only());
        let closing = closing.unwrap() as i64 + 1;
        for attempt in attempts {
            let Some(command) = attempt.command(&fixture) else { continue };
            let rows = fixture.rows();
            let is_allowed = may_change_a_closed_board(&command);
            let is_accepted = fixture.execute(attempt.who, command).is_ok();
            if !fixture.is_closed() {
                return Ok(());
            }
            if is_accepted && !is_allowed {
                prop_assert!(false, "accepted: {:?}", fixture.last_action());
            }
            let now = fixture.rows();
            // Who becomes another participant, which is naming oneself, brings along what is theirs.
            prop_assert_eq!(without_authors(&now), without_authors(&rows));
            prop_assert_eq!(now.features.len(), rows.features.len());
            // An undo may change what closes the board: of the closing, while the deadline has passed, or of the deadline.
            prop_assert_eq!(without_closing(&now), without_closing(&rows));
        }
        if fixture.undo("a", closing).is_ok() {
            let after = fixture.rows();
            prop_assert_eq!(without_closing(&after), without_closing(&before));
        }
    }
}

fn without_authors(rows: &BoardRows) -> Vec<Item> {
    let without_author = |item: &Item| Item {
        author: ParticipantId(0),
        ..item.clone()
    };
    rows.items.iter().map(without_author).collect()
}

fn without_closing(rows: &BoardRows) -> Vec<&Setting> {
    let settings = rows.settings.iter();
    let closes = |key| matches!(key, SettingKey::Deadline | SettingKey::Closing);
    let is_other = |setting: &&Setting| !closes(setting.key());
    settings.filter(is_other).collect()
}

fn run(sequence: Vec<RandomCommand>) -> BoardFixture {
    let mut fixture = BoardFixture::empty();
    for random in sequence {
        if let Some(command) = random.command(&fixture) {
            let _ = fixture.execute(random.who, command);
        }
    }
    fixture
}
