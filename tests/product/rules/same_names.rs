//! Rule 1: which names are the same, and boards of earlier versions that have several rows of what is now one name.

use savt::model::{
    BoardAction, BoardObject, BoardRows, Command, Counters, Edit, Event, FieldEdit, ItemId, Limits,
    Name, Rejection, Replay, decide,
};

use super::board_fixture::{BoardFixture, amount, browser, empty, kind, name};

#[test]
fn rule_1_a_participant_cannot_take_a_name_that_looks_like_another() {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    for text in ["Ann\u{200b}", "A\u{ad}NN", "\u{410}nn", "\u{430}nn"] {
        let rejection = fixture.rename("Bob", text).unwrap_err();
        assert!(
            matches!(rejection, Rejection::ParticipantNameTaken(_)),
            "{text:?}"
        );
        let rejection = fixture.rename("Cem", text).unwrap_err();
        assert!(
            matches!(rejection, Rejection::ParticipantNameTaken(_)),
            "{text:?}"
        );
    }
    fixture.claim("Bob", "\u{410}nn").unwrap();
    assert_eq!(fixture.participant_name("Bob").as_deref(), Some("Ann"));
    // One may take a name that looks like one's own.
    fixture.rename("Ann", "\u{410}nn").unwrap();
    assert_eq!(fixture.participant_names(), ["\u{410}nn", "Bob"]);
}

#[test]
fn rule_1_apostrophes_dashes_and_invisible_characters_make_no_other_feature_or_item() {
    let mut fixture = BoardFixture::with_participants(["Ann"]);
    for text in ["Mum's", "Mum’s", "mum\u{2bc}s\u{200b}"] {
        fixture.suggest("Ann", None, text, 1).unwrap();
    }
    fixture.suggest("Ann", None, "BBQ -", 1).unwrap();
    fixture.suggest("Ann", None, "BBQ \u{2212}", 1).unwrap();
    assert_eq!(fixture.lines(), ["free: Mum's×3, BBQ -×2"]);
    let item = fixture.add_item("Ann", "Quattro – Stagioni");
    fixture.add_item("Ann", "Quattro - Stagioni");
    assert_eq!(fixture.lines()[1], "Quattro - Stagioni-2");
    // Letters of another script are another item: only people could be taken for each other.
    fixture.add_item("Ann", "Qu\u{430}ttro – Stagioni");
    fixture
        .edit_item("Ann", item, "QUATTRO — STAGIONI", "")
        .unwrap();
}

/// A board of an earlier version, with pairs of names that are now the same, and its log.
fn old_board() -> (savt::model::Board, Vec<Event>) {
    let mut fixture = BoardFixture::with_participants(["Ann", "Bob"]);
    let item = fixture.add_item("Ann", "Two");
    fixture.add_item("Ann", "Three");
    fixture.add_feature("Ann", item, "Ham", 1);
    fixture.add_feature("Bob", item, "Egg", 1);
    let rename = |text: &Name| match text.as_str() {
        "Bob" => Name::from_stored("Ann\u{200b}".to_owned()),
        "Two" => Name::from_stored("BBQ -".to_owned()),
        "Three" => Name::from_stored("BBQ –".to_owned()),
        "Ham" => Name::from_stored("Mum's".to_owned()),
        "Egg" => Name::from_stored("Mum’s".to_owned()),
        _ => text.clone(),
    };
    fn each<R>(edits: &mut [Edit<R>], change: impl Fn(&mut R)) {
        for edit in edits {
            edit.before
                .iter_mut()
                .chain(&mut edit.after)
                .for_each(&change);
        }
    }
    let mut events = fixture.events.clone();
    for event in &mut events {
        let change = &mut event.change;
        each(&mut change.participants, |row| row.name = rename(&row.name));
        each(&mut change.items, |row| row.name = rename(&row.name));
        each(&mut change.features, |row| row.name = rename(&row.name));
    }
    let mut board = empty();
    for event in &events {
        board.apply(event);
    }
    (board, events)
}

