//! Rules 3 and 5, and what else can be done to a feature.

use serde::{Deserialize, Serialize};

use super::{
    Action, Amount, FeatureId, ItemId, Moment, Name, Note, ParticipantId, Refusal, Thing, Veto,
    done::Done, draft::Draft,
};

/// A suggested property of one item, or a free one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    pub id: FeatureId,
    /// None: free.
    pub item: Option<ItemId>,
    pub name: Name,
    pub amount: Amount,
    pub author: ParticipantId,
    pub created: Moment,
    pub deleted: Option<Moment>,
}

impl Feature {
    pub fn lives(&self) -> bool {
        self.deleted.is_none()
    }
}

/// Suggests a feature; one that is there gets the amount added, up to 3.
pub(super) fn suggest(
    draft: &mut Draft,
    name: Name,
    amount: Amount,
    item: Option<ItemId>,
    author: ParticipantId,
    at: Moment,
) -> Result<Done, Refusal> {
    let item_name = match item {
        Some(item) => Some(draft.living_item(item)?.name.clone()),
        None => None,
    };
    let Some(present) = draft.feature_named(item, &name).cloned() else {
        let id = FeatureId(draft.last().feature + 1);
        draft.put(Feature {
            id,
            item,
            name: name.clone(),
            amount,
            author,
            created: at,
            deleted: None,
        });
        let action = Action::Suggested {
            feature: name,
            item: item_name,
            amount,
        };
        return Ok(Done::about(Thing::Feature(id), action));
    };
    let (sum, over) = present.amount.pour(amount);
    let action = Action::Added {
        feature: present.name.clone(),
        item: item_name,
        amount: sum,
        over,
    };
    let note = (sum == present.amount).then(|| Note::Full(present.name.clone()));
    let id = present.id;
    draft.put(Feature {
        amount: sum,
        ..present
    });
    Ok(Done {
        note,
        ..Done::about(Thing::Feature(id), action)
    })
}

/// Changes name and amount.
pub(super) fn edit(
    draft: &mut Draft,
    feature: FeatureId,
    name: Name,
    amount: Amount,
) -> Result<Done, Refusal> {
    let before = draft.living_feature(feature)?.clone();
    if let Some(other) = draft.feature_named(before.item, &name)
        && other.id != feature
    {
        return Err(Refusal::FeatureNameTaken(other.name.clone()));
    }
    let action = Action::EditedFeature {
        from: before.name.clone(),
        to: name.clone(),
        item: draft.item_name(before.item),
        amount,
    };
    draft.put(Feature {
        name,
        amount,
        ..before
    });
    Ok(Done::about(Thing::Feature(feature), action))
}

/// Moves a feature to an item or sets it free.
pub(super) fn move_to(
    draft: &mut Draft,
    feature: FeatureId,
    to: Option<ItemId>,
    at: Moment,
) -> Result<Done, Refusal> {
    let before = draft.living_feature(feature)?.clone();
    if let Some(item) = to {
        draft.living_item(item)?;
    }
    let (from, target) = (draft.item_name(before.item), draft.item_name(to));
    let name = before.name.clone();
    let mut note = None;
    let mut left = None;
    let mut about = feature;
    if before.item != to {
        if let Some(present) = draft.feature_named(to, &name) {
            about = present.id;
            if present.amount == Amount::MAX {
                note = Some(Note::Full(present.name.clone()));
            }
        }
        left = place(draft, before, to, at);
    }
    let action = Action::Moved {
        feature: name,
        from,
        to: target,
        left,
    };
    Ok(Done {
        note,
        ..Done::about(Thing::Feature(about), action)
    })
}

/// Deletes a feature; it can always be brought back.
pub(super) fn delete(draft: &mut Draft, feature: FeatureId, at: Moment) -> Result<Done, Refusal> {
    let before = draft.living_feature(feature)?.clone();
    let item = draft.item_name(before.item);
    let action = Action::DeletedFeature {
        feature: before.name.clone(),
        item,
    };
    let about = before.item.map(Thing::Item);
    draft.put(Feature {
        deleted: Some(at),
        ..before
    });
    Ok(Done {
        about,
        ..Done::just(action)
    })
}

/// Rule 5: puts a feature at its new place. If that has a feature of the same name, the amounts are added up
/// to 3, the vetoes of both come together there, and what does not fit stays behind with its own: returned. Of
/// two vetoes of one person the one that was there stays, and says why if either did.
pub(super) fn place(
    draft: &mut Draft,
    feature: Feature,
    to: Option<ItemId>,
    at: Moment,
) -> Option<Amount> {
    let Some(target) = draft.feature_named(to, &feature.name).cloned() else {
        draft.put(Feature {
            item: to,
            ..feature
        });
        return None;
    };
    for veto in draft.vetoes_of(feature.id).cloned().collect::<Vec<_>>() {
        let present = draft.veto_by(veto.participant, target.id).cloned();
        draft.put(match present {
            Some(present) => Veto {
                reason: present.reason.or(veto.reason),
                ..present
            },
            None => Veto {
                feature: target.id,
                ..veto
            },
        });
    }
    let (sum, left) = target.amount.pour(feature.amount);
    draft.put(Feature {
        amount: sum,
        ..target
    });
    draft.put(match left {
        Some(amount) => Feature { amount, ..feature },
        None => Feature {
            deleted: Some(at),
            ..feature
        },
    });
    left
}
