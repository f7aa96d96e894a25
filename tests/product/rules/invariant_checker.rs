//! Checks what must hold after every command, for random commands here and those of the fuzzer (`tests/fuzz/`): replay, undo,
//! stable ids, and rules 5 to 8 (no veto and no amount is lost).

use std::collections::BTreeMap;

use savt::model::{
    Action, Board, BoardAction, BoardRows, Browser, Change, Command, Consent, ConsentState, Edit,
    Event, Feature, FeatureId, Identity, ItemId, Limits, ParticipantId, Rejection, Standing,
    Timestamp, Veto, decide,
};

use super::{
    board_fixture::{BoardFixture, ExecuteResult, empty},
    invariants,
};

pub(super) struct InvariantChecker {
    /// The board of another process, which applies each event.
    replica: Board,
    creations: Creations,
}

impl Default for InvariantChecker {
    fn default() -> InvariantChecker {
        InvariantChecker {
            replica: empty(),
            creations: Creations::default(),
        }
    }
}

impl InvariantChecker {
    /// Checks the result of a command.
    pub(super) fn check(
        &mut self,
        before: &Board,
        fixture: &BoardFixture,
        command: &Command,
        result: &ExecuteResult,
    ) {
        let Ok(decision) = result else {
            assert_eq!(
                before, &fixture.board,
                "a rejected command changed the board"
            );
            return;
        };
        self.creations.check(&fixture.rows());
        if decision.events.is_empty() {
            assert_eq!(before, &fixture.board, "the board changed without an event");
        }
        check_nothing_lost(before, &fixture.board, command, &decision.events);
        for event in &decision.events {
            let event = through_json(event);
            check_undo(&self.replica, &event);
            let before = self.replica.clone();
            self.replica.apply(&event);
            check_authors(&before, &self.replica, &event);
            check_hand_over(&before, &self.replica, &event);
        }
        assert_eq!(&self.replica, &fixture.board);
    }

