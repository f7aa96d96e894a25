//! Double presses: a command that a browser repeats within 0.4 s changes nothing and is answered like the first one.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use savt::model::{
    Board, BoardAction, BoardObject, Command, Decision, ItemId, Limits, Outcome, OutcomeText,
    Rejection, Timestamp, decide,
};

use super::board_fixture::{amount, browser, empty, kind, name};

fn after(milliseconds: i64) -> Timestamp {
    DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::milliseconds(milliseconds)
}

fn press(board: &Board, who: &str, action: BoardAction, at: i64) -> Decision {
    let command = Command::Press { name: None, action };
    decide(
        board,
        &browser(who),
        &command,
        &Limits::UNLIMITED,
        after(at),
    )
    .expect("it is accepted")
}

fn create(text: Option<&str>, kind_text: &str) -> BoardAction {
    BoardAction::CreateItem {
        name: text.map(name),
        kind: kind(kind_text),
        fallback: name("Pizza"),
    }
}

fn create_several(names: &[&str]) -> BoardAction {
    BoardAction::CreateItems {
        names: names.iter().map(|text| name(text)).collect(),
        kind: None,
    }
}

fn suggest(text: &str, number: i64, item: Option<i64>) -> BoardAction {
    BoardAction::Suggest {
        name: name(text),
        amount: amount(number),
        item: item.map(ItemId),
    }
}

/// A board with the item Funghi (1), which has Ham, and the feature Egg without an item; all older than 0.4 s.
fn board() -> Board {
    let steps = [
        create(Some("Funghi"), ""),
        suggest("Ham", 1, Some(1)),
        suggest("Egg", 2, None),
    ];
    let steps = steps.into_iter().enumerate();
    steps.fold(empty(), |board, (n, action)| {
        press(&board, "Ann", action, -10_000 + n as i64 * 1_000).board
    })
}

/// Every creation, with and without a name that is taken.
fn creations() -> Vec<BoardAction> {
    vec![
        create(None, ""),
        create(Some("Napoli"), "vegan"),
        create(Some("funghi"), ""),
        create_several(&["Napoli", "Funghi", "Napoli"]),
        suggest("Basil", 2, Some(1)),
        suggest("ham", 1, Some(1)),
        suggest("Egg", 3, None),
    ]
}

proptest! {
    #[test]
    fn a_repeated_creation_changes_nothing_for_400_ms(
        action in prop::sample::select(creations()),
        pause in 0..1_000_i64,
    ) {
        let first = press(&board(), "Ann", action.clone(), 0);
        let event = first.events.last().expect("an event");
        let second = press(&first.board, "Ann", action, pause);
        if pause <= 400 {
            prop_assert!(second.events.is_empty());
            prop_assert_eq!(second.board.rows(), first.board.rows());
            prop_assert_eq!((second.about, second.repeats), (first.about, Some(event.number)));
        } else {
            prop_assert_eq!(second.repeats, None);
            prop_assert!(!second.events.is_empty() || second.note.is_some());
        }
    }
}

proptest! {
    #[test]
    fn the_same_closing_is_a_repetition_for_ten_seconds(pause in 0..20_000_i64, other in 0..4) {
        let close = |text: &str, chosen: &[i64]| {
            let chosen = chosen.iter().copied().map(ItemId).collect();
            BoardAction::Close(Outcome { text: OutcomeText::parse(text).unwrap(), chosen })
        };
        let first = press(&board(), "Ann", close("At 8", &[1]), 0);
        let event = first.events.last().expect("an event");
        let (who, action) = match other {
            0 => ("Ann", close("At 8", &[1, 1])),
            1 => ("Bob", close("At 8", &[1])),
            2 => ("Ann", close("At 9", &[1])),
            _ => ("Ann", close("At 8", &[])),
        };
        let command = Command::Press { name: None, action };
        let second = decide(&first.board, &browser(who), &command, &Limits::UNLIMITED, after(pause));
        if other == 0 && pause <= 10_000 {
            let second = second.expect("it is accepted");
            prop_assert!(second.events.is_empty());
            prop_assert_eq!(second.board.rows(), first.board.rows());
            prop_assert_eq!(second.repeats, Some(event.number));
        } else {
            let is_closed = matches!(second, Err(Rejection::Closed { .. }));
            prop_assert!(is_closed);
        }
    }
}

