//! Rules 2, 6, 7 and 8: creating, editing, merging, splitting and deleting items.

use std::collections::BTreeMap;

use super::{effect::Effect, feature::relocate, field::FieldConflicts};
use crate::model::{
    action::{Action, first_names},
    amount::Amount,
    board::BoardEdit,
    command::FieldEdit,
    feature::Feature,
    id::{BoardObject, FeatureId, ItemId, ParticipantId, Timestamp},
    item::Item,
    name::{Kind, Name},
    rejection::{FieldConflict, Rejection},
    text::Note,
    veto::Veto,
};

/// Rule 2: creates an item. If no name is given or the name is taken, it gets the next available numbered name.
pub(in crate::model) fn create(
    edit: &mut BoardEdit,
    name: Option<Name>,
    kind: Option<Kind>,
    fallback: &Name,
    author: ParticipantId,
    at: Timestamp,
) -> Effect {
    let wanted = name;
    let name = match &wanted {
        Some(name) => available_name(edit, name, None),
        None => first_available_number(edit, fallback, 1, None),
    };
    let id = insert(edit, name.clone(), kind.clone(), None, author, at);
    let action = Action::CreatedItem {
        wanted: wanted.filter(|wanted| *wanted != name),
        item: name,
        kind,
    };
    Effect::on(BoardObject::Item(id), action)
}

/// Creates an item under exactly this name.
pub(in crate::model) fn add(
    edit: &mut BoardEdit,
    name: Name,
    kind: Option<Kind>,
    note: Option<Note>,
    author: ParticipantId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    if let Some(other) = edit.other_item_named(&name, None) {
        return Err(Rejection::ItemNameTaken(other.name.clone()));
    }
    let id = insert(edit, name.clone(), kind.clone(), note, author, at);
    let action = Action::CreatedItem {
        item: name,
        kind,
        wanted: None,
    };
    Ok(Effect::on(BoardObject::Item(id), action))
}

/// Creates several items as one event, so that one undo removes them all. A name that is taken, also by an earlier one of the
/// list, gets the next available number.
pub(in crate::model) fn create_several(
    edit: &mut BoardEdit,
    names: Vec<Name>,
    kind: Option<Kind>,
    author: ParticipantId,
    at: Timestamp,
) -> Effect {
    let mut items = Vec::new();
    let mut taken = Vec::new();
    let mut first = None;
    // Where to go on counting, so that a list of equal names does not count from 2 for each of them.
    let mut next_numbers = BTreeMap::new();
    for wanted in names {
        let name = match is_available(edit, &wanted, None) {
            true => wanted,
            false => {
                let next = next_numbers.entry(wanted.key()).or_insert(2);
                let name = next_available_number(edit, &wanted, next, None);
                taken.push(wanted);
                name
            }
        };
        let id = insert(edit, name.clone(), kind.clone(), None, author, at);
        first.get_or_insert(BoardObject::Item(id));
        items.push(name);
    }
    let (items, unlisted) = first_names(items);
    let (taken, unlisted_taken) = first_names(taken);
    let action = Action::CreatedItems {
        items,
        unlisted,
        kind,
        taken,
        unlisted_taken,
    };
    Effect {
        about: first,
        ..Effect::new(action)
    }
}

/// Rule 10: changes an item's name, kind, note, or several of them.
pub(in crate::model) fn edit(
    edit: &mut BoardEdit,
    item: ItemId,
    name: Option<FieldEdit<Name>>,
    kind: Option<FieldEdit<Option<Kind>>>,
    note: Option<FieldEdit<Option<Note>>>,
) -> Result<Effect, Rejection> {
    let before = edit.live_item(item)?.clone();
    let mut conflicts = FieldConflicts::default();
    let name = conflicts.resolve(&before.name, name, |now, sent| FieldConflict::Name {
        now,
        sent,
    });
    let kind = conflicts.resolve(&before.kind, kind, |now, sent| FieldConflict::Kind {
        now,
        sent,
    });
    let note = conflicts.resolve(&before.note, note, |now, sent| FieldConflict::Note {
        now,
        sent,
    });
    conflicts.check()?;
    if name != before.name
        && let Some(other) = edit.other_item_named(&name, Some(item))
    {
        return Err(Rejection::ItemNameTaken(other.name.clone()));
    }
    let action = Action::EditedItem {
        from: before.name.clone(),
        to: name.clone(),
        kind: kind.clone(),
        note: note != before.note,
    };
    edit.put(Item {
        name,
        kind,
        note,
        ..before
    });
    Ok(Effect::on(BoardObject::Item(item), action))
}

/// Rule 6: moves all features of an item to another item, whose name becomes both names joined. The first item
/// is deleted unless some amount did not fit.
pub(in crate::model) fn merge(
    edit: &mut BoardEdit,
    item: ItemId,
    into: ItemId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let from = edit.live_item(item)?.clone();
    if item == into {
        return Err(Rejection::IntoItself(from.name));
    }
    let target = edit.live_item(into)?.clone();
    let mut left = Vec::new();
    for feature in live_features(edit, item) {
        let (id, name) = (feature.id, feature.name.clone());
        if relocate(edit, feature, Some(into), at).is_some() {
            // Also if nothing of it fitted: the merge has left it behind.
            let remainder = edit.live_feature(id)?.clone();
            edit.put(Feature {
                remainder: true,
                ..remainder
            });
            left.push(name);
        }
    }
    let remains = !left.is_empty();
    let (left, unlisted) = first_names(left);
    if !remains {
        edit.put(Item {
            deleted: Some(at),
            ..from.clone()
        });
    }
    let name = available_name(edit, &from.name.joined(&target.name), Some(into));
    let action = Action::Merged {
        item: from.name,
        into: target.name.clone(),
        name: name.clone(),
        stays: remains,
        left,
        unlisted,
    };
    edit.put(Item { name, ..target });
    Ok(Effect::on(BoardObject::Item(into), action))
}