    /// Checks the complete log.
    pub(super) fn finish(&self, fixture: &BoardFixture) {
        invariants::check_log(&fixture.board, &fixture.events);
        check_net_changes_compose(&fixture.events);
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

/// Undoing an event immediately restores the exact rows before it; a change of a veto or a consent can be undone by nobody else than its owner.
fn check_undo(before: &Board, event: &Event) {
    let mut after = before.clone();
    after.apply(event);
    let owner = owner_of(event);
    if after.closed(event.at).is_some() && !event.change.is_closing_only() {
        return;
    }
    // Existing participants: a new browser would join, which adds a row.
    for Browser { id, participant } in after.rows().browsers {
        // Would take part again, which is another change.
        if after.standing(participant) == Standing::NotTakingPart {
            continue;
        }
        let command = Command::Act(BoardAction::Undo(Box::new(event.clone())));
        let undone = decide(&after, &id, &command, &Limits::UNLIMITED, event.at);
        let is_refused = matches!(
            undone,
            Err(Rejection::NotOwnVeto(_) | Rejection::NotOwnConsent(_))
        );
        let is_foreign = owner.is_some_and(|owner| owner != participant);
        assert_eq!(is_refused, is_foreign, "undo of {event:?} by {participant}");
        let offered = Identity::Open.may_undo(&after, event, Some(participant));
        assert_eq!(offered, !is_refused);
        if is_refused {
            continue;
        }
        let undone =
            undone.unwrap_or_else(|rejection| panic!("cannot undo {event:?}: {rejection:?}"));
        assert_eq!(undone.board.rows(), before.rows(), "undo of {event:?}");
        assert_eq!(undone.events.len(), 1);
        assert_eq!(undone.events[0].change, event.change.inverse());
    }
}

/// Whose veto or consent an event gave, changed or withdrew; none for other events.
fn owner_of(event: &Event) -> Option<ParticipantId> {
    let mut action = &event.action;
    while let Action::Undid { what, .. } | Action::Redid { what, .. } = action {
        action = what;
    }
    match action {
        Action::Vetoed { .. } | Action::GaveReason { .. } | Action::WithdrewVeto { .. } => {
            let mut vetoes = event.change.vetoes.iter().filter_map(Edit::latest);
            vetoes.next().map(|veto| veto.participant)
        }
        Action::Consented | Action::WithdrewConsent => {
            let mut consents = event.change.consents.iter().filter_map(Edit::latest);
            consents.next().map(|consent| consent.participant)
        }
        _ => None,
    }
}

/// Only an event that makes everything of one participant another's, its undo and its redo change authors.
fn check_authors(before: &Board, after: &Board, event: &Event) {
    let may_change = match &event.action {
        Action::HandedOver { .. } => true,
        Action::Undid { what, .. } | Action::Redid { what, .. } => {
            matches!(**what, Action::HandedOver { .. })
        }
        _ => false,
    };
    if may_change {
        return;
    }
    let (before, after) = (before.rows(), after.rows());
    let items = |rows: &BoardRows| -> BTreeMap<_, _> {
        rows.items.iter().map(|row| (row.id, row.author)).collect()
    };
    let features = |rows: &BoardRows| -> BTreeMap<_, _> {
        let features = rows.features.iter();
        features.map(|row| (row.id, row.author)).collect()
    };
    for (id, author) in items(&after) {
        assert!(
            items(&before).get(&id).is_none_or(|was| *was == author),
            "{event:?}"
        );
    }
    for (id, author) in features(&after) {
        assert!(
            features(&before).get(&id).is_none_or(|was| *was == author),
            "{event:?}"
        );
    }
}

/// Rule 12: everything that the unnamed participant did is the claimed one's, no veto and no reason is lost, and nobody else's
/// rows change.
fn check_hand_over(before: &Board, after: &Board, event: &Event) {
    let Action::HandedOver { name, was } = &event.action else {
        return;
    };
    let from = before.participant_named(was).expect("it was there").id;
    let to = before.participant_named(name).expect("it was there").id;
    assert_eq!(before.browsers_of(from).count(), 1, "{event:?}");
    assert_eq!(
        after.browsers_of(to).count(),
        before.browsers_of(to).count() + 1
    );
    let author = |author| if author == from { to } else { author };
    let mut expected = before.rows();
    expected.participants.retain(|row| row.id != from);
    for browser in &mut expected.browsers {
        browser.participant = author(browser.participant);
    }
    for item in &mut expected.items {
        item.author = author(item.author);
    }
    for feature in &mut expected.features {
        feature.author = author(feature.author);
    }
    let mut vetoes = BTreeMap::new();
    // The vetoes of `to` first, because they are kept.
    expected.vetoes.sort_by_key(|veto| veto.participant == from);
    for veto in expected.vetoes {
        let key = (veto.feature, author(veto.participant));
        let joined = vetoes.entry(key).or_insert_with(|| Veto {
            participant: key.1,
            ..veto.clone()
        });
        joined.reason = joined.reason.take().or(veto.reason);
        joined.given_to = joined.given_to.take().filter(|_| veto.given_to.is_some());
    }
    expected.vetoes = vetoes.into_values().collect();
    let consents = expected.consents.iter();
    let (own, others): (Vec<_>, Vec<_>) = consents
        .cloned()
        .partition(|row| [from, to].contains(&row.participant));
    if own.iter().any(|row| row.participant == from) {
        let as_of = own.iter().filter_map(|row| match row.state {
            ConsentState::Fine { as_of } => Some(as_of),
            ConsentState::NotTakingPart => None,
        });
        expected.consents = others;
        expected.consents.extend(as_of.max().map(|as_of| Consent {
            participant: to,
            state: ConsentState::Fine { as_of },
        }));
        expected.consents.sort_by_key(|row| row.participant);
    }
    assert_eq!(after.rows(), expected, "{event:?}");
}

/// The creation time of each row, which never changes: ids are never reused.
#[derive(Default)]
struct Creations {
    participants: BTreeMap<i64, Timestamp>,
    items: BTreeMap<i64, Timestamp>,
    features: BTreeMap<i64, Timestamp>,
}

impl Creations {
    fn check(&mut self, rows: &BoardRows) {
        for row in &rows.participants {
            let joined = *self.participants.entry(row.id.0).or_insert(row.joined);
            assert_eq!(joined, row.joined, "{row:?}");
        }
        for row in &rows.items {
            let created = *self.items.entry(row.id.0).or_insert(row.created);
            assert_eq!(created, row.created, "{row:?}");
        }
        for row in &rows.features {
            let created = *self.features.entry(row.id.0).or_insert(row.created);
            assert_eq!(created, row.created, "{row:?}");
        }
    }
}

fn check_net_changes_compose(events: &[Event]) {
    let net = |events: &[Event]| Change::net(events.iter().map(|event| &event.change));
    let (first, second) = events.split_at(events.len() / 2);
    assert_eq!(Change::net([&net(first), &net(second)]), net(events));
}

fn live_features(board: &Board) -> Vec<Feature> {
    let features = board.rows().features.into_iter();
    features.filter(Feature::is_live).collect()
}

fn total_amount(board: &Board) -> i64 {
    live_features(board)
        .iter()
        .map(|feature| i64::from(feature.amount.get()))
        .sum()
}

/// Move, merge, split and delete lose no veto; all but delete preserve the total amount.
fn check_nothing_lost(before: &Board, after: &Board, command: &Command, events: &[Event]) {
    let Command::Act(action) = command else {
        return;
    };
    if events.is_empty() {
        return;
    }
    let some = |item: &ItemId| Some(*item);
    match action {
        BoardAction::Move { feature, to } => check_vetoes_kept(before, after, |candidate| {
            (candidate.id == *feature).then(|| vec![*to])
        }),
        BoardAction::Merge { item, into } => check_vetoes_kept(before, after, |candidate| {
            (candidate.item == some(item)).then(|| vec![some(into)])
        }),
        BoardAction::Split(item) => {
            let new = |part: &ItemId| part.0 > before.counters().item;
            let parts: Vec<ItemId> = after.items().map(|item| item.id).filter(new).collect();
            check_vetoes_kept(before, after, |candidate| {
                (candidate.item == some(item)).then(|| parts.iter().map(some).collect())
            });
        }
        BoardAction::DeleteItem(item) => {
            check_vetoes_kept(before, after, |candidate| {
                (candidate.item == some(item)).then(|| vec![None])
            });
            assert!(total_amount(after) <= total_amount(before));
            return;
        }
        _ => return,
    }
    assert_eq!(
        total_amount(before),
        total_amount(after),
        "after {action:?}"
    );
}

/// Every veto is kept on its feature if that is still live, and is also on the feature of that name in each item that
/// the feature was moved to. `destinations` returns those for a moved feature.
fn check_vetoes_kept(
    before: &Board,
    after: &Board,
    destinations: impl Fn(&Feature) -> Option<Vec<Option<ItemId>>>,
) {
    for feature in live_features(before) {
        let is_live = after.live_feature(feature.id).is_ok();
        let successors: Vec<FeatureId> = destinations(&feature)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|item| Some(after.feature_named(item, &feature.name)?.id))
            .collect();
        assert!(
            is_live || !successors.is_empty(),
            "{feature:?} has no successor"
        );
        for veto in before.vetoes_of(feature.id) {
            let kept = !is_live || after.has_vetoed(veto.participant, feature.id);
            let copied = |id: &FeatureId| after.has_vetoed(veto.participant, *id);
            assert!(kept && successors.iter().all(copied), "{veto:?} is lost");
            let reason =
                |board: &Board, feature| board.veto_by(veto.participant, feature)?.reason.clone();
            for successor in successors.iter().copied() {
                let expected = reason(before, successor).or(veto.reason.clone());
                assert_eq!(reason(after, successor), expected, "the reason of {veto:?}");
            }
            assert!(
                !is_live || reason(after, feature.id).is_some() || veto.reason.is_none(),
                "the reason of {veto:?} is lost"
            );
        }
    }
}
