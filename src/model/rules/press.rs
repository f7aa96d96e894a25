//! A double press on the button of a form without scripts sends the form twice. The second command is answered like the first and
//! changes nothing.

use super::closing;
use crate::model::{
    action::Action,
    amount::Amount,
    board::Board,
    change::Edit,
    command::BoardAction,
    decision::Decision,
    event::Event,
    feature::Feature,
    id::{BoardObject, ParticipantId, Timestamp},
    item::Item,
    name::{Kind, Name},
    participant::BrowserId,
};

/// The answer to a command that repeats the latest creation, or the closing of the board, by the same participant; none if the
/// command is another one, or if too much time has passed, or if what was created no longer exists.
pub(in crate::model) fn repeated(
    board: &Board,
    by: &BrowserId,
    action: &BoardAction,
    at: Timestamp,
) -> Option<Decision> {
    let actor = board.actor(by)?.id;
    if let BoardAction::Close(outcome) = action {
        let repeats = closing::is_repeated(board, outcome, actor, at);
        return repeats.then(|| unchanged(board, None, last_event_if_closing(board)));
    }
    let event = latest_creation(board, actor, at)?;
    let about = created_object(board, event)?;
    is_repeated(action, event).then(|| unchanged(board, Some(about), Some(event.number)))
}

fn unchanged(board: &Board, about: Option<BoardObject>, repeats: Option<i64>) -> Decision {
    Decision {
        board: board.clone(),
        events: Vec::new(),
        about,
        note: None,
        repeats,
    }
}

/// The number of the last event, if it is of the moment in which the board was closed. Afterwards somebody may have taken a name.
fn last_event_if_closing(board: &Board) -> Option<i64> {
    let closed_at = board.closing()?.at;
    (board.last_event_at() == Some(closed_at)).then(|| board.version())
}

fn latest_creation(board: &Board, actor: ParticipantId, at: Timestamp) -> Option<&Event> {
    board
        .recent_creations(at)
        .find(|event| event.actor.id == actor)
}

/// The first item or the feature of a creation, if it is as the event left it.
fn created_object(board: &Board, event: &Event) -> Option<BoardObject> {
    if let Some(item) = created_items(event).next() {
        let current = board.live_item(item.id).ok()?;
        return (current == item).then_some(BoardObject::Item(item.id));
    }
    let feature = event.change.features.first()?.after.as_ref()?;
    let current = board.live_feature(feature.id).ok()?;
    (current == feature).then_some(BoardObject::Feature(feature.id))
}

fn is_repeated(action: &BoardAction, event: &Event) -> bool {
    match (action, &event.action) {
        (
            BoardAction::CreateItem {
                name,
                kind,
                fallback,
            },
            Action::CreatedItem {
                item,
                kind: created,
                wanted,
            },
        ) => {
            let same_name = match (name, wanted) {
                (Some(name), Some(wanted)) => name == wanted,
                (Some(name), None) => name == item,
                (None, Some(_)) => false,
                (None, None) => is_numbered(item, fallback),
            };
            same_name && kind == created
        }
        (BoardAction::CreateItems { names, kind }, Action::CreatedItems { .. }) => {
            created_items(event).count() == names.len()
                && created_items(event)
                    .zip(names)
                    .all(|(item, name)| is_item_for(item, name, kind.as_ref()))
        }
        (
            BoardAction::Suggest { name, amount, item },
            Action::Suggested { feature, .. } | Action::Added { feature, .. },
        ) => {
            let [edit] = event.change.features.as_slice() else {
                return false;
            };
            // The name of an existing feature may have been typed in another case.
            let same_name = match edit.before {
                Some(_) => feature.key() == name.key(),
                None => feature == name,
            };
            same_name
                && edit.latest().is_some_and(|feature| feature.item == *item)
                && requested_amount(edit, &event.action) == i64::from(amount.get())
        }
        _ => false,
    }
}

fn created_items(event: &Event) -> impl Iterator<Item = &Item> {
    let items = event.change.items.iter();
    items.filter_map(|edit| edit.after.as_ref())
}

/// Whether this item was made for this name, which may have been taken.
fn is_item_for(item: &Item, name: &Name, kind: Option<&Kind>) -> bool {
    item.kind.as_ref() == kind && (item.name == *name || is_numbered(&item.name, name))
}

/// Whether a name is another one with a number appended.
fn is_numbered(name: &Name, base: &Name) -> bool {
    let number = name.as_str().rsplit_once('-');
    let number = number.and_then(|(_, number)| number.parse().ok());
    number.is_some_and(|number| base.numbered(number) == *name)
}

/// How much the sender of a suggestion asked for.
fn requested_amount(edit: &Edit<Feature>, action: &Action) -> i64 {
    let amount = |row: &Option<Feature>| {
        let amount = row.as_ref().map(|feature| feature.amount.get());
        amount.map_or(0, i64::from)
    };
    let over = match action {
        Action::Added { over, .. } => over.map_or(0, Amount::get),
        _ => 0,
    };
    amount(&edit.after) - amount(&edit.before) + i64::from(over)
}
