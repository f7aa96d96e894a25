//! Large boards: the cost of a rule depends on what it changes, not on the size of the board.

use savt::model::{
    Amount, Board, BoardAction, BrowserId, Command, Event, FeatureId, ItemId, Limits, Timestamp,
    decide,
};

use super::board_fixture::{browser, empty, name};

const MANY: usize = 5_000;

/// A board with one participant, without the invariant checks of `BoardFixture`.
struct LargeBoard {
    board: Board,
    ann: BrowserId,
}

impl LargeBoard {
    fn new() -> LargeBoard {
        LargeBoard {
            board: empty(),
            ann: browser("Ann"),
        }
    }

    fn execute(&mut self, action: BoardAction) -> Event {
        let command = Command::Act(action);
        let at = Timestamp::default();
        let decision = decide(&self.board, &self.ann, &command, &Limits::UNLIMITED, at);
        let mut decision = decision.expect("a valid command");
        self.board = decision.board;
        decision.events.pop().expect("an event")
    }

    fn add_item(&mut self, text: &str) {
        self.execute(BoardAction::CreateItem {
            name: Some(name(text)),
            kind: None,
            fallback: name("Pizza"),
        });
    }

    /// Adds an item with `MANY` features, each vetoed.
    fn add_full_item(&mut self) -> ItemId {
        self.add_item("Everything");
        let item = ItemId(self.board.counters().item);
        for number in 0..MANY {
            self.execute(BoardAction::Suggest {
                name: name(&format!("Topping {number}")),
                amount: Amount::ONE,
                item: Some(item),
            });
            let feature = FeatureId(self.board.counters().feature);
            self.execute(BoardAction::Veto(feature));
        }
        item
    }
}

#[test]
fn operations_on_an_item_with_5000_features_can_be_undone() {
    let mut board = LargeBoard::new();
    let item = board.add_full_item();
    board.add_item("Funghi");
    let other = ItemId(board.board.counters().item);
    let rows = board.board.rows();
    for action in [
        BoardAction::Split(item),
        BoardAction::Merge { item, into: other },
        BoardAction::DeleteItem(item),
    ] {
        let event = board.execute(action);
        assert!(event.change.features.len() == MANY);
        let undone = board.execute(BoardAction::Undo(Box::new(event)));
        assert!(board.board.rows() == rows, "after {}", undone.number);
    }
    assert_eq!(board.board.stats().vetoed, MANY);
}
