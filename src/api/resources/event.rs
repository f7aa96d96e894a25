//! Events: what happened on a board.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::{action::Action, time::rfc_3339};
use crate::model::{self, EventSummary};

/// One recorded change of a board.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Event {
    /// Counted by the board from 1, without gaps.
    #[schema(minimum = 1, example = 7)]
    pub(in crate::api) number: i64,
    #[schema(format = DateTime, example = "2030-01-02T18:00:00Z")]
    at: String,
    actor: Actor,
    action: Action,
    /// The number of the event that this one undoes.
    #[schema(required, minimum = 1)]
    undoes: Option<i64>,
}

/// The participant who acted; the operator of the installation is none and has the id 0.
#[derive(Serialize, ToSchema)]
struct Actor {
    #[schema(minimum = 0, example = 1)]
    id: i64,
    /// The name at that time.
    #[schema(example = "Ann")]
    name: String,
}

/// Some events, in order.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Events {
    pub(in crate::api) events: Vec<Event>,
    /// Send it as `after` for the next page; null if there are no more events yet.
    #[schema(required)]
    pub(in crate::api) next: Option<i64>,
}

/// The numbers that a follower knows belong to another history of the board.
#[derive(Serialize)]
pub(in crate::api) struct EpochMessage {
    /// The `epoch` of the board now.
    pub(in crate::api) epoch: String,
    /// The `version` of the board now.
    pub(in crate::api) version: i64,
}

impl From<&EventSummary> for Event {
    fn from(event: &EventSummary) -> Event {
        Event {
            number: event.number,
            at: rfc_3339(event.at),
            actor: Actor {
                id: event.actor.id.0,
                name: event.actor.name.to_string(),
            },
            action: Action::from(&event.action),
            undoes: match event.action {
                model::Action::Undid { number, .. } | model::Action::Redid { number, .. } => {
                    Some(number)
                }
                _ => None,
            },
        }
    }
}

/// An event as the API sends it.
pub(crate) fn event_json(event: &EventSummary) -> Value {
    // Cannot fail: every key is a string and nothing is fallible.
    serde_json::to_value(Event::from(event)).unwrap_or_default()
}

/// The schema of server-sent events, which are text.
pub(in crate::api) struct EventStream;

impl PartialSchema for EventStream {
    fn schema() -> RefOr<Schema> {
        let description = "Server-sent events, without end: messages `event` with an `Event` as `data:`, a message `epoch` if the history is another one, and a message `deleted` if the board was deleted.";
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some(description)).into()
    }
}

impl ToSchema for EventStream {
    fn name() -> Cow<'static, str> {
        "EventStream".into()
    }
}