#[test]
fn a_closing_is_repeated_after_somebody_took_a_name_and_not_after_it_was_reopened() {
    let close = BoardAction::Close(Outcome::default());
    let closed = press(&board(), "Ann", close.clone(), 0).board;
    let rename = Command::Rename(name("Bob"));
    let renamed = decide(
        &closed,
        &browser("Bob"),
        &rename,
        &Limits::UNLIMITED,
        after(10),
    );
    let again = press(
        &renamed.expect("it is accepted").board,
        "Ann",
        close.clone(),
        20,
    );
    assert!(again.events.is_empty() && again.repeats.is_none());
    let open = press(&closed, "Bob", BoardAction::Reopen, 30).board;
    assert_eq!(press(&open, "Ann", close, 40).events.len(), 1);
}

#[test]
fn a_different_creation_is_not_a_repetition() {
    let all = creations();
    for (n, first) in all.iter().enumerate() {
        for (m, other) in all.iter().enumerate() {
            let board = press(&board(), "Ann", first.clone(), 0).board;
            let second = press(&board, "Ann", other.clone(), 100);
            assert_eq!(
                second.repeats.is_some(),
                n == m,
                "{first:?}, then {other:?}"
            );
        }
    }
    for (first, second) in [
        (create(Some("Napoli"), "vegan"), create(Some("Napoli"), "")),
        (create(Some("Pizza"), ""), create(None, "")),
        (suggest("Basil", 2, Some(1)), suggest("Basil", 1, Some(1))),
        (suggest("Basil", 2, Some(1)), suggest("Basil", 2, None)),
        (create_several(&["A", "B"]), create_several(&["A", "C"])),
        (
            create_several(&["A", "B"]),
            create_several(&["A", "B", "C"]),
        ),
    ] {
        let board = press(&board(), "Ann", first.clone(), 0).board;
        let second = press(&board, "Ann", second, 0);
        assert_eq!(second.repeats, None, "after {first:?}");
    }
}

#[test]
fn other_people_and_scripts_repeat_nothing() {
    let mut board = board();
    // 33 people who submit one name in one instant get 33 names.
    for person in 0..33 {
        let decision = press(&board, &format!("person {person}"), create(None, ""), 0);
        assert_eq!(decision.repeats, None);
        board = decision.board;
    }
    assert_eq!(board.stats().items, 34);
    for _ in 0..2 {
        let command = Command::Act(create(Some("Napoli"), ""));
        let decision = decide(
            &board,
            &browser("Ann"),
            &command,
            &Limits::UNLIMITED,
            after(0),
        );
        board = decision.expect("it is accepted").board;
    }
    let names: Vec<_> = board.items().map(|item| item.name.to_string()).collect();
    assert_eq!(names[34..], ["Napoli", "Napoli-2"]);
}

#[test]
fn what_no_longer_exists_can_be_created_again() {
    let first = press(&board(), "Ann", create(Some("Napoli"), ""), 0);
    let deleted = press(&first.board, "Bob", BoardAction::DeleteItem(ItemId(2)), 10);
    let again = press(&deleted.board, "Ann", create(Some("Napoli"), ""), 20);
    assert_eq!(again.repeats, None);
    assert_eq!(again.about, Some(BoardObject::Item(ItemId(3))));
}

/// Another process knows the first creation from its event.
#[test]
fn a_repetition_is_recognized_from_the_log() {
    let first = press(&empty(), "Ann", create(None, ""), 0);
    let mut board = empty();
    for event in &first.events {
        board.apply(event);
    }
    let second = press(&board, "Ann", create(None, ""), 200);
    assert_eq!(
        second.repeats,
        first.events.last().map(|event| event.number)
    );
}
