//! Rule 17: a new board starts with the content of another one, or of a template.

use std::mem;

use serde::Serialize;

use super::{item::available_name, limit::json_bytes};
use crate::model::{
    action::Action,
    board::{Board, BoardEdit, Row},
    change::Edit,
    content::{BoardContent, FeatureContent, ItemContent},
    event::{Actor, Event},
    feature::Feature,
    id::{FeatureId, ItemId, Timestamp},
    item::Item,
    name::Name,
    setting::Setting,
};

/// Adds all of a content to a board: one event, or several if one would have more than `event_bytes`. An item whose name is taken
/// gets the next available number; the amount of a feature that exists is added to it.
pub(in crate::model) fn fill(
    board: &Board,
    content: &BoardContent,
    actor: &Actor,
    event_bytes: usize,
    at: Timestamp,
) -> (Board, Vec<Event>) {
    let mut filling = Filling {
        edit: BoardEdit::new(board),
        events: Vec::new(),
        from: content.from.as_ref(),
        actor,
        event_bytes,
        at,
        bytes: 0,
        items: 0,
        features: 0,
    };
    filling.setting(content.purpose.clone().map(Setting::Purpose));
    filling.setting(content.terminology.clone().map(Setting::Terminology));
    for item in &content.items {
        let id = filling.item(item);
        for feature in &item.features {
            filling.feature(Some(id), feature);
        }
    }
    for feature in &content.features {
        filling.feature(None, feature);
    }
    filling.finish()
}

/// The event that is being made, and those before it.
struct Filling<'c> {
    edit: BoardEdit,
    events: Vec<Event>,
    from: Option<&'c Name>,
    actor: &'c Actor,
    event_bytes: usize,
    at: Timestamp,
    /// An upper bound of the bytes of the change so far, and what it added.
    bytes: usize,
    items: usize,
    features: usize,
}

/// An upper bound of the JSON of a change without its rows.
const EMPTY_CHANGE_BYTES: usize = 64;

impl Filling<'_> {
    /// Makes a setting; without one, that of the board stays.
    fn setting(&mut self, setting: Option<Setting>) {
        if let Some(setting) = setting {
            self.reserve(&Edit {
                before: Setting::find(&self.edit, &setting.key()),
                after: Some(setting.clone()),
            });
            self.edit.put(setting);
        }
    }

    fn item(&mut self, content: &ItemContent) -> ItemId {
        let (author, created) = (self.actor.id, self.at);
        let item = |board: &BoardEdit| Item {
            id: ItemId(board.counters().item + 1),
            name: available_name(board, &content.name, None),
            kind: content.kind.clone(),
            author,
            created,
            deleted: None,
            note: content.note.clone(),
            added_by_event: board.next_event(),
        };
        self.reserve(&Edit {
            before: None,
            after: Some(item(&self.edit)),
        });
        let item = item(&self.edit);
        let id = item.id;
        self.edit.put(item);
        self.items += 1;
        id
    }

    fn feature(&mut self, item: Option<ItemId>, content: &FeatureContent) {
        let (author, created) = (self.actor.id, self.at);
        let existing = self.edit.feature_named(item, &content.name).cloned();
        let feature = |board: &BoardEdit| match &existing {
            Some(existing) => Feature {
                amount: existing.amount.add_capped(content.amount).0,
                remainder: false,
                ..existing.clone()
            },
            None => Feature {
                id: FeatureId(board.counters().feature + 1),
                item,
                name: content.name.clone(),
                amount: content.amount,
                author,
                created,
                deleted: None,
                remainder: false,
                added_by_event: board.next_event(),
            },
        };
        self.reserve(&Edit {
            before: existing.clone(),
            after: Some(feature(&self.edit)),
        });
        let feature = feature(&self.edit);
        self.edit.put(feature);
        self.features += 1;
    }

    /// Ends the event if this row would make it too large: the row is then part of the next one.
    fn reserve<R: Serialize>(&mut self, row: &Edit<R>) {
        // A comma follows the row.
        let bytes = json_bytes(row).saturating_add(1);
        let total = EMPTY_CHANGE_BYTES
            .saturating_add(self.bytes)
            .saturating_add(bytes);
        if self.bytes > 0 && total > self.event_bytes {
            self.end_event();
        }
        self.bytes += bytes;
    }

    fn end_event(&mut self) {
        let next = BoardEdit::new(&self.edit);
        let (mut board, change) = mem::replace(&mut self.edit, next).finish();
        if !change.is_empty() {
            let action = Action::Filled {
                from: self.from.cloned(),
                items: self.items,
                features: self.features,
            };
            let actor = self.actor.clone();
            let event = board.record(actor, action, change, None, self.at);
            self.events.push(event);
        }
        self.edit = BoardEdit::new(&board);
        (self.bytes, self.items, self.features) = (0, 0, 0);
    }

    fn finish(mut self) -> (Board, Vec<Event>) {
        self.end_event();
        let (board, _) = self.edit.finish();
        (board, self.events)
    }
}
