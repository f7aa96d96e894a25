//! Rule 17: a copy equals its origin, and the two share nothing.

use proptest::prelude::*;
use savt::model::{
    Action, Amount, BoardAction, BoardContent, BoardTerminology, Command, FeatureContent,
    FieldEdit, ItemContent, Limit, Limits, Rejection, SettingsEdit, Word,
};

use super::{
    board_fixture::{BoardFixture, amount, kind, name, note, purpose},
    invariants,
    random_commands::command_sequence,
};

fn fill(who: &str, fixture: &mut BoardFixture, content: &BoardContent) -> Result<(), Rejection> {
    let command = Command::Fill {
        name: Some(name(who)),
        content: Box::new(content.clone()),
    };
    fixture.execute(who, command).map(|_| ())
}

fn word(text: &str) -> Word {
    Word::parse(text).unwrap()
}

fn words() -> BoardTerminology {
    BoardTerminology {
        item: word("pizza"),
        items: word("pizzas"),
        feature: word("topping"),
        features: word("toppings"),
    }
}

fn feature(text: &str, number: i64) -> FeatureContent {
    FeatureContent {
        name: name(text),
        amount: amount(number),
    }
}

fn pizzas() -> BoardContent {
    BoardContent {
        from: Some(name("Friday")),
        purpose: purpose("Which pizza?\nAt eight."),
        terminology: Some(words()),
        items: vec![
            ItemContent {
                name: name("Funghi"),
                kind: kind("vegan"),
                note: note("Via Roma 7"),
                features: vec![feature("Mushrooms", 2), feature("Basil", 1)],
            },
            ItemContent {
                name: name("Napoli"),
                kind: None,
                note: None,
                features: Vec::new(),
            },
        ],
        features: vec![feature("Garlic", 3)],
    }
}

#[test]
fn the_maker_of_a_board_adds_its_content_in_one_event() {
    let mut fixture = BoardFixture::empty();
    fill("Ann", &mut fixture, &pizzas()).unwrap();
    let copied = BoardContent {
        from: None,
        ..pizzas()
    };
    assert_eq!(fixture.board.content(), copied);
    let expected = Action::Filled {
        from: Some(name("Friday")),
        items: 2,
        features: 3,
    };
    assert_eq!(fixture.last_action(), &expected);
    assert_eq!(fixture.version(), 2);
    assert_eq!(fixture.participant_names(), ["Ann"]);
    let ann = fixture.participant_id("Ann");
    let rows = fixture.rows();
    assert!(rows.items.iter().all(|item| item.author == ann));
    assert!(rows.features.iter().all(|feature| feature.author == ann));

    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.board.content(), BoardContent::default());
    fixture.undo_last("Ann").unwrap();
    assert_eq!(fixture.board.content(), copied);
}

#[test]
fn nothing_to_add_is_no_event() {
    let mut fixture = BoardFixture::empty();
    fill("Ann", &mut fixture, &BoardContent::default()).unwrap();
    assert_eq!(fixture.version(), 0);
    assert!(fixture.participant_names().is_empty());
}

#[test]
fn taken_names_are_numbered_and_amounts_are_added() {
    let mut fixture = BoardFixture::empty();
    fill("Ann", &mut fixture, &pizzas()).unwrap();
    fill("Ann", &mut fixture, &pizzas()).unwrap();
    let expected = [
        "Funghi (vegan): Mushrooms×2, Basil",
        "Napoli",
        "Funghi-2 (vegan): Mushrooms×2, Basil",
        "Napoli-2",
        "free: Garlic×3",
    ];
    assert_eq!(fixture.lines(), expected);
}

/// A board with one item of many features, and as many items without any.
fn large(count: i64) -> BoardContent {
    let many = |prefix: &str| {
        (0..count)
            .map(|n| format!("{prefix} {n}"))
            .collect::<Vec<_>>()
    };
    let item = |text: &str, features| ItemContent {
        name: name(text),
        kind: None,
        note: note("Via Roma 7"),
        features,
    };
    let features = many("Ham").iter().map(|text| feature(text, 1)).collect();
    let mut items = vec![item("Large", features)];
    items.extend(many("Small").iter().map(|text| item(text, Vec::new())));
    BoardContent {
        items,
        ..BoardContent::default()
    }
}

