//! Times in UTC, as text in the reader's language. The page's script converts them to the local time zone.

use chrono::Datelike;
use maud::{Markup, html};

use super::language::{Message, Texts, message};
use crate::model::Timestamp;

/// A `time` element: to the second for programs, to the minute for people.
pub(super) fn time(at: Timestamp, texts: &Texts) -> Markup {
    html! {
        time datetime=(at.format("%Y-%m-%dT%H:%M:%SZ")) { (to_the_minute(at, texts)) }
    }
}

/// A time as plain text.
pub(super) fn to_the_minute(at: Timestamp, texts: &Texts) -> String {
    let message = with_date_and_time(message("date-and-time"), at);
    texts.text(message).into_owned()
}

/// Adds the arguments of the message `date-and-time`, to which the text of a message may refer.
pub(super) fn with_date_and_time<'a>(message: Message<'a>, at: Timestamp) -> Message<'a> {
    message
        .number("day", at.day())
        .number("month", at.month())
        .number("year", at.year())
        .text("time", at.format("%H:%M").to_string())
}