/// Rule 7: replaces an item by one new item per feature, or per unit of its only feature.
pub(in crate::model) fn split(
    edit: &mut BoardEdit,
    item: ItemId,
    by: ParticipantId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let original = edit.live_item(item)?.clone();
    let features = live_features(edit, item);
    let parts = match features.as_slice() {
        [] => return Err(Rejection::NothingToSplit(original.name)),
        [only] if only.amount == Amount::ONE => {
            return Err(Rejection::NothingToSplit(original.name));
        }
        [only] => units(edit, only, at),
        _ => features,
    };
    edit.put(Item {
        deleted: Some(at),
        ..original.clone()
    });
    let mut into = Vec::new();
    let mut first = None;
    for feature in parts {
        let name = available_name(edit, &original.name.joined(&feature.name), None);
        let (kind, note) = (original.kind.clone(), original.note.clone());
        let part = insert(edit, name.clone(), kind, note, by, at);
        edit.put(Feature {
            item: Some(part),
            remainder: false,
            ..feature
        });
        into.push(name);
        first.get_or_insert(BoardObject::Item(part));
    }
    let (into, unlisted) = first_names(into);
    let action = Action::Split {
        item: original.name,
        into,
        unlisted,
    };
    Ok(Effect {
        about: first,
        ..Effect::new(action)
    })
}

/// Rule 8: deletes an item and detaches its features. An amount that does not fit among the features without
/// an item is deleted with it.
pub(in crate::model) fn delete(
    edit: &mut BoardEdit,
    item: ItemId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let before = edit.live_item(item)?.clone();
    let mut freed = 0;
    let mut lost = Vec::new();
    for feature in live_features(edit, item) {
        let id = feature.id;
        let name = feature.name.clone();
        if relocate(edit, feature, None, at).is_some() {
            let remainder = edit.live_feature(id)?.clone();
            edit.put(Feature {
                deleted: Some(at),
                remainder: false,
                ..remainder
            });
            lost.push(name);
        } else {
            freed += 1;
        }
    }
    let (lost, unlisted) = first_names(lost);
    let action = Action::DeletedItem {
        item: before.name.clone(),
        freed,
        lost,
        unlisted,
    };
    edit.put(Item {
        deleted: Some(at),
        ..before
    });
    Ok(Effect::new(action))
}

fn insert(
    edit: &mut BoardEdit,
    name: Name,
    kind: Option<Kind>,
    note: Option<Note>,
    author: ParticipantId,
    at: Timestamp,
) -> ItemId {
    let id = ItemId(edit.counters().item + 1);
    edit.put(Item {
        id,
        name,
        kind,
        author,
        created: at,
        deleted: None,
        note,
        added_by_event: edit.next_event(),
    });
    id
}

fn live_features(edit: &BoardEdit, item: ItemId) -> Vec<Feature> {
    edit.features_of(Some(item)).cloned().collect()
}

/// Splits a feature of amount n into n features of amount 1, each with the same vetoes and author. The first is the
/// feature itself. The caller assigns each one an item and writes it.
fn units(edit: &mut BoardEdit, feature: &Feature, at: Timestamp) -> Vec<Feature> {
    let vetoes: Vec<Veto> = edit.vetoes_of(feature.id).cloned().collect();
    let mut units = vec![Feature {
        amount: Amount::ONE,
        ..feature.clone()
    }];
    for n in 1..i64::from(feature.amount.get()) {
        let id = FeatureId(edit.counters().feature + n);
        units.push(Feature {
            id,
            amount: Amount::ONE,
            created: at,
            added_by_event: edit.next_event(),
            ..feature.clone()
        });
        for veto in &vetoes {
            edit.put(Veto {
                feature: id,
                ..veto.clone()
            });
        }
    }
    units
}

/// The name itself if available, otherwise the first available of `Name-2`, `Name-3`, … Item `own` may keep its name.
pub(super) fn available_name(edit: &BoardEdit, name: &Name, own: Option<ItemId>) -> Name {
    match is_available(edit, name, own) {
        true => name.clone(),
        false => first_available_number(edit, name, 2, own),
    }
}

fn first_available_number(edit: &BoardEdit, base: &Name, first: u64, own: Option<ItemId>) -> Name {
    let mut number = first;
    next_available_number(edit, base, &mut number, own)
}

/// The first available name that is numbered from `number` on. Counts `number` on to the one after it.
fn next_available_number(
    edit: &BoardEdit,
    base: &Name,
    number: &mut u64,
    own: Option<ItemId>,
) -> Name {
    loop {
        let name = base.numbered(*number);
        *number += 1;
        if is_available(edit, &name, own) {
            return name;
        }
    }
}

fn is_available(edit: &BoardEdit, name: &Name, own: Option<ItemId>) -> bool {
    edit.other_item_named(name, own).is_none()
}
