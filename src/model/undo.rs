//! Rule 9: undo restores the rows an event touched, if they are still as it left them and the board stays whole.

use std::collections::BTreeMap;

use super::{
    Browser, Change, Event, Feature, Item, Name, Participant, Refusal, Thing, Veto,
    change::{Edit, Row, key},
    done::Done,
    draft::Draft,
    refusal::Drift,
};

/// Takes an event of this board back.
pub(super) fn undo(draft: &mut Draft, event: &Event) -> Result<Done, Refusal> {
    unchanged_since(draft, &event.change).map_err(Refusal::ChangedSince)?;
    let change = event.change.turned_round();
    clear(draft, &change);
    restore(draft, change).map_err(Refusal::ChangedSince)?;
    nothing_left_hanging(draft, &event.change).map_err(Refusal::ChangedSince)?;
    Ok(Done {
        undoes: Some(event.number),
        about: about(draft, event),
        ..Done::just(event.action.undone(event.number))
    })
}

/// Every row is as the event left it, or the first that is not.
fn unchanged_since(draft: &Draft, change: &Change) -> Result<(), Drift> {
    fn differing<R: Row>(draft: &Draft, edits: &[Edit<R>]) -> Option<Differing<R>> {
        edits.iter().find_map(|edit| {
            let now = R::find(draft, &key(edit)?);
            let then = edit.latest()?.clone();
            let there = edit.after.is_some();
            (now != edit.after).then_some(Differing { then, there, now })
        })
    }
    fn as_before<R: Row>(draft: &Draft, edits: &[Edit<R>]) -> bool {
        edits
            .iter()
            .all(|edit| key(edit).is_none_or(|key| R::find(draft, &key) == edit.before))
    }
    let drift = if let Some(row) = differing(draft, &change.features) {
        feature_drift(row)
    } else if let Some(row) = differing(draft, &change.items) {
        item_drift(row)
    } else if let Some(row) = differing(draft, &change.vetoes) {
        Drift::VetoChanged(feature_name(draft, &row.then))
    } else if let Some(row) = differing(draft, &change.participants) {
        participant_drift(row)
    } else if differing(draft, &change.browsers).is_some() {
        Drift::BrowserChanged
    } else {
        return Ok(());
    };
    let undone = as_before(draft, &change.features)
        && as_before(draft, &change.items)
        && as_before(draft, &change.vetoes)
        && as_before(draft, &change.participants)
        && as_before(draft, &change.browsers);
    Err(if undone { Drift::Undone } else { drift })
}

/// A row that is not as the event left it.
struct Differing<R> {
    /// As the event left it, or found it if it took it out.
    then: R,
    /// Whether the event left it there.
    there: bool,
    now: Option<R>,
}

fn participant_drift(row: Differing<Participant>) -> Drift {
    let from = row.then.name;
    match row.now {
        None => Drift::Deleted(from),
        Some(_) if !row.there => Drift::Restored(from),
        Some(now) => Drift::Renamed { from, to: now.name },
    }
}

fn item_drift(row: Differing<Item>) -> Drift {
    let (then, name) = (&row.then, row.then.name.clone());
    let lived = row.there && then.lives();
    match row.now {
        Some(now) if now.lives() && !lived => Drift::Restored(name),
        Some(now) if now.lives() && then.name != now.name => Drift::Renamed {
            from: name,
            to: now.name,
        },
        Some(now) if now.lives() => Drift::KindChanged(name),
        _ => Drift::Deleted(name),
    }
}

fn feature_drift(row: Differing<Feature>) -> Drift {
    let (then, name) = (&row.then, row.then.name.clone());
    let lived = row.there && then.lives();
    match row.now {
        Some(now) if now.lives() && !lived => Drift::Restored(name),
        Some(now) if now.lives() && then.item != now.item => Drift::Moved(name),
        Some(now) if now.lives() && then.name != now.name => Drift::Renamed {
            from: name,
            to: now.name,
        },
        Some(now) if now.lives() => Drift::AmountChanged {
            name,
            to: now.amount,
        },
        _ => Drift::Deleted(name),
    }
}

fn feature_name(draft: &Draft, veto: &Veto) -> Name {
    draft.feature(veto.feature).map_or_else(
        || Name::stored("…".to_owned()),
        |feature| feature.name.clone(),
    )
}