#[test]
fn rule_1_a_board_of_an_earlier_version_keeps_names_that_are_now_the_same() {
    let (board, events) = old_board();
    let stats = board.stats();
    assert_eq!((stats.items, stats.features, stats.people), (2, 2, 2));
    let BoardRows { items, .. } = board.rows();
    assert_eq!(items.len(), 2);
    // The rows and the log give the same board.
    let counters: Counters = board.counters();
    let stored = empty().with_rows(board.version(), counters, board.renewals(), board.rows());
    let stored = stored.with_last_event_at(board.last_event_at());
    assert_eq!(stored, board);
    let mut findings = Vec::new();
    let mut replay = Replay::new(empty());
    for event in &events {
        replay.apply(event, |finding| findings.push(finding));
    }
    replay.finish(&stored, |finding| findings.push(finding));
    assert_eq!(findings, []);
}

#[test]
fn rule_1_rows_of_an_earlier_version_can_be_changed_and_undone() {
    let (board, _) = old_board();
    let execute = |board: &savt::model::Board, who: &str, command: Command| {
        let at = board.last_event_at().unwrap();
        decide(board, &browser(who), &command, &Limits::UNLIMITED, at)
    };
    let edit = |item: i64, name: Option<&Name>, to: &str| BoardAction::EditItem {
        item: ItemId(item),
        name: name.cloned().map(FieldEdit::replacing),
        kind: Some(FieldEdit::replacing(kind(to))),
        note: None,
    };
    // Both can be edited without renaming them, and that can be undone.
    for item in [1, 2] {
        let own = board.item_name(Some(ItemId(item)));
        for name in [None, own.as_ref()] {
            let decision = execute(&board, "Ann", edit(item, name, "vegan").into()).unwrap();
            let event = Box::new(decision.events[0].clone());
            let undone = execute(&decision.board, "Ann", BoardAction::Undo(event).into());
            assert_eq!(undone.unwrap().board.rows(), board.rows());
        }
    }
    // A new name must not be one that exists.
    let taken = name("bbq —");
    let rejection = execute(&board, "Ann", edit(1, Some(&taken), "").into()).unwrap_err();
    assert_eq!(rejection, Rejection::ItemNameTaken(name("BBQ –")));
    // Each is found by its own spelling.
    for (text, feature) in [("Mum's", 1), ("Mum’s", 2), ("MUM'S", 1)] {
        let suggest = BoardAction::Suggest {
            name: name(text),
            amount: amount(1),
            item: Some(ItemId(1)),
        };
        let about = execute(&board, "Ann", suggest.into()).unwrap().about;
        let expected = savt::model::FeatureId(feature);
        assert_eq!(about, Some(BoardObject::Feature(expected)), "{text}");
    }
    // A merge joins them, and loses nothing.
    let merge = BoardAction::Merge {
        item: ItemId(1),
        into: ItemId(2),
    };
    let merged = execute(&board, "Ann", merge.into()).unwrap();
    let features: Vec<_> = merged.board.features_of(Some(ItemId(2))).collect();
    assert_eq!((features.len(), features[0].amount), (1, amount(2)));
    let event = Box::new(merged.events[0].clone());
    let undone = execute(&merged.board, "Ann", BoardAction::Undo(event).into()).unwrap();
    assert_eq!(undone.board.rows(), board.rows());

    // A participant keeps the name, and can take another.
    let keep = Command::Rename(Name::from_stored("Ann\u{200b}".to_owned()));
    assert_eq!(execute(&board, "Bob", keep).unwrap().events, []);
    let taken = execute(&board, "Bob", Command::Rename(name("ANN"))).unwrap_err();
    assert_eq!(taken, Rejection::ParticipantNameTaken(name("ANN")));
    execute(&board, "Bob", Command::Rename(name("Bert"))).unwrap();
}
