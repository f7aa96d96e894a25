//! What is true of every board after every event, whatever people do.

use std::collections::{BTreeMap, BTreeSet};

use savt::model::{Board, Change, Edit, Event, Rows};

use super::table::empty;

/// Checks a board against its rows and its numbers.
pub(super) fn check(board: &Board, events: &[Event]) {
    let rows = board.rows();
    names_are_unique(&rows);
    nothing_hangs(&rows);
    numbers_are_gapless(board, events);
    counts_agree(board, &rows);
    let rebuilt = empty().restored(board.version(), board.last(), rows);
    assert_eq!(&rebuilt, board, "the indexes do not agree with the rows");
}

fn names_are_unique(rows: &Rows) {
    let mut seen = BTreeSet::new();
    for item in rows.items.iter().filter(|item| item.lives()) {
        assert!(seen.insert(item.name.key()), "two items {}", item.name);
    }
    let mut seen = BTreeSet::new();
    for feature in rows.features.iter().filter(|feature| feature.lives()) {
        let key = (feature.item, feature.name.key());
        assert!(seen.insert(key), "two features {}", feature.name);
    }
    let mut seen = BTreeSet::new();
    for person in &rows.participants {
        assert!(seen.insert(person.name.key()), "two people {}", person.name);
    }
}

/// Whatever a row names is there, and what lives belongs to what lives.
fn nothing_hangs(rows: &Rows) {
    let people: BTreeSet<_> = rows.participants.iter().map(|person| person.id).collect();
    let items: BTreeMap<_, _> = rows.items.iter().map(|item| (item.id, item)).collect();
    let features: BTreeSet<_> = rows.features.iter().map(|feature| feature.id).collect();
    for browser in &rows.browsers {
        assert!(people.contains(&browser.participant), "{browser:?}");
    }
    for item in &rows.items {
        assert!(people.contains(&item.author), "nobody made {item:?}");
    }
    for feature in &rows.features {
        assert!(people.contains(&feature.author), "nobody made {feature:?}");
        if let Some(owner) = feature.item {
            let owner = items.get(&owner);
            let owner = owner.unwrap_or_else(|| panic!("no item has {feature:?}"));
            assert!(owner.lives() || !feature.lives(), "{owner:?} {feature:?}");
        }
    }
    for veto in &rows.vetoes {
        assert!(features.contains(&veto.feature), "{veto:?}");
        assert!(people.contains(&veto.participant), "{veto:?}");
    }
}

fn numbers_are_gapless(board: &Board, events: &[Event]) {
    assert_eq!(board.version(), events.len() as i64);
    if let Some(last) = events.last() {
        assert_eq!(last.number, board.version());
        assert!(!last.change.is_empty(), "an event of nothing: {last:?}");
    }
}

fn counts_agree(board: &Board, rows: &Rows) {
    let stats = board.stats();
    let vetoed = |id| rows.vetoes.iter().any(|veto| veto.feature == id);
    let features = || rows.features.iter().filter(|feature| feature.lives());
    assert_eq!(
        stats.items,
        rows.items.iter().filter(|item| item.lives()).count()
    );
    assert_eq!(stats.features, features().count());
    assert_eq!(
        stats.vetoed,
        features().filter(|feature| vetoed(feature.id)).count()
    );
    assert_eq!(stats.people, rows.participants.len());
}

/// Checks that the log alone tells everything: a board that follows it from empty, and what it all comes to.
pub(super) fn check_log(board: &Board, events: &[Event]) {
    let mut follower = empty();
    for event in events {
        follower.apply(event);
    }
    assert_eq!(&follower, board, "the log replayed gives another board");
    let rows = made(Change::net(events.iter().map(|event| &event.change)));
    assert_eq!(rows, board.rows(), "the log does not come to the rows");
}

/// The rows a change makes that starts from nothing.
fn made(change: Change) -> Rows {
    fn after<R: std::fmt::Debug>(edits: Vec<Edit<R>>) -> Vec<R> {
        let made = |edit: Edit<R>| {
            assert!(edit.before.is_none(), "was there before: {edit:?}");
            edit.after.expect("a row in the end")
        };
        edits.into_iter().map(made).collect()
    }
    Rows {
        participants: after(change.participants),
        browsers: after(change.browsers),
        items: after(change.items),
        features: after(change.features),
        vetoes: after(change.vetoes),
    }
}