/// Takes all touched rows out first, so that none stands in the way of another.
fn clear(draft: &mut Draft, change: &Change) {
    fn remove<R: Row>(draft: &mut Draft, edits: &[Edit<R>]) {
        for key in edits.iter().filter_map(key) {
            draft.remove::<R>(&key);
        }
    }
    remove::<Veto>(draft, &change.vetoes);
    remove::<Feature>(draft, &change.features);
    remove::<Item>(draft, &change.items);
    remove::<Browser>(draft, &change.browsers);
    remove::<Participant>(draft, &change.participants);
}

/// Puts the rows back, if nobody took their names meanwhile and all they name is there.
fn restore(draft: &mut Draft, change: Change) -> Result<(), Drift> {
    for row in change
        .participants
        .into_iter()
        .filter_map(|edit| edit.after)
    {
        if draft.participant_named(&row.name).is_some() {
            return Err(Drift::NameTaken(row.name));
        }
        draft.put(row);
    }
    for row in change.browsers.into_iter().filter_map(|edit| edit.after) {
        if draft.participant(row.participant).is_none() {
            return Err(Drift::BrowserChanged);
        }
        draft.put(row);
    }
    for row in change.items.into_iter().filter_map(|edit| edit.after) {
        if row.lives() && draft.item_named(&row.name).is_some() {
            return Err(Drift::NameTaken(row.name));
        }
        if draft.participant(row.author).is_none() {
            return Err(Drift::OwnerGone(row.name));
        }
        draft.put(row);
    }
    for row in change.features.into_iter().filter_map(|edit| edit.after) {
        if row.lives() && draft.feature_named(row.item, &row.name).is_some() {
            return Err(Drift::NameTaken(row.name));
        }
        let owner_fits = row.item.is_none_or(|item| {
            draft
                .item(item)
                .is_some_and(|item| item.lives() || !row.lives())
        });
        if !owner_fits || draft.participant(row.author).is_none() {
            return Err(Drift::OwnerGone(row.name));
        }
        draft.put(row);
    }
    for row in change.vetoes.into_iter().filter_map(|edit| edit.after) {
        if draft.feature(row.feature).is_none() || draft.participant(row.participant).is_none() {
            return Err(Drift::VetoChanged(feature_name(draft, &row)));
        }
        draft.put(row);
    }
    Ok(())
}

/// Nothing that came since depends on a row that is gone now.
fn nothing_left_hanging(draft: &Draft, undone: &Change) -> Result<(), Drift> {
    let mut missing = BTreeMap::new();
    for item in undone.items.iter().filter_map(|edit| edit.after.as_ref()) {
        match draft.item(item.id) {
            None => {
                missing.insert(item.id, item);
            }
            Some(now) if !now.lives() => {
                if let Some(feature) = draft.features_of(Some(item.id)).next() {
                    return Err(built_upon(item, feature));
                }
            }
            Some(_) => {}
        }
    }
    // A feature needs its item even if it is deleted: it could be brought back. One look at all of them,
    // since a split may have made as many items as there are features.
    if !missing.is_empty() {
        for feature in draft.all_features() {
            if let Some(item) = feature.item.and_then(|item| missing.get(&item)) {
                return Err(built_upon(item, feature));
            }
        }
    }
    for feature in undone
        .features
        .iter()
        .filter_map(|edit| edit.after.as_ref())
    {
        if draft.feature(feature.id).is_none() && draft.vetoes_of(feature.id).next().is_some() {
            return Err(Drift::VetoChanged(feature.name.clone()));
        }
    }
    for person in undone
        .participants
        .iter()
        .filter_map(|edit| edit.after.as_ref())
    {
        if draft.participant(person.id).is_none() && draft.took_part(person.id) {
            return Err(Drift::TookPart(person.name.clone()));
        }
    }
    Ok(())
}

fn built_upon(item: &Item, by: &Feature) -> Drift {
    Drift::BuiltUpon {
        name: item.name.clone(),
        by: by.name.clone(),
    }
}

/// What to look at after an undo: the first living thing it touched.
fn about(draft: &Draft, event: &Event) -> Option<Thing> {
    let features = event.change.features.iter().filter_map(Edit::latest);
    let vetoes = event.change.vetoes.iter().filter_map(Edit::latest);
    let items = event.change.items.iter().filter_map(Edit::latest);
    let mut things = features
        .map(|feature| Thing::Feature(feature.id))
        .chain(vetoes.map(|veto| Thing::Feature(veto.feature)))
        .chain(items.map(|item| Thing::Item(item.id)));
    things.find(|thing| match thing {
        Thing::Feature(id) => draft.living_feature(*id).is_ok(),
        Thing::Item(id) => draft.living_item(*id).is_ok(),
    })
}
