//! Arbitrary commands to a board in memory, with arbitrary ids: a rejected command changes nothing, and the properties from
//! `tests/product/rules/` hold after each command.

#[path = "../product/rules/board_fixture.rs"]
#[allow(dead_code)]
mod board_fixture;
#[path = "../product/rules/board_text.rs"]
mod board_text;
mod command_input;
#[path = "../product/rules/invariant_checker.rs"]
mod invariant_checker;
#[path = "../product/rules/invariants.rs"]
mod invariants;

use savt::model::{BoardAction, BoardRows, Command, Kind, Limits, Name, Reason, decide};

use board_fixture::{BoardFixture, browser};
pub use command_input::CommandSequence;
use command_input::{CommandInput, CommandKind};
use invariant_checker::InvariantChecker;

/// Executes the commands on a new board.
pub fn run(sequence: CommandSequence) {
    let mut fixture = BoardFixture::empty();
    let mut other_board = BoardFixture::empty();
    let mut checker = InvariantChecker::default();
    let mut links = Vec::new();
    for input in sequence.0 {
        if let CommandKind::UndoForeign(index) = input.kind {
            undo_foreign(&fixture, &other_board, &input, index);
            continue;
        }
        let Some(command) = input.command(&fixture, &mut links) else {
            continue;
        };
        let browser = input.browser();
        if input.on_other_board {
            // Only the events of the other board are used, not the results.
            let _ = other_board.execute(browser, command);
            continue;
        }
        let before = fixture.board.clone();
        let result = fixture.execute(browser, command.clone());
        checker.check(&before, &fixture, &command, &result);
    }
    checker.finish(&fixture);
    assert_parseable(&fixture.rows());
}

/// Undoes an event of another board. The result is unspecified, but the board stays consistent.
fn undo_foreign(
    fixture: &BoardFixture,
    other_board: &BoardFixture,
    input: &CommandInput,
    index: u8,
) {
    let Some(event) = command_input::pick(&other_board.events, index) else {
        return;
    };
    let command = Command::Act(BoardAction::Undo(Box::new(event.clone())));
    if let Ok(decision) = decide(
        &fixture.board,
        &browser(input.browser()),
        &command,
        &Limits::UNLIMITED,
        fixture.now(),
    ) {
        invariants::check_new_events(&decision.events);
        let events = [&fixture.events[..], &decision.events].concat();
        invariants::check(&decision.board, &events);
    }
}

/// Rule 1: every stored name, kind and reason is valid input.
fn assert_parseable(rows: &BoardRows) {
    let participants = rows.participants.iter().map(|row| &row.name);
    let items = rows.items.iter().map(|row| &row.name);
    let features = rows.features.iter().map(|row| &row.name);
    for name in participants.chain(items).chain(features) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(name));
    }
    for kind in rows.items.iter().filter_map(|row| row.kind.as_ref()) {
        assert_eq!(Kind::parse(kind.as_str()), Ok(Some(kind.clone())));
    }
    for reason in rows.vetoes.iter().filter_map(|row| row.reason.as_ref()) {
        assert_eq!(Reason::parse(reason.as_str()), Ok(Some(reason.clone())));
    }
}
