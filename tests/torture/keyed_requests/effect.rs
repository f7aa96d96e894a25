//! What a request did, as its answer tells it and as the log tells it: the same text, with the names and numbers that only this
//! request led to.

use savt::model::{Action, Edit, Event};
use serde_json::Value;

/// A new item or feature, or a participant who joined: what it is, its name and its id.
pub fn created(kind: &str, answer: &Value) -> String {
    let name = answer["name"].as_str().unwrap_or_default();
    format!("{kind} {name} with id {}", answer["id"])
}

/// A feature that was suggested again.
pub fn added(answer: &Value) -> String {
    let name = answer["name"].as_str().unwrap_or_default();
    format!("added {name}, now {}", answer["amount"])
}

/// What an operation did that answers with its event.
pub fn happened(what: &str, answer: &Value) -> String {
    format!("{what} as event {}", answer["event"]["number"])
}

pub fn merge(item: &str, into: &str) -> String {
    format!("merge {item} into {into}")
}

pub fn split(item: &str) -> String {
    format!("split {item}")
}

pub fn undo(number: i64) -> String {
    format!("undo {number}")
}

/// What an event did.
pub fn of_event(event: &Event) -> String {
    let number = event.number;
    match &event.action {
        Action::Joined => {
            let actor = &event.actor;
            format!("participant {} with id {}", actor.name, actor.id)
        }
        Action::CreatedItem { item, .. } => {
            let ids = event.change.items.iter().filter_map(Edit::latest);
            let ids: Vec<String> = ids.map(|item| item.id.to_string()).collect();
            format!("item {item} with id {}", ids.join(" "))
        }
        Action::Suggested { feature, .. } => {
            let ids = event.change.features.iter().filter_map(Edit::latest);
            let ids: Vec<String> = ids.map(|feature| feature.id.to_string()).collect();
            format!("feature {feature} with id {}", ids.join(" "))
        }
        Action::Added {
            feature, amount, ..
        } => format!("added {feature}, now {}", amount.get()),
        Action::Merged { item, into, .. } => {
            format!("{} as event {number}", merge(item.as_str(), into.as_str()))
        }
        Action::Split { item, .. } => format!("{} as event {number}", split(item.as_str())),
        Action::Undid { number: undone, .. } | Action::Redid { number: undone, .. } => {
            format!(
                "{} as event {number}",
                undo(event.undoes.unwrap_or(*undone))
            )
        }
        action => format!("event {number}, which no request asked for: {action:?}"),
    }
}
