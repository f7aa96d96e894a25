//! Rules 3 and 5: suggesting, editing, moving and deleting features.

use std::collections::BTreeSet;

use super::{
    effect::{Effect, Notice},
    field::FieldConflicts,
    veto::follow_rename,
};
use crate::model::{
    action::Action,
    amount::Amount,
    board::BoardEdit,
    command::FieldEdit,
    feature::Feature,
    id::{BoardObject, FeatureId, ItemId, ParticipantId, Timestamp},
    name::Name,
    rejection::{FieldConflict, Rejection},
    veto::Veto,
};

/// Rule 3: suggests a feature. If the item already has it, the amount is added to it, up to 3.
pub(in crate::model) fn suggest(
    edit: &mut BoardEdit,
    name: Name,
    amount: Amount,
    item: Option<ItemId>,
    author: ParticipantId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let item_name = match item {
        Some(item) => Some(edit.live_item(item)?.name.clone()),
        None => None,
    };
    let Some(existing) = edit.feature_named(item, &name).cloned() else {
        let id = FeatureId(edit.counters().feature + 1);
        edit.put(Feature {
            id,
            item,
            name: name.clone(),
            amount,
            author,
            created: at,
            deleted: None,
            remainder: false,
            added_by_event: edit.next_event(),
        });
        let action = Action::Suggested {
            feature: name,
            item: item_name,
            amount,
        };
        return Ok(Effect::on(BoardObject::Feature(id), action));
    };
    let (sum, overflow) = existing.amount.add_capped(amount);
    let action = Action::Added {
        feature: existing.name.clone(),
        item: item_name,
        amount: sum,
        over: overflow,
    };
    let note = (sum == existing.amount).then(|| Notice::Full(existing.name.clone()));
    let id = existing.id;
    let remainder = existing.remainder && sum == existing.amount;
    edit.put(Feature {
        amount: sum,
        remainder,
        ..existing
    });
    Ok(Effect {
        note,
        ..Effect::on(BoardObject::Feature(id), action)
    })
}

/// Rule 10: changes a feature's name, amount, or both.
pub(in crate::model) fn edit(
    edit: &mut BoardEdit,
    feature: FeatureId,
    name: Option<FieldEdit<Name>>,
    amount: Option<FieldEdit<Amount>>,
) -> Result<Effect, Rejection> {
    let before = edit.live_feature(feature)?.clone();
    let mut conflicts = FieldConflicts::default();
    let name = conflicts.resolve(&before.name, name, |now, sent| FieldConflict::Name {
        now,
        sent,
    });
    let amount = conflicts.resolve(&before.amount, amount, |now, sent| FieldConflict::Amount {
        now,
        sent,
    });
    conflicts.check()?;
    if name != before.name
        && let Some(other) = edit.other_feature_named(before.item, &name, feature)
    {
        return Err(Rejection::FeatureNameTaken(other.name.clone()));
    }
    let vetoes = match name == before.name {
        true => 0,
        false => follow_rename(edit, feature, &before.name, &name, &BTreeSet::new()),
    };
    let action = Action::EditedFeature {
        from: before.name.clone(),
        to: name.clone(),
        item: edit.item_name(before.item),
        amount,
        vetoes,
    };
    let remainder = before.remainder && name == before.name && amount == before.amount;
    edit.put(Feature {
        name,
        amount,
        remainder,
        ..before
    });
    Ok(Effect::on(BoardObject::Feature(feature), action))
}

/// Moves a feature to an item, or detaches it from its item.
pub(in crate::model) fn move_to(
    edit: &mut BoardEdit,
    feature: FeatureId,
    to: Option<ItemId>,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let before = edit.live_feature(feature)?.clone();
    if let Some(item) = to {
        edit.live_item(item)?;
    }
    let (from, target) = (edit.item_name(before.item), edit.item_name(to));
    let name = before.name.clone();
    let mut note = None;
    let mut remainder = None;
    let mut about = feature;
    if before.item != to {
        if let Some(existing) = edit.feature_named(to, &name) {
            about = existing.id;
            if existing.amount == Amount::MAX {
                note = Some(Notice::Full(existing.name.clone()));
            }
        }
        remainder = relocate(edit, before, to, at);
    }
    let action = Action::Moved {
        feature: name,
        from,
        to: target,
        left: remainder,
    };
    Ok(Effect {
        note,
        ..Effect::on(BoardObject::Feature(about), action)
    })
}

/// Deletes a feature. Undo restores it.
pub(in crate::model) fn delete(
    edit: &mut BoardEdit,
    feature: FeatureId,
    at: Timestamp,
) -> Result<Effect, Rejection> {
    let before = edit.live_feature(feature)?.clone();
    let item = edit.item_name(before.item);
    let action = Action::DeletedFeature {
        feature: before.name.clone(),
        item,
    };
    let about = before.item.map(BoardObject::Item);
    edit.put(Feature {
        deleted: Some(at),
        ..before
    });
    Ok(Effect {
        about,
        ..Effect::new(action)
    })
}

/// Rule 5: moves a feature to an item or to none. If the target already has a feature of that name, the amounts are
/// added up to 3, the vetoes are combined there, and the amount that does not fit stays behind with its own vetoes and
/// is returned. If a participant vetoed both, the target's veto is kept, with its reason or else the other's;
/// if one of the two was given to the present name, so is the combined veto.
pub(in crate::model) fn relocate(
    edit: &mut BoardEdit,
    feature: Feature,
    to: Option<ItemId>,
    at: Timestamp,
) -> Option<Amount> {
    let Some(target) = edit.feature_named(to, &feature.name).cloned() else {
        edit.put(Feature {
            item: to,
            remainder: false,
            ..feature
        });
        return None;
    };
    for veto in edit.vetoes_of(feature.id).cloned().collect::<Vec<_>>() {
        let existing = edit.veto_by(veto.participant, target.id).cloned();
        edit.put(match existing {
            Some(existing) => Veto {
                reason: existing.reason.or(veto.reason),
                given_to: existing.given_to.filter(|_| veto.given_to.is_some()),
                ..existing
            },
            None => Veto {
                feature: target.id,
                ..veto
            },
        });
    }
    let (sum, remainder) = target.amount.add_capped(feature.amount);
    // A target that is full already leaves both features as they are.
    let has_moved = sum != target.amount;
    edit.put(Feature {
        amount: sum,
        remainder: target.remainder && !has_moved,
        ..target
    });
    edit.put(match remainder {
        Some(amount) => Feature {
            amount,
            remainder: feature.remainder || has_moved,
            ..feature
        },
        None => Feature {
            deleted: Some(at),
            ..feature
        },
    });
    remainder
}
