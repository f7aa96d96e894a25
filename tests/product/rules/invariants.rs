//! The invariants that hold for every board after every event.

use std::collections::{BTreeMap, BTreeSet};

use savt::model::{
    Board, BoardRows, Change, ConsentCount, ConsentState, Edit, Event, Participant, ParticipantId,
    Standing,
};

use super::board_fixture::empty;

/// Checks that names are unique, references valid, numbers gapless, and totals and indexes consistent with the rows.
pub(super) fn check(board: &Board, events: &[Event]) {
    let rows = board.rows();
    check_unique_names(&rows);
    check_references(&rows);
    check_given_to(&rows);
    check_event_numbers(board, events);
    check_totals(board, &rows);
    check_consents(board, &rows, events);
    let rebuilt = empty()
        .with_rows(board.version(), board.counters(), board.renewals(), rows)
        .with_last_event_at(board.last_event_at());
    assert_eq!(
        &rebuilt, board,
        "the indexes differ from those rebuilt from the rows"
    );
}

/// Checks the events of one command.
pub(super) fn check_new_events(events: &[Event]) {
    for event in events {
        let is_empty = event.change.is_empty();
        assert!(!is_empty, "an event without a change: {event:?}");
    }
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

/// Rule 14, in the plainest way: a consent is outdated if somebody else added, renamed, brought back or increased anything after it.
fn check_consents(board: &Board, rows: &BoardRows, events: &[Event]) {
    let standing = |id: ParticipantId| {
        let consent = rows.consents.iter().find(|row| row.participant == id);
        let as_of = match consent.map(|row| row.state) {
            None => return Standing::NotYet,
            Some(ConsentState::NotTakingPart) => return Standing::NotTakingPart,
            Some(ConsentState::Fine { as_of }) => as_of,
        };
        let later = events.iter().filter(|event| event.number > as_of);
        let mut by_others = later.filter(|event| event.actor.id != id);
        match by_others.any(adds_anything) {
            true => Standing::Outdated,
            false => Standing::Fine,
        }
    };
    let mut count = ConsentCount::default();
    let mut all_are_fine = true;
    let mut is_anybody_needed = false;
    for person in &rows.participants {
        let id = person.id;
        assert_eq!(board.standing(id), standing(id), "{person:?}");
        let took_part = rows.vetoes.iter().any(|veto| veto.participant == id)
            || rows.items.iter().any(|item| item.author == id)
            || rows.features.iter().any(|feature| feature.author == id);
        let has_name = !Participant::is_default_name(&person.name);
        let is_needed = (has_name || took_part) && standing(id) != Standing::NotTakingPart;
        assert_eq!(board.is_needed(id), is_needed, "{person:?}");
        let is_fine = standing(id) == Standing::Fine;
        count.fine += usize::from(is_fine);
        count.of += usize::from(is_fine || is_needed);
        is_anybody_needed |= is_needed;
        all_are_fine &= is_fine || !is_needed;
    }
    assert_eq!(board.consent_count(), count);
    let live = |id| {
        rows.features
            .iter()
            .find(|row| row.id == id && row.is_live())
    };
    let vetoed = rows
        .vetoes
        .iter()
        .filter_map(|veto| live(veto.feature)?.item);
    let vetoed: BTreeSet<_> = vetoed.collect();
    let items = rows.items.iter().filter(|item| item.is_live());
    let acceptable = items.filter(|item| !vetoed.contains(&item.id)).count();
    let is_agreed = is_anybody_needed && all_are_fine && acceptable > 0;
    assert_eq!(board.is_agreed(), is_agreed, "agreed");
    for consent in &rows.consents {
        let mut people = rows.participants.iter();
        assert!(
            people.any(|row| row.id == consent.participant),
            "{consent:?}"
        );
    }
}

fn adds_anything(event: &Event) -> bool {
    let items = event.change.items.iter().any(|edit| {
        let after = edit.after.as_ref().filter(|row| row.is_live());
        let before = edit.before.as_ref().filter(|row| row.is_live());
        after.is_some_and(|after| before.is_none_or(|before| before.name != after.name))
    });
    let features = event.change.features.iter().any(|edit| {
        let after = edit.after.as_ref().filter(|row| row.is_live());
        let before = edit.before.as_ref().filter(|row| row.is_live());
        after.is_some_and(|after| {
            before.is_none_or(|before| before.name != after.name || before.amount < after.amount)
        })
    });
    items || features
}

/// Checks that the log alone determines the board: by replaying it, and by the net change of all events.
pub(super) fn check_log(board: &Board, events: &[Event]) {
    let mut replayed = empty();
    for event in events {
        let was_agreed = replayed.is_agreed();
        replayed.apply(event);
        assert_eq!(event.makes_agreed, !was_agreed && replayed.is_agreed());
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
        consents: rows(change.consents),
        settings: rows(change.settings),
    }
}
