//! The invariants that hold for every board after every event.

use std::collections::{BTreeMap, BTreeSet};

use savt::model::{Board, BoardRows, Change, Edit, Event};

use super::board_fixture::empty;

/// Checks that names are unique, references valid, numbers gapless, and totals and indexes consistent with the rows.
pub(super) fn check(board: &Board, events: &[Event]) {
    let rows = board.rows();
    check_unique_names(&rows);
    check_references(&rows);
    check_given_to(&rows);
    check_event_numbers(board, events);
    check_totals(board, &rows);
    let rebuilt = empty()
        .with_rows(board.version(), board.counters(), rows)
        .with_last_event_at(board.last_event_at());
    assert_eq!(
        &rebuilt, board,
        "the indexes differ from those rebuilt from the rows"
    );
}

fn check_unique_names(rows: &BoardRows) {
    let mut seen = BTreeSet::new();
    for item in rows.items.iter().filter(|item| item.is_live()) {
        assert!(
            seen.insert(item.name.key()),
            "two items named {}",
            item.name
        );
    }
    let mut seen = BTreeSet::new();
    for feature in rows.features.iter().filter(|feature| feature.is_live()) {
        let key = (feature.item, feature.name.key());
        assert!(seen.insert(key), "two features named {}", feature.name);
    }
    let mut seen = BTreeSet::new();
    for participant in &rows.participants {
        let name = &participant.name;
        for key in name.look_alike_keys() {
            assert!(seen.insert(key), "two participants named {name}");
        }
    }
}

/// Every referenced row exists, and live features belong to live items.
fn check_references(rows: &BoardRows) {
    let participants: BTreeSet<_> = rows.participants.iter().map(|row| row.id).collect();
    let items: BTreeMap<_, _> = rows.items.iter().map(|item| (item.id, item)).collect();
    let features: BTreeSet<_> = rows.features.iter().map(|feature| feature.id).collect();
    for browser in &rows.browsers {
        assert!(participants.contains(&browser.participant), "{browser:?}");
    }
    for item in &rows.items {
        assert!(participants.contains(&item.author), "no author: {item:?}");
    }
    for feature in &rows.features {
        assert!(
            participants.contains(&feature.author),
            "no author: {feature:?}"
        );
        if let Some(owner) = feature.item {
            let owner = items.get(&owner);
            let owner = owner.unwrap_or_else(|| panic!("no item: {feature:?}"));
            assert!(
                owner.is_live() || !feature.is_live(),
                "{owner:?} {feature:?}"
            );
        }
    }
    for veto in &rows.vetoes {
        assert!(features.contains(&veto.feature), "{veto:?}");
        assert!(participants.contains(&veto.participant), "{veto:?}");
    }
}

/// A veto says what it was given to if and only if that is not the name of its feature.
fn check_given_to(rows: &BoardRows) {
    for veto in rows.vetoes.iter() {
        let mut features = rows.features.iter();
        let feature = features.find(|feature| feature.id == veto.feature);
        if let (Some(feature), Some(given_to)) = (feature, &veto.given_to) {
            assert_ne!(feature.name.key(), given_to.key(), "{veto:?}");
        }
    }
}

fn check_event_numbers(board: &Board, events: &[Event]) {
    assert_eq!(board.version(), events.len() as i64);
    if let Some(last) = events.last() {
        assert_eq!(last.number, board.version());
        assert!(
            !last.change.is_empty(),
            "an event without a change: {last:?}"
        );
    }
}

fn check_totals(board: &Board, rows: &BoardRows) {
    let stats = board.stats();
    let vetoed = |id| rows.vetoes.iter().any(|veto| veto.feature == id);
    let features = || rows.features.iter().filter(|feature| feature.is_live());
    assert_eq!(
        stats.items,
        rows.items.iter().filter(|item| item.is_live()).count()
    );
    assert_eq!(stats.features, features().count());
    assert_eq!(
        stats.vetoed,
        features().filter(|feature| vetoed(feature.id)).count()
    );
    assert_eq!(stats.people, rows.participants.len());
}

/// Checks that the log alone determines the board: by replaying it, and by the net change of all events.
pub(super) fn check_log(board: &Board, events: &[Event]) {
    let mut replayed = empty();
    for event in events {
        replayed.apply(event);
    }
    assert_eq!(&replayed, board, "replaying the log gives another board");
    let rows = inserted_rows(Change::net(events.iter().map(|event| &event.change)));
    assert_eq!(rows, board.rows(), "the net change differs from the rows");
}

/// The rows of a change that only inserts.
fn inserted_rows(change: Change) -> BoardRows {
    fn rows<R: std::fmt::Debug>(edits: Vec<Edit<R>>) -> Vec<R> {
        let inserted = |edit: Edit<R>| {
            assert!(edit.before.is_none(), "existed before: {edit:?}");
            edit.after.expect("an inserted row")
        };
        edits.into_iter().map(inserted).collect()
    }
    BoardRows {
        participants: rows(change.participants),
        browsers: rows(change.browsers),
        items: rows(change.items),
        features: rows(change.features),
        vetoes: rows(change.vetoes),
    }
}
