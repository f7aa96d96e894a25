//! Rule 9: undo restores the rows an event changed, provided they are still as the event left them and every reference
//! remains valid.

mod conflict;

use std::collections::BTreeSet;

use conflict::{check_no_dangling_references, check_unchanged_since, feature_name};

use super::{effect::Effect, veto::follow_rename};
use crate::model::{
    action::Action,
    board::{BoardEdit, Row},
    change::{Change, Edit},
    consent::Consent,
    event::Event,
    feature::Feature,
    id::{BoardObject, ParticipantId},
    item::Item,
    participant::{Browser, Participant},
    rejection::{Rejection, UndoConflict},
    setting::Setting,
    veto::Veto,
};

/// Undoes an event of this board.
pub(in crate::model) fn undo(edit: &mut BoardEdit, event: &Event) -> Result<Effect, Rejection> {
    if event.change.is_without_effect() {
        return Err(Rejection::ChangedSince(UndoConflict::Erased));
    }
    let done = with_current_authors(edit, &event.change);
    let recorded = without_changed_notes(edit, &done);
    check_unchanged_since(edit, &recorded, &event.action).map_err(Rejection::ChangedSince)?;
    let change = recorded.inverse();
    remove_rows(edit, &change);
    restore_rows(edit, change, &event.action).map_err(Rejection::ChangedSince)?;
    check_no_dangling_references(edit, &done).map_err(Rejection::ChangedSince)?;
    update_notes(edit, event, &recorded);
    Ok(Effect {
        undoes: Some(event.number),
        about: about(edit, event),
        ..Effect::new(event.action.inverse(event.number))
    })
}

/// The change as if its rows had always had their current authors. An author changes only if what one participant did becomes
/// another's, and only the undo of that event gives it back.
fn with_current_authors(board: &BoardEdit, change: &Change) -> Change {
    fn set<R: Row>(
        board: &BoardEdit,
        edits: &mut [Edit<R>],
        author: fn(&mut R) -> &mut ParticipantId,
    ) {
        for edit in edits {
            let current = edit.key().and_then(|key| R::find(board, &key));
            let Some(current) = current.map(|mut row| *author(&mut row)) else {
                continue;
            };
            let authors = [&mut edit.before, &mut edit.after].map(|row| row.as_mut().map(author));
            match authors {
                [Some(before), Some(after)] if before != after => {}
                authors => authors
                    .into_iter()
                    .flatten()
                    .for_each(|author| *author = current),
            }
        }
    }
    let mut change = change.clone();
    set(board, &mut change.items, |item| &mut item.author);
    set(board, &mut change.features, |feature| &mut feature.author);
    change
}

/// The features that a change renamed, each before and after.
fn renamed_features(change: &Change) -> impl Iterator<Item = (&Feature, &Feature)> {
    let features = change.features.iter();
    let existing = features.filter_map(|edit| edit.before.as_ref().zip(edit.after.as_ref()));
    existing.filter(|(before, after)| before.name != after.name)
}

/// The change without the vetoes that a rename only noted its old name on (`given_to`) and that were given anew or withdrawn since.
/// They do not prevent an undo of the rename, because [`update_notes`] derives their notes.
fn without_changed_notes(edit: &BoardEdit, change: &Change) -> Change {
    let renamed: BTreeSet<_> = renamed_features(change).map(|(row, _)| row.id).collect();
    let mut change = change.clone();
    change.vetoes.retain(|veto| {
        let is_note =
            veto.before
                .as_ref()
                .zip(veto.after.as_ref())
                .is_some_and(|(before, after)| {
                    let given_to = after.given_to.clone();
                    let noted = Veto {
                        given_to,
                        ..before.clone()
                    };
                    renamed.contains(&after.feature) && noted == *after
                });
        let key = veto.key();
        !is_note || key.is_none_or(|key| Veto::find(edit, &key) == veto.after)
    });
    change
}

/// Notes on vetoes what they were given to, where the undo made that another name: on those given after the rename that is undone,
/// and on restored ones whose feature was renamed since.
fn update_notes(edit: &mut BoardEdit, event: &Event, recorded: &Change) {
    for (old, new) in renamed_features(&event.change) {
        let vetoes = recorded.vetoes.iter().filter_map(Edit::latest);
        let of_feature = vetoes.filter(|veto| veto.feature == old.id);
        let restored = of_feature.map(|veto| veto.participant).collect();
        follow_rename(edit, old.id, &new.name, &old.name, &restored);
    }
    for restored in recorded
        .vetoes
        .iter()
        .filter_map(|edit| edit.before.as_ref())
    {
        let Some(feature) = edit.feature(restored.feature) else {
            continue;
        };
        let then = event.action.feature_of_vetoes().unwrap_or(&feature.name);
        let veto = restored.after_rename(then, &feature.name);
        edit.put(veto);
    }
}

