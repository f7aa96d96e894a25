//! What holds whatever people do, in whatever order: rules 5 to 9 as properties.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use savt::model::{
    Action, Board, Change, Deed, Event, Feature, FeatureId, ItemId, Moment, Refusal, Rows, Wish,
    decide,
};

use super::{
    play::{BROWSERS, Turn, evening},
    table::{Table, browser, empty},
    whole,
};

proptest! {
    #[test]
    fn a_board_stays_whole_whatever_people_do(evening in evening()) {
        let mut table = Table::empty();
        let mut follower = empty();
        let mut births = Births::default();
        for turn in evening {
            let Some(wish) = turn.wish(&table) else { continue };
            let before = table.board.clone();
            let Ok(decision) = table.wish(turn.who, wish.clone()) else {
                prop_assert_eq!(&before, &table.board);
                continue;
            };
            births.watch(&table.rows());
            if decision.events.is_empty() {
                prop_assert_eq!(&before, &table.board);
            }
            nothing_is_lost(&before, &table.board, &wish, &decision.events);
            for event in &decision.events {
                let event = through_json(event);
                can_be_undone_at_once(&follower, &event);
                follower.apply(&event);
            }
            prop_assert_eq!(&follower, &table.board);
        }
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
    let here = BROWSERS.map(browser);
    let Some(who) = here.iter().find(|browser| after.actor(browser).is_some()) else {
        return;
    };
    let wish = Wish::Do(Deed::Undo(Box::new(event.clone())));
    let undone = decide(&after, who, &wish, event.at);
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

/// The players do get everywhere, or the property above would prove less than it says.
#[test]
fn the_players_reach_every_kind_of_event_and_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..300 {
        let turns = evening()
            .new_tree(&mut runner)
            .expect("an evening")
            .current();
        play(turns, &mut reached);
    }
    let wanted = "Joined Renamed Claimed CreatedItem EditedItem Merged Split DeletedItem Suggested Added \
        EditedFeature Moved DeletedFeature Vetoed GaveReason TookBack Undid Redid \
        Unknown Gone ItemNameTaken FeatureNameTaken ParticipantNameTaken IntoItself NothingToSplit ChangedSince \
        Undone Deleted Restored KindChanged AmountChanged VetoChanged BrowserChanged BuiltUpon NameTaken \
        OwnerGone TookPart lost stays left over Full reason unsaid";
    let missing: Vec<&str> = wanted
        .split_whitespace()
        .filter(|what| !reached.contains(*what))
        .collect();
    assert_eq!(missing, [""; 0], "never reached");
}

fn play(turns: Vec<Turn>, reached: &mut BTreeSet<String>) {
    let mut table = Table::empty();
    for turn in turns {
        let Some(wish) = turn.wish(&table) else {
            continue;
        };
        match table.wish(turn.who, wish) {
            Ok(decision) => {
                reached.extend(decision.note.as_ref().map(variant));
                for event in decision.events {
                    reached.insert(variant(&event.action));
                    reached.extend(remarkable(&event.action).map(str::to_owned));
                }
            }
            Err(refusal) => {
                reached.insert(variant(&refusal));
                if let Refusal::ChangedSince(drift) = refusal {
                    reached.insert(variant(&drift));
                }
            }
        }
    }
}

/// The name of an enum's variant.
fn variant(of: &impl std::fmt::Debug) -> String {
    let text = format!("{of:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

fn remarkable(action: &Action) -> Option<&'static str> {
    match action {
        Action::DeletedItem { lost, .. } if !lost.is_empty() => Some("lost"),
        Action::Merged { stays: true, .. } => Some("stays"),
        Action::Moved { left: Some(_), .. } => Some("left"),
        Action::Added { over: Some(_), .. } => Some("over"),
        Action::Vetoed {
            reason: Some(_), ..
        } => Some("reason"),
        Action::GaveReason { reason: None, .. } => Some("unsaid"),
        _ => None,
    }
}
