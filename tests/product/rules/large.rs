//! Boards far larger than a table: the rules touch what they change, not the whole board.

use savt::model::{Amount, Board, Deed, Event, FeatureId, ItemId, Moment, Token, Wish, decide};

use super::table::{browser, empty, name};

const MANY: usize = 5_000;

/// A board and somebody who acts on it, without the checks after each step.
struct Desk {
    board: Board,
    ann: Token,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            board: empty(),
            ann: browser("Ann"),
        }
    }

    fn done(&mut self, deed: Deed) -> Event {
        let wish = Wish::Do(deed);
        let decision = decide(&self.board, &self.ann, &wish, Moment::default());
        let mut decision = decision.expect("nothing to refuse");
        self.board = decision.board;
        decision.events.pop().expect("an event")
    }

    fn item(&mut self, called: &str) {
        self.done(Deed::CreateItem {
            name: Some(name(called)),
            kind: None,
            fallback: name("Pizza"),
        });
    }

    /// An item with many features, each vetoed.
    fn full_item(&mut self) -> ItemId {
        self.item("Everything");
        let item = ItemId(self.board.last().item);
        for number in 0..MANY {
            self.done(Deed::Suggest {
                name: name(&format!("Topping {number}")),
                amount: Amount::ONE,
                item: Some(item),
            });
            let feature = FeatureId(self.board.last().feature);
            self.done(Deed::Veto(feature));
        }
        item
    }
}

#[test]
fn an_item_of_five_thousand_features_is_split_merged_and_deleted_and_all_is_undone() {
    let mut desk = Desk::new();
    let item = desk.full_item();
    desk.item("Funghi");
    let other = ItemId(desk.board.last().item);
    let rows = desk.board.rows();
    for deed in [
        Deed::Split(item),
        Deed::Merge { item, into: other },
        Deed::DeleteItem(item),
    ] {
        let event = desk.done(deed);
        assert!(event.change.features.len() == MANY);
        let undone = desk.done(Deed::Undo(Box::new(event)));
        assert!(desk.board.rows() == rows, "after {}", undone.number);
    }
    assert_eq!(desk.board.stats().vetoed, MANY);
}