#[test]
fn a_large_content_becomes_several_events_below_the_limit() {
    let event_bytes = 10_000;
    let mut fixture = BoardFixture::empty();
    fixture.limits = Limits {
        event_bytes,
        ..Limits::UNLIMITED
    };
    let content = large(300);
    fill("Ann", &mut fixture, &content).unwrap();
    assert_eq!(fixture.board.content(), content);
    let sizes: Vec<usize> = fixture.events[1..]
        .iter()
        .map(|event| serde_json::to_string(&event.change).unwrap().len())
        .collect();
    assert!(sizes.len() > 5);
    let (_, full) = sizes.split_last().unwrap();
    for size in full {
        assert!((event_bytes - 500..=event_bytes).contains(size), "{size}");
    }
    let counted = fixture.events.iter().map(|event| match event.action {
        Action::Filled {
            items, features, ..
        } => (items, features),
        _ => (0, 0),
    });
    let total = counted.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    assert_eq!(total, (301, 300));
    // Each part can be undone, the last one first.
    for number in (2..=fixture.version()).rev() {
        fixture.undo("Ann", number).unwrap();
    }
    assert_eq!(fixture.board.content(), BoardContent::default());
}

#[test]
fn a_content_beyond_the_limits_is_rejected() {
    let content = large(20);
    for (limit, limits) in [
        (
            Limit::Items,
            Limits {
                items: 20,
                ..Limits::UNLIMITED
            },
        ),
        (
            Limit::Features,
            Limits {
                features: 19,
                ..Limits::UNLIMITED
            },
        ),
        (
            Limit::EventBytes,
            Limits {
                event_bytes: 50,
                ..Limits::UNLIMITED
            },
        ),
    ] {
        let mut fixture = BoardFixture::empty();
        fixture.limits = limits;
        let rejected = fill("Ann", &mut fixture, &content).unwrap_err();
        let max = limits.max(limit);
        assert_eq!(rejected, Rejection::LimitExceeded { limit, max });
        assert_eq!(fixture.version(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_copy_equals_its_origin_and_shares_nothing_with_it(
        before in command_sequence(),
        after in command_sequence(),
        event_bytes in prop_oneof![Just(600_usize), Just(usize::MAX)],
    ) {
        let mut origin = BoardFixture::empty();
        let _ = origin.execute("a", BoardAction::EditSettings(Box::new(SettingsEdit {
            terminology: Some(FieldEdit::replacing(Some(words()))),
            ..SettingsEdit::default()
        })));
        for random in &before {
            if let Some(command) = random.command(&origin) {
                let _ = origin.execute(random.who, command);
            }
        }
        let content = origin.board.content();
        let mut copy = BoardFixture::empty();
        copy.limits = Limits { event_bytes, ..Limits::UNLIMITED };
        match fill("d", &mut copy, &content) {
            Ok(()) => prop_assert_eq!(copy.board.content(), content),
            // A single row may be larger than the smaller limit.
            Err(rejected) => {
                let limit = Limit::EventBytes;
                prop_assert_eq!(rejected, Rejection::LimitExceeded { limit, max: 600 });
            }
        }
        prop_assert!(copy.rows().vetoes.is_empty() && copy.rows().consents.is_empty());
        prop_assert!(copy.participant_names().len() <= 1);
        invariants::check_log(&copy.board, &copy.events);

        // Changes of one never show on the other.
        copy.limits = Limits::UNLIMITED;
        let (origin_then, copy_then) = (origin.board.clone(), copy.board.clone());
        for random in &after {
            if let Some(command) = random.command(&copy) {
                let _ = copy.execute(random.who, command);
            }
        }
        prop_assert_eq!(&origin.board, &origin_then);
        let copy_now = copy.board.clone();
        for random in &after {
            if let Some(command) = random.command(&origin) {
                let _ = origin.execute(random.who, command);
            }
        }
        prop_assert_eq!(&copy.board, &copy_now);
        prop_assert!(copy_now.version() >= copy_then.version());
    }
}

#[test]
fn amounts_are_copied_as_they_are() {
    for number in 1..=i64::from(Amount::MAX.get()) {
        let mut origin = BoardFixture::empty();
        origin.add_feature("Ann", None, "Ham", number);
        let mut copy = BoardFixture::empty();
        fill("Bob", &mut copy, &origin.board.content()).unwrap();
        assert_eq!(copy.board.content(), origin.board.content());
    }
}
