//! Watches a board on which people play: what holds after every wish, whoever thinks of the wishes. The fuzzer plays with it
//! too (`tests/fuzz/`).

use std::collections::BTreeMap;

use savt::model::{
    Board, Browser, Change, Deed, Event, Feature, FeatureId, ItemId, Moment, Rows, Wish, decide,
};

use super::{
    table::{Said, Table, empty},
    whole,
};

pub(super) struct Watch {
    /// The board of another process, which hears of each event.
    follower: Board,
    births: Births,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            follower: empty(),
            births: Births::default(),
        }
    }
}

impl Watch {
    /// Sees what came of a wish.
    pub(super) fn see(&mut self, before: &Board, table: &Table, wish: &Wish, said: &Said) {
        let Ok(decision) = said else {
            assert_eq!(before, &table.board, "refused, and yet something changed");
            return;
        };
        self.births.watch(&table.rows());
        if decision.events.is_empty() {
            assert_eq!(before, &table.board, "without an event something changed");
        }
        nothing_is_lost(before, &table.board, wish, &decision.events);
        for event in &decision.events {
            let event = through_json(event);
            can_be_undone_at_once(&self.follower, &event);
            self.follower.apply(&event);
        }
        assert_eq!(&self.follower, &table.board);
    }

    /// Looks back on all of it.
    pub(super) fn end(&self, table: &Table) {
        whole::check_log(&table.board, &table.events);
        halves_come_to_the_whole(&table.events);
    }
}

/// An event as another process reads it from the log.
fn through_json(event: &Event) -> Event {
    let action = serde_json::to_string(&event.action).expect("an action as JSON");
    let change = serde_json::to_string(&event.change).expect("a change as JSON");
    let read = Event {
        action: serde_json::from_str(&action).expect("an action from JSON"),
        change: serde_json::from_str(&change).expect("a change from JSON"),
        ..event.clone()
    };
    assert_eq!(&read, event);
    read
}

/// Undo directly after a change gives back the rows exactly as they were.
fn can_be_undone_at_once(before: &Board, event: &Event) {
    let mut after = before.clone();
    after.apply(event);
    // Somebody who is here: a stranger would join, and that leaves a row.
    let here = after.rows().browsers;
    let Some(Browser { token, .. }) = here.first() else {
        return;
    };
    let wish = Wish::Do(Deed::Undo(Box::new(event.clone())));
    let undone = decide(&after, token, &wish, event.at);
    let undone = undone.unwrap_or_else(|no| panic!("{event:?} cannot be undone at once: {no:?}"));
    assert_eq!(undone.board.rows(), before.rows(), "undo of {event:?}");
    assert_eq!(undone.events.len(), 1);
    assert_eq!(undone.events[0].change, event.change.turned_round());
}

/// Who made a row, and when, never changes: an id is never given to another thing.
#[derive(Default)]
struct Births {
    people: BTreeMap<i64, Moment>,
    items: BTreeMap<i64, (i64, Moment)>,
    features: BTreeMap<i64, (i64, Moment)>,
}

impl Births {
    fn watch(&mut self, rows: &Rows) {
        for row in &rows.participants {
            let birth = *self.people.entry(row.id.0).or_insert(row.joined);
            assert_eq!(birth, row.joined, "{row:?}");
        }
        for row in &rows.items {
            let now = (row.author.0, row.created);
            assert_eq!(*self.items.entry(row.id.0).or_insert(now), now, "{row:?}");
        }
        for row in &rows.features {
            let now = (row.author.0, row.created);
            let birth = *self.features.entry(row.id.0).or_insert(now);
            assert_eq!(birth, now, "{row:?}");
        }
    }
}

fn halves_come_to_the_whole(events: &[Event]) {
    let net = |events: &[Event]| Change::net(events.iter().map(|event| &event.change));
    let (first, second) = events.split_at(events.len() / 2);
    assert_eq!(Change::net([&net(first), &net(second)]), net(events));
}

fn living(board: &Board) -> Vec<Feature> {
    let features = board.rows().features.into_iter();
    features.filter(Feature::lives).collect()
}

fn amounts(board: &Board) -> i64 {
    living(board)
        .iter()
        .map(|feature| i64::from(feature.amount.get()))
        .sum()
}

/// Move, merge, split and delete lose no veto, and but for delete no amount.
fn nothing_is_lost(before: &Board, after: &Board, wish: &Wish, events: &[Event]) {
    let Wish::Do(deed) = wish else { return };
    if events.is_empty() {
        return;
    }
    let of = |item: &ItemId| Some(*item);
    match deed {
        Deed::Move { feature, to } => {
            no_veto_is_lost(before, after, |one| (one.id == *feature).then(|| vec![*to]))
        }
        Deed::Merge { item, into } => no_veto_is_lost(before, after, |one| {
            (one.item == of(item)).then(|| vec![of(into)])
        }),
        Deed::Split(item) => {
            let new = |part: &ItemId| part.0 > before.last().item;
            let parts: Vec<ItemId> = after.items().map(|item| item.id).filter(new).collect();
            no_veto_is_lost(before, after, |one| {
                (one.item == of(item)).then(|| parts.iter().map(of).collect())
            });
        }
        Deed::DeleteItem(item) => {
            no_veto_is_lost(before, after, |one| {
                (one.item == of(item)).then(|| vec![None])
            });
            assert!(amounts(after) <= amounts(before));
            return;
        }
        _ => return,
    }
    assert_eq!(amounts(before), amounts(after), "after {deed:?}");
}

/// Every veto stands where it stood if its feature is there, and on each feature of that name at the places
/// the feature was to go to, if it was to go.
fn no_veto_is_lost(
    before: &Board,
    after: &Board,
    places: impl Fn(&Feature) -> Option<Vec<Option<ItemId>>>,
) {
    for feature in living(before) {
        let stays = after.living_feature(feature.id).is_ok();
        let heirs: Vec<FeatureId> = places(&feature)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|place| Some(after.feature_named(place, &feature.name)?.id))
            .collect();
        assert!(stays || !heirs.is_empty(), "{feature:?} went nowhere");
        for veto in before.vetoes_of(feature.id) {
            let here = !stays || after.has_vetoed(veto.participant, feature.id);
            let there = |heir: &FeatureId| after.has_vetoed(veto.participant, *heir);
            assert!(here && heirs.iter().all(there), "{veto:?} is lost");
            let why = |board: &Board, on| board.veto_by(veto.participant, on)?.reason.clone();
            for heir in heirs.iter().copied() {
                let either = why(before, heir).or(veto.reason.clone());
                assert_eq!(why(after, heir), either, "the reason of {veto:?}");
            }
            assert!(
                !stays || why(after, feature.id).is_some() || veto.reason.is_none(),
                "the reason of {veto:?} is lost"
            );
        }
    }
}
