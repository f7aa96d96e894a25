//! Rule 2 for several items at once: one event, which one undo takes back.

use proptest::prelude::*;
use savt::model::{
    Action, BoardAction, BoardObject, ItemId, Limit, Limits, MAX_NAMES, Name, Rejection,
};

use super::board_fixture::{BoardFixture, kind, name};

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| name(text)).collect()
}

fn create(texts: &[&str]) -> BoardAction {
    BoardAction::CreateItems {
        names: names(texts),
        kind: kind("vegan"),
    }
}

#[test]
fn taken_names_are_numbered_and_named() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.add_item("Ann", "Funghi");
    fixture.add_item("Ann", "Funghi-3");
    let decision = fixture.execute("Ann", create(&["Napoli", "funghi", "Funghi", "NAPOLI"]));
    let decision = decision.expect("four items");
    assert_eq!(decision.about, Some(BoardObject::Item(ItemId(3))));
    assert_eq!(decision.events.len(), 1);
    let expected = Action::CreatedItems {
        items: names(&["Napoli", "funghi-2", "Funghi-4", "NAPOLI-2"]),
        unlisted: 0,
        kind: kind("vegan"),
        taken: names(&["funghi", "Funghi", "NAPOLI"]),
        unlisted_taken: 0,
    };
    assert_eq!(*fixture.last_action(), expected);
}

#[test]
fn the_event_lists_the_first_names_and_counts_the_others() {
    let mut fixture = BoardFixture::empty();
    let texts = ["Funghi"; MAX_NAMES];
    fixture.execute("Ann", create(&texts)).expect("200 items");
    let Action::CreatedItems {
        items,
        unlisted,
        taken,
        unlisted_taken,
        ..
    } = fixture.last_action()
    else {
        panic!("{:?}", fixture.last_action());
    };
    assert_eq!((items.len(), *unlisted), (10, 190));
    assert_eq!((taken.len(), *unlisted_taken), (10, 189));
    assert_eq!(
        fixture.board.items().last().map(|item| item.name.as_str()),
        Some("Funghi-200")
    );
}

#[test]
fn a_limit_rejects_all_of_them() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    fixture.limits = Limits {
        items: 3,
        ..Limits::UNLIMITED
    };
    fixture.add_item("Ann", "Funghi");
    let rejection = Rejection::LimitExceeded {
        limit: Limit::Items,
        max: 3,
    };
    assert_eq!(
        fixture.execute("Ann", create(&["A", "B", "C"])).err(),
        Some(rejection)
    );
    assert_eq!(fixture.board.stats().items, 1);
    fixture
        .execute("Ann", create(&["A", "B"]))
        .expect("two items");
    fixture.limits = Limits {
        event_bytes: 1_000,
        ..Limits::UNLIMITED
    };
    let long = "x".repeat(90);
    let result = fixture.execute("Ann", create(&[long.as_str(); 9]));
    let limit = Limit::EventBytes;
    assert_eq!(
        result.err(),
        Some(Rejection::LimitExceeded { limit, max: 1_000 })
    );
}

proptest! {
    /// The names are those of one creation after the other; one undo and one redo concern all of them.
    #[test]
    fn several_items_are_as_one_after_the_other(
        present in prop::collection::vec("[ABab](-[23])?", 0..6),
        wanted in prop::collection::vec("[ABab](-[23])?", 1..12),
    ) {
        let mut fixture = BoardFixture::with_participants(["Ann"]);
        for text in &present {
            fixture.create_named("Ann", text).expect("an item");
        }
        let mut single = fixture.clone();
        for text in &wanted {
            single.create("Ann", Some(text), "vegan").expect("an item");
        }
        let before = fixture.lines();
        let texts: Vec<&str> = wanted.iter().map(String::as_str).collect();
        fixture.execute("Ann", create(&texts)).expect("items");
        let after = fixture.lines();
        prop_assert_eq!(&after, &single.lines());
        fixture.undo_last("Ann").expect("an undo");
        prop_assert_eq!(fixture.lines(), before);
        fixture.undo_last("Ann").expect("a redo");
        prop_assert_eq!(fixture.lines(), after);
    }
}
