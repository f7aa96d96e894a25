//! Rules 2, 6, 7 and 8: what can be done to an item.

use serde::{Deserialize, Serialize};

use super::{
    Action, Amount, Feature, FeatureId, ItemId, Kind, Moment, Name, ParticipantId, Refusal, Thing,
    Veto, done::Done, draft::Draft, feature::place,
};

/// A thing on a board that features belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    pub name: Name,
    pub kind: Option<Kind>,
    pub author: ParticipantId,
    pub created: Moment,
    pub deleted: Option<Moment>,
}

impl Item {
    pub fn lives(&self) -> bool {
        self.deleted.is_none()
    }
}

/// Rule 2: makes an item, under the next free name if none is given or the one given is taken.
pub(super) fn create(
    draft: &mut Draft,
    name: Option<Name>,
    kind: Option<Kind>,
    fallback: &Name,
    author: ParticipantId,
    at: Moment,
) -> Done {
    let wanted = name;
    let name = match &wanted {
        Some(name) => free_name(draft, name, None),
        None => numbered_from(draft, fallback, 1, None),
    };
    let id = add(draft, name.clone(), kind.clone(), author, at);
    let action = Action::CreatedItem {
        wanted: wanted.filter(|wanted| *wanted != name),
        item: name,
        kind,
    };
    Done::about(Thing::Item(id), action)
}

/// Changes name and kind.
pub(super) fn edit(
    draft: &mut Draft,
    item: ItemId,
    name: Name,
    kind: Option<Kind>,
) -> Result<Done, Refusal> {
    let before = draft.living_item(item)?.clone();
    if let Some(other) = draft.item_named(&name)
        && other.id != item
    {
        return Err(Refusal::ItemNameTaken(other.name.clone()));
    }
    let action = Action::EditedItem {
        from: before.name.clone(),
        to: name.clone(),
        kind: kind.clone(),
    };
    draft.put(Item {
        name,
        kind,
        ..before
    });
    Ok(Done::about(Thing::Item(item), action))
}

/// Rule 6: moves every feature of an item into another, which takes both names; the first goes unless
/// something did not fit.
pub(super) fn merge(
    draft: &mut Draft,
    item: ItemId,
    into: ItemId,
    at: Moment,
) -> Result<Done, Refusal> {
    let from = draft.living_item(item)?.clone();
    if item == into {
        return Err(Refusal::IntoItself(from.name));
    }
    let target = draft.living_item(into)?.clone();
    let mut stays = false;
    for feature in living_features(draft, item) {
        stays |= place(draft, feature, Some(into), at).is_some();
    }
    if !stays {
        draft.put(Item {
            deleted: Some(at),
            ..from.clone()
        });
    }
    let name = free_name(draft, &from.name.joined(&target.name), Some(into));
    let action = Action::Merged {
        item: from.name,
        into: target.name.clone(),
        name: name.clone(),
        stays,
    };
    draft.put(Item { name, ..target });
    Ok(Done::about(Thing::Item(into), action))
}

/// Rule 7: one new item per feature, or per unit of the only feature.
pub(super) fn split(
    draft: &mut Draft,
    item: ItemId,
    by: ParticipantId,
    at: Moment,
) -> Result<Done, Refusal> {
    let whole = draft.living_item(item)?.clone();
    let features = living_features(draft, item);
    let parts = match features.as_slice() {
        [] => return Err(Refusal::NothingToSplit(whole.name)),
        [only] if only.amount == Amount::ONE => return Err(Refusal::NothingToSplit(whole.name)),
        [only] => units(draft, only, at),
        _ => features,
    };
    draft.put(Item {
        deleted: Some(at),
        ..whole.clone()
    });
    let mut into = Vec::new();
    let mut first = None;
    for feature in parts {
        let name = free_name(draft, &whole.name.joined(&feature.name), None);
        let part = add(draft, name.clone(), whole.kind.clone(), by, at);
        draft.put(Feature {
            item: Some(part),
            ..feature
        });
        into.push(name);
        first.get_or_insert(Thing::Item(part));
    }
    let action = Action::Split {
        item: whole.name,
        into,
    };
    Ok(Done {
        about: first,
        ..Done::just(action)
    })
}

/// Rule 8: deletes an item and sets its features free. What finds no room among the free ones goes with it.
pub(super) fn delete(draft: &mut Draft, item: ItemId, at: Moment) -> Result<Done, Refusal> {
    let before = draft.living_item(item)?.clone();
    let mut freed = 0;
    let mut lost = Vec::new();
    for feature in living_features(draft, item) {
        let id = feature.id;
        let name = feature.name.clone();
        if place(draft, feature, None, at).is_some() {
            let rest = draft.living_feature(id)?.clone();
            draft.put(Feature {
                deleted: Some(at),
                ..rest
            });
            lost.push(name);
        } else {
            freed += 1;
        }
    }
    let action = Action::DeletedItem {
        item: before.name.clone(),
        freed,
        lost,
    };
    draft.put(Item {
        deleted: Some(at),
        ..before
    });
    Ok(Done::just(action))
}

fn add(
    draft: &mut Draft,
    name: Name,
    kind: Option<Kind>,
    author: ParticipantId,
    at: Moment,
) -> ItemId {
    let id = ItemId(draft.last().item + 1);
    draft.put(Item {
        id,
        name,
        kind,
        author,
        created: at,
        deleted: None,
    });
    id
}

fn living_features(draft: &Draft, item: ItemId) -> Vec<Feature> {
    draft.features_of(Some(item)).cloned().collect()
}

/// A feature of amount n as n features of amount 1, each with its vetoes and author; the first is the feature itself.
/// They stand nowhere yet: the caller gives each its item.
fn units(draft: &mut Draft, whole: &Feature, at: Moment) -> Vec<Feature> {
    let vetoes: Vec<Veto> = draft.vetoes_of(whole.id).cloned().collect();
    let mut units = vec![Feature {
        amount: Amount::ONE,
        ..whole.clone()
    }];
    for n in 1..i64::from(whole.amount.get()) {
        let id = FeatureId(draft.last().feature + n);
        units.push(Feature {
            id,
            amount: Amount::ONE,
            created: at,
            ..whole.clone()
        });
        for veto in &vetoes {
            draft.put(Veto {
                feature: id,
                ..veto.clone()
            });
        }
    }
    units
}

/// The name itself, or `Name-2`, `Name-3`, … whatever is free; an item may keep its own.
fn free_name(draft: &Draft, name: &Name, own: Option<ItemId>) -> Name {
    match is_free(draft, name, own) {
        true => name.clone(),
        false => numbered_from(draft, name, 2, own),
    }
}

fn numbered_from(draft: &Draft, base: &Name, first: u64, own: Option<ItemId>) -> Name {
    let mut number = first;
    loop {
        let name = base.numbered(number);
        if is_free(draft, &name, own) {
            return name;
        }
        number += 1;
    }
}

fn is_free(draft: &Draft, name: &Name, own: Option<ItemId>) -> bool {
    draft
        .item_named(name)
        .is_none_or(|holder| Some(holder.id) == own)
}
