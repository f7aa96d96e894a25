//! What stands in the way of an undo: a row that was changed since, and one that depends on a row that would go.

use std::collections::BTreeMap;

use crate::model::{
    action::Action,
    board::{BoardEdit, Row},
    change::{Change, Edit},
    feature::Feature,
    id::ParticipantId,
    item::Item,
    name::Name,
    participant::Participant,
    rejection::UndoConflict,
    veto::Veto,
};

/// Checks that every row is as the event left it.
pub(super) fn check_unchanged_since(
    edit: &BoardEdit,
    change: &Change,
    action: &Action,
) -> Result<(), UndoConflict> {
    fn first_divergence<R: Row>(board: &BoardEdit, edits: &[Edit<R>]) -> Option<DivergedRow<R>> {
        edits.iter().find_map(|edit| {
            let current = R::find(board, &edit.key()?);
            let recorded = edit.latest()?.clone();
            let existed = edit.after.is_some();
            (current != edit.after).then_some(DivergedRow {
                recorded,
                existed,
                current,
            })
        })
    }
    fn is_restored<R: Row>(board: &BoardEdit, edits: &[Edit<R>]) -> bool {
        edits.iter().all(|edit| {
            edit.key()
                .is_none_or(|key| R::find(board, &key) == edit.before)
        })
    }
    let conflict = if let Some(row) = first_divergence(edit, &change.features) {
        feature_conflict(row)
    } else if let Some(row) = first_divergence(edit, &change.items) {
        item_conflict(row)
    } else if let Some(row) = first_divergence(edit, &change.vetoes) {
        UndoConflict::VetoChanged(feature_name(edit, &row.recorded, action))
    } else if let Some(row) = first_divergence(edit, &change.participants) {
        participant_conflict(row)
    } else if first_divergence(edit, &change.browsers).is_some() {
        UndoConflict::BrowserChanged
    } else if let Some(row) = first_divergence(edit, &change.consents) {
        UndoConflict::ConsentChanged(participant_name(edit, row.recorded.participant))
    } else if let Some(row) = first_divergence(edit, &change.settings) {
        UndoConflict::SettingChanged(row.recorded.key())
    } else {
        return Ok(());
    };
    let already_undone = is_restored(edit, &change.features)
        && is_restored(edit, &change.items)
        && is_restored(edit, &change.vetoes)
        && is_restored(edit, &change.participants)
        && is_restored(edit, &change.browsers)
        && is_restored(edit, &change.consents)
        && is_restored(edit, &change.settings);
    Err(if already_undone {
        UndoConflict::AlreadyUndone
    } else {
        conflict
    })
}

/// A row that is no longer as the event left it.
struct DivergedRow<R> {
    /// As the event left it, or as it was before if the event removed it.
    recorded: R,
    /// Whether the row existed after the event.
    existed: bool,
    current: Option<R>,
}

fn participant_conflict(row: DivergedRow<Participant>) -> UndoConflict {
    let from = row.recorded.name;
    match row.current {
        None => UndoConflict::Deleted(from),
        Some(_) if !row.existed => UndoConflict::Restored(from),
        Some(current) => UndoConflict::Renamed {
            from,
            to: current.name,
        },
    }
}

fn item_conflict(row: DivergedRow<Item>) -> UndoConflict {
    let (recorded, name) = (&row.recorded, row.recorded.name.clone());
    let was_live = row.existed && recorded.is_live();
    match row.current {
        Some(current) if current.is_live() && !was_live => UndoConflict::Restored(name),
        Some(current) if current.is_live() && recorded.name != current.name => {
            UndoConflict::Renamed {
                from: name,
                to: current.name,
            }
        }
        Some(current) if current.is_live() && recorded.author != current.author => {
            UndoConflict::BrowserChanged
        }
        Some(current) if current.is_live() && recorded.note != current.note => {
            UndoConflict::NoteChanged(name)
        }
        Some(current) if current.is_live() => UndoConflict::KindChanged(name),
        _ => UndoConflict::Deleted(name),
    }
}

fn feature_conflict(row: DivergedRow<Feature>) -> UndoConflict {
    let (recorded, name) = (&row.recorded, row.recorded.name.clone());
    let was_live = row.existed && recorded.is_live();
    match row.current {
        Some(current) if current.is_live() && !was_live => UndoConflict::Restored(name),
        Some(current) if current.is_live() && recorded.item != current.item => {
            UndoConflict::Moved(name)
        }
        Some(current) if current.is_live() && recorded.name != current.name => {
            UndoConflict::Renamed {
                from: name,
                to: current.name,
            }
        }
        Some(current) if current.is_live() && recorded.author != current.author => {
            UndoConflict::BrowserChanged
        }
        Some(current) if current.is_live() && recorded.amount != current.amount => {
            UndoConflict::AmountChanged {
                name,
                to: current.amount,
            }
        }
        // A move or a merge left it behind as a whole, or it no longer counts as left behind.
        Some(current) if current.is_live() => UndoConflict::Moved(name),
        _ => UndoConflict::Deleted(name),
    }
}

/// The name of a veto's feature; if the feature is gone, as the event called it.
pub(super) fn feature_name(edit: &BoardEdit, veto: &Veto, action: &Action) -> Name {
    let feature = edit.feature(veto.feature).map(|feature| &feature.name);
    let name = feature.or(action.vetoed_feature()).cloned();
    name.unwrap_or_else(|| Name::from_stored("…".to_owned()))
}

/// The name of a participant, who may not exist any more.
fn participant_name(edit: &BoardEdit, id: ParticipantId) -> Name {
    let name = edit.participant(id).map(|person| person.name.clone());
    name.unwrap_or_else(|| Name::from_stored("…".to_owned()))
}

/// Checks that no row created since refers to a row that the undo removed.
pub(super) fn check_no_dangling_references(
    edit: &BoardEdit,
    undone: &Change,
) -> Result<(), UndoConflict> {
    let mut missing = BTreeMap::new();
    for item in undone.items.iter().filter_map(|edit| edit.after.as_ref()) {
        match edit.item(item.id) {
            None => {
                missing.insert(item.id, item);
            }
            Some(current) if !current.is_live() => {
                if let Some(feature) = edit.features_of(Some(item.id)).next() {
                    return Err(depended_on(item, feature));
                }
            }
            Some(_) => {}
        }
    }
    // Deleted features count too, since they can be restored. One pass over all features, because a split may have
    // created as many items as there are features.
    if !missing.is_empty() {
        for feature in edit.all_features() {
            if let Some(item) = feature.item.and_then(|item| missing.get(&item)) {
                return Err(depended_on(item, feature));
            }
        }
    }
    for feature in undone
        .features
        .iter()
        .filter_map(|edit| edit.after.as_ref())
    {
        if edit.feature(feature.id).is_none() && edit.vetoes_of(feature.id).next().is_some() {
            return Err(UndoConflict::VetoChanged(feature.name.clone()));
        }
    }
    for participant in undone
        .participants
        .iter()
        .filter_map(|edit| edit.after.as_ref())
    {
        if edit.participant(participant.id).is_none() && edit.has_participated(participant.id) {
            return Err(UndoConflict::HasParticipated(participant.name.clone()));
        }
    }
    Ok(())
}

fn depended_on(item: &Item, by: &Feature) -> UndoConflict {
    UndoConflict::DependedOn {
        name: item.name.clone(),
        by: by.name.clone(),
    }
}
