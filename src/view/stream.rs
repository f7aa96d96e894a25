//! The words of a board's stream: server-sent events (HTML standard, section 9.2), each as it goes to the browser.

use std::fmt::Write;

/// How long a browser waits before it comes back, in milliseconds: short, for it is told what it missed.
const RETRY_MS: u32 = 1_000;

/// The first message: the stream is open, and what follows is what the browser lacks. `current` is the number of the
/// last event it has, if it lacks nothing.
pub fn hello(current: Option<i64>) -> String {
    let id = current.map(|number| format!("id: {number}\n"));
    format!(
        "retry: {RETRY_MS}\n{}event: hello\ndata:\n\n",
        id.unwrap_or_default()
    )
}

/// Fragments that bring a page to the event of this number.
pub fn changes(number: i64, fragments: &str) -> String {
    message(&format!("id: {number}\n"), fragments)
}

/// Fragments that belong to no event.
pub fn aside(fragments: &str) -> String {
    message("", fragments)
}

/// The browser missed more than is told piece by piece: it has to load the board again.
pub const RELOAD: &str = "event: reload\ndata:\n\n";

/// A comment for proxies, which end what is silent for long, and a word for the page, which sees no comments: the
/// stream is alive.
pub const ALIVE: &str = ": alive\nevent: alive\ndata:\n\n";

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
    fn a_message_keeps_its_lines() {
        assert_eq!(
            changes(7, "<p>a\nb</p>"),
            "id: 7\ndata: <p>a\ndata: b</p>\n\n"
        );
        assert_eq!(aside("<p>"), "data: <p>\n\n");
    }

    #[test]
    fn messages_keep_their_framing() {
        assert_eq!(
            hello(Some(45)),
            "retry: 1000\nid: 45\nevent: hello\ndata:\n\n"
        );
        assert_eq!(hello(None), "retry: 1000\nevent: hello\ndata:\n\n");
        assert_eq!(RELOAD, "event: reload\ndata:\n\n");
        assert_eq!(ALIVE, ": alive\nevent: alive\ndata:\n\n");
    }

    #[test]
    fn a_browser_that_lacks_nothing_is_told_where_it_is() {
        assert!(hello(Some(45)).contains("\nid: 45\n"));
        assert!(!hello(None).contains("id:"));
    }
}
