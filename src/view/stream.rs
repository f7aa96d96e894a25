//! The messages of a board's stream, as server-sent events (HTML standard, section 9.2).

use std::fmt::Write;

/// How long a browser waits before it reconnects. Short, because it then gets only what it missed.
const RETRY_MS: u32 = 1_000;

/// The first message of a stream. `current` is the number of the last event if the browser has missed nothing.
pub fn hello(current: Option<i64>) -> String {
    let id = current.map(|number| format!("id: {number}\n"));
    format!(
        "retry: {RETRY_MS}\n{}event: hello\ndata:\n\n",
        id.unwrap_or_default()
    )
}

/// Fragments that bring a page up to the event with this number.
pub fn changes(number: i64, fragments: &str) -> String {
    message(&format!("id: {number}\n"), fragments)
}

/// Fragments that belong to no event, such as the presence count.
pub fn ephemeral(fragments: &str) -> String {
    message("", fragments)
}

/// The browser missed more than is sent as fragments: it has to reload the page.
pub const RELOAD: &str = "event: reload\ndata:\n\n";

/// Keeps the connection open: a comment for proxies, which close silent connections, and an event for the page's script,
/// which does not see comments.
pub const KEEP_ALIVE: &str = ": alive\nevent: alive\ndata:\n\n";

fn message(head: &str, text: &str) -> String {
    let mut message = String::with_capacity(head.len() + text.len() + 16);
    message.push_str(head);
    for line in text.split('\n') {
        // Writing to a String cannot fail.
        let _ = writeln!(message, "data: {line}");
    }
    message.push('\n');
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_message_is_a_data_field() {
        assert_eq!(
            changes(7, "<p>a\nb</p>"),
            "id: 7\ndata: <p>a\ndata: b</p>\n\n"
        );
        assert_eq!(ephemeral("<p>"), "data: <p>\n\n");
    }

    #[test]
    fn messages_keep_their_framing() {
        assert_eq!(
            hello(Some(45)),
            "retry: 1000\nid: 45\nevent: hello\ndata:\n\n"
        );
        assert_eq!(hello(None), "retry: 1000\nevent: hello\ndata:\n\n");
        assert_eq!(RELOAD, "event: reload\ndata:\n\n");
        assert_eq!(KEEP_ALIVE, ": alive\nevent: alive\ndata:\n\n");
    }

    #[test]
    fn hello_has_an_id_only_if_the_browser_is_up_to_date() {
        assert!(hello(Some(45)).contains("\nid: 45\n"));
        assert!(!hello(None).contains("id:"));
    }
}