/// Removes all affected rows first, so that restoring one never conflicts with another.
fn remove_rows(edit: &mut BoardEdit, change: &Change) {
    fn remove<R: Row>(edit: &mut BoardEdit, edits: &[Edit<R>]) {
        for key in edits.iter().filter_map(Edit::key) {
            edit.remove::<R>(&key);
        }
    }
    remove::<Setting>(edit, &change.settings);
    remove::<Consent>(edit, &change.consents);
    remove::<Veto>(edit, &change.vetoes);
    remove::<Feature>(edit, &change.features);
    remove::<Item>(edit, &change.items);
    remove::<Browser>(edit, &change.browsers);
    remove::<Participant>(edit, &change.participants);
}

/// Restores the rows, provided their names are still available and all rows they refer to exist. A row that keeps its name, and rows
/// that come back together, may have the same name: earlier versions took for different what now counts as the same.
fn restore_rows(edit: &mut BoardEdit, change: Change, action: &Action) -> Result<(), UndoConflict> {
    let together: BTreeSet<_> = change.participants.iter().filter_map(Edit::key).collect();
    for Edit { before, after } in change.participants {
        let Some(row) = after else { continue };
        let keeps_name = before.is_some_and(|before| before.name == row.name);
        let is_taken = edit
            .participants_named(&row.name)
            .any(|holder| !together.contains(&holder.id));
        if !keeps_name && is_taken {
            return Err(UndoConflict::NameTaken(row.name));
        }
        edit.put(row);
    }
    for row in change.browsers.into_iter().filter_map(|edit| edit.after) {
        if edit.participant(row.participant).is_none() {
            return Err(UndoConflict::BrowserChanged);
        }
        edit.put(row);
    }
    let together: BTreeSet<_> = change.items.iter().filter_map(Edit::key).collect();
    for Edit { before, after } in change.items {
        let Some(row) = after else { continue };
        let keeps_name = before.is_some_and(|before| before.is_live() && before.name == row.name);
        let is_taken = edit
            .items_named(&row.name)
            .any(|holder| !together.contains(&holder.id));
        if row.is_live() && !keeps_name && is_taken {
            return Err(UndoConflict::NameTaken(row.name));
        }
        if edit.participant(row.author).is_none() {
            return Err(UndoConflict::OwnerGone(row.name));
        }
        edit.put(row);
    }
    let together: BTreeSet<_> = change.features.iter().filter_map(Edit::key).collect();
    for Edit { before, after } in change.features {
        let Some(row) = after else { continue };
        let keeps_name = before.is_some_and(|before| {
            before.is_live() && before.item == row.item && before.name == row.name
        });
        let is_taken = edit
            .features_named(row.item, &row.name)
            .any(|holder| !together.contains(&holder.id));
        if row.is_live() && !keeps_name && is_taken {
            return Err(UndoConflict::NameTaken(row.name));
        }
        let owner_fits = row.item.is_none_or(|item| {
            edit.item(item)
                .is_some_and(|item| item.is_live() || !row.is_live())
        });
        if !owner_fits || edit.participant(row.author).is_none() {
            return Err(UndoConflict::OwnerGone(row.name));
        }
        edit.put(row);
    }
    for row in change.vetoes.into_iter().filter_map(|edit| edit.after) {
        if edit.feature(row.feature).is_none() || edit.participant(row.participant).is_none() {
            return Err(UndoConflict::VetoChanged(feature_name(edit, &row, action)));
        }
        edit.put(row);
    }
    for row in change.consents.into_iter().filter_map(|edit| edit.after) {
        if edit.participant(row.participant).is_none() {
            return Err(UndoConflict::BrowserChanged);
        }
        edit.put(row);
    }
    for row in change.settings.into_iter().filter_map(|edit| edit.after) {
        edit.put(row);
    }
    Ok(())
}

/// The object to show after an undo: the first live one it affected.
fn about(edit: &BoardEdit, event: &Event) -> Option<BoardObject> {
    let features = event.change.features.iter().filter_map(Edit::latest);
    let vetoes = event.change.vetoes.iter().filter_map(Edit::latest);
    let items = event.change.items.iter().filter_map(Edit::latest);
    let mut objects = features
        .map(|feature| BoardObject::Feature(feature.id))
        .chain(vetoes.map(|veto| BoardObject::Feature(veto.feature)))
        .chain(items.map(|item| BoardObject::Item(item.id)));
    objects.find(|object| match object {
        BoardObject::Feature(id) => edit.live_feature(*id).is_ok(),
        BoardObject::Item(id) => edit.live_item(*id).is_ok(),
    })
}
