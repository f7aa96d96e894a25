//! The messages of the stream that programs follow, as server-sent events (HTML standard, section 9.2).

use bytes::Bytes;
use serde::Serialize;

use super::resources::event::{EpochMessage, Event};
use crate::model::EventSummary;

/// How long a program waits before it reconnects.
const RETRY_MS: u32 = 1_000;

/// Keeps the connection open.
pub(super) const KEEP_ALIVE: &str = ": alive\n\n";

/// The last message of the stream of a board that was deleted.
pub(super) const DELETED: &str = "event: deleted\ndata: {}\n\n";

/// The first message: no event, but the number after which a program continues that reconnects before the first one.
pub(super) fn start(position: i64) -> String {
    format!(": following\nretry: {RETRY_MS}\nid: {position}\n\n")
}

/// One message for each event.
pub(super) fn events(events: &[EventSummary]) -> Bytes {
    let messages = events
        .iter()
        .map(|event| encode("event", event.number, &Event::from(event)));
    messages.collect::<String>().into()
}

/// A program that reconnects afterwards continues after the version that this message names.
pub(super) fn epoch(epoch: &EpochMessage) -> String {
    encode("epoch", epoch.version, epoch)
}

fn encode(name: &str, id: i64, data: &impl Serialize) -> String {
    // Cannot fail: every key is a string and nothing is fallible. JSON has no line breaks but escaped ones.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("id: {id}\nevent: {name}\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_their_framing() {
        assert_eq!(start(7), ": following\nretry: 1000\nid: 7\n\n");
        assert_eq!(KEEP_ALIVE, ": alive\n\n");
        let message = epoch(&EpochMessage {
            epoch: "1f\n".to_owned(),
            version: 3,
        });
        assert_eq!(
            message,
            "id: 3\nevent: epoch\ndata: {\"epoch\":\"1f\\n\",\"version\":3}\n\n"
        );
    }
}
