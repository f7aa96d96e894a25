//! Messages: what an endpoint is told about an event, in its format.

use std::sync::Arc;

use bytes::Bytes;
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::{decision::Decision, endpoint::Format, filter::CLOSED, text};
use crate::{
    model::{Board, BoardId, DecisionResult, Epoch, EventSummary, Slug, Timestamp},
    view::{self, Texts, result, url::BoardUrls},
};

/// The largest result in a message, in bytes. Receivers refuse large bodies.
const MAX_RESULT: usize = 256 * 1_024;

/// The type of a test message.
const TEST: &str = "savt.test";

/// A message.
pub(super) struct Message {
    /// Identifies the event: the same whenever it is sent.
    pub(super) id: String,
    pub(super) body: Bytes,
}

/// The board that messages are about.
pub(super) struct About {
    pub(super) board: BoardId,
    pub(super) epoch: Epoch,
    pub(super) slug: Slug,
    pub(super) name: String,
    /// None if nobody told SAVT its public address.
    pub(super) url: Option<String>,
    pub(super) texts: Arc<Texts>,
}

/// The path of a board's page.
pub(super) fn path(slug: &Slug) -> String {
    BoardUrls::new(slug).home()
}

/// The type of the message about an event.
pub(super) fn kind(event: &Value) -> &str {
    event["action"]["type"].as_str().unwrap_or_default()
}

impl About {
    /// The board, and the address at which it was.
    pub(super) fn address(&self) -> (BoardId, &Slug) {
        (self.board, &self.slug)
    }

    /// An event as the API sends it.
    pub(super) fn event(&self, event: &EventSummary, json: &Value, format: Format) -> Message {
        let body = match format {
            Format::Json => self.body(kind(json), json, None),
            Format::Text => self.text(&view::event_text(event, &self.texts)),
        };
        Message {
            id: self.id(event.number),
            body,
        }
    }

    /// A decision, with the board as the event left it.
    pub(super) fn decision(
        &self,
        decision: Decision,
        event: &EventSummary,
        json: &Value,
        board: &Board,
        format: Format,
    ) -> Message {
        let result = DecisionResult::new(board, event.at);
        let body = match format {
            Format::Json => self.body(decision.kind(), json, Some(document(&result))),
            Format::Text => self.text(&match decision {
                Decision::Agreed => view::agreed_text(&result, &self.texts),
                Decision::Closed => view::closed_text(&result, &self.texts),
            }),
        };
        Message {
            id: format!("{}-{}", self.id(event.number), decision.suffix()),
            body,
        }
    }

    /// That the deadline has closed a board after the event of this number, with the board as it was then.
    pub(super) fn deadline(
        &self,
        number: i64,
        board: &Board,
        deadline: Timestamp,
        format: Format,
    ) -> Message {
        let result = DecisionResult::new(board, deadline);
        let body = match format {
            Format::Json => {
                let at = deadline
                    .and_utc()
                    .to_rfc3339_opts(SecondsFormat::AutoSi, true);
                let mut data = self.data(&Value::Null);
                data["result"] = document(&result);
                message(CLOSED, &at.into(), data)
            }
            Format::Text => self.text(&view::closed_by_deadline_text(&result, &self.texts)),
        };
        Message {
            id: format!("{}-deadline", self.id(number)),
            body,
        }
    }

    fn id(&self, number: i64) -> String {
        format!("{}-{}-{number}", self.board, self.epoch)
    }

    fn body(&self, kind: &str, event: &Value, result: Option<Value>) -> Bytes {
        let mut data = self.data(event);
        if let Some(result) = result {
            data["result"] = result;
        }
        message(kind, &event["at"], data)
    }

    fn data(&self, event: &Value) -> Value {
        json!({
            "board": {"slug": self.slug.as_str(), "name": self.name, "url": self.url},
            "event": event,
        })
    }

    fn text(&self, text: &str) -> Bytes {
        chat(&text::line(&self.name, text, self.url.as_deref()))
    }
}

/// The result as `/result.json` has it; null if it is too large.
fn document(result: &DecisionResult) -> Value {
    let document = result::json(result);
    match document.len() <= MAX_RESULT {
        true => serde_json::from_str(&document).unwrap_or_default(),
        false => Value::Null,
    }
}

fn message(kind: &str, at: &Value, data: Value) -> Bytes {
    let message = json!({"type": kind, "timestamp": at, "data": data});
    message.to_string().into()
}

/// A message that tests an endpoint.
pub(super) fn test(id: String, at: &str, format: Format) -> Message {
    let body = match format {
        Format::Json => json!({"type": TEST, "timestamp": at, "data": {}})
            .to_string()
            .into(),
        Format::Text => chat("[SAVT] This is a test."),
    };
    Message { id, body }
}

fn chat(line: &str) -> Bytes {
    json!({ "text": line }).to_string().into()
}
